// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Units.h"
#include "mail/Draft.h"
#include "ui/Theme.h"

#include <QFrame>
#include <optional>
#include <stop_token>

class QLabel;
class QToolButton;

namespace sealpost::ui {

class IconLabel;

//! One attachment: name, size, and a word on what was found in it. Delete removes it.
class AttachmentChip final : public QFrame {
    Q_OBJECT
public:
    AttachmentChip(mail::Attachment attachment, QWidget *parent);

    [[nodiscard]] const mail::Attachment &attachment() const { return m_attachment; }
    [[nodiscard]] QString stateText() const { return m_stateText; }
    [[nodiscard]] bool isInError() const { return m_inError; }
    void setSize(std::optional<ByteCount> size);
    enum class Severity { Neutral, Clean, Finding, Error };
    void setState(Severity severity, const QString &text, const QString &tip = {});
    //! It is being looked into, this far, from 0 to 1; below 0 where that can't be told.
    void setProgress(double share);
    [[nodiscard]] bool isLooking() const { return m_looking; }
    //! Draws the eye to it for a moment.
    void flash();
    [[nodiscard]] bool isFlashing() const { return m_flashing; }
    //! Ends a look into it; the last one's token.
    [[nodiscard]] std::stop_token startLooking();
    void stopLooking();
    ~AttachmentChip() override;

signals:
    void removeRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();

    mail::Attachment m_attachment;
    std::optional<ByteCount> m_size;
    QString m_stateText;
    bool m_inError = false;
    bool m_looking = false;
    bool m_flashing = false;
    double m_share = -1;
    std::stop_source m_stop;
    IconLabel *m_icon;
    QLabel *m_name;
    QLabel *m_state;
    QToolButton *m_remove;
};

} // namespace sealpost::ui
