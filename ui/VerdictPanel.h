// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "receive/OpenedMessage.h"
#include "ui/Theme.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace sealpost::ui {

//! What is proven of a received message, in words of ours alone: it stands above everything that
//! somebody else wrote, in a part of the window that no message can draw into.
class VerdictPanel final : public QFrame {
    Q_OBJECT
public:
    explicit VerdictPanel(QWidget *parent = nullptr);
    void showOpening();
    void showError(const Error &error);
    void showMessage(const receive::OpenedMessage &message);
    //! In the place of the offer to keep the signer's certificate.
    void showKept(const QString &text);

    [[nodiscard]] QString title() const;
    [[nodiscard]] Tone tone() const { return m_tone; }

signals:
    //! It has other words in it, or other room: it may want another height.
    void heightChanged();
    void keepRequested();
    //! The person wants to know more of the signer's certificate.
    void checkRequested(const std::string &fingerprint);

protected:
    bool event(QEvent *event) override;

private:
    void begin(Tone tone, const QString &icon, const QString &title);
    void addSentence(const QString &text);
    void addNotes(const receive::OpenedMessage &message);
    void addActions(const receive::OpenedMessage &message);

    QVBoxLayout *m_column;
    QVBoxLayout *m_offer = nullptr;
    QLabel *m_title = nullptr;
    Tone m_tone = Tone::Neutral;
};

} // namespace sealpost::ui
