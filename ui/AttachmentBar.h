// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"

#include <QWidget>
#include <optional>
#include <vector>

class QPushButton;

namespace sealpost::ui {

class AttachmentChip;
class FlowLayout;

//! The attachments, each with its size and what the scan says of it, and a button to add more.
class AttachmentBar final : public QWidget {
    Q_OBJECT
public:
    AttachmentBar(ComposeService &service, QWidget *parent = nullptr);

    [[nodiscard]] std::vector<mail::Attachment> attachments() const;
    void setAttachments(const std::vector<mail::Attachment> &attachments);
    void add(const QStringList &paths);
    void apply(const Preview &preview);
    void setOutdated();
    //! Puts the focus on it and draws the eye to it; null where it is not there any more.
    AttachmentChip *showAttachment(const QString &name);
    [[nodiscard]] const std::vector<AttachmentChip *> &chips() const { return m_chips; }

signals:
    void changed();
    void addRequested();
    //! By the person; what was being looked into is not looked into any further.
    void removed(const QString &name);
    //! One more file has been looked into: there is more to preview.
    void lookedInto();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void addChip(const mail::Attachment &attachment);
    void removeChip(AttachmentChip *chip);
    void lookInto(AttachmentChip *chip);
    void showFound(AttachmentChip *chip, const Preview &preview) const;
    void fitHeight();

    ComposeService &m_service;
    FlowLayout *m_flow;
    QWidget *m_anchor;
    QPushButton *m_button;
    std::vector<AttachmentChip *> m_chips;
};

} // namespace sealpost::ui
