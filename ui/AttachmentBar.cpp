// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/AttachmentBar.h"

#include "ui/AttachmentChip.h"
#include "ui/FlowLayout.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "wording/Wording.h"

#include <QFileInfo>
#include <QPushButton>
#include <algorithm>

namespace sealpost::ui {
namespace {

constexpr qsizetype kMostInTip = 5;

std::filesystem::path toPath(const QString &path) {
#ifdef Q_OS_WIN
    return std::filesystem::path(path.toStdWString());
#else
    return std::filesystem::path(QFile::encodeName(path).toStdString());
#endif
}

//! Whether what was skipped is the attachment of this name, or inside it.
bool isOf(const std::string &name, const scan::Skipped &skipped) {
    return skipped.path == name || skipped.path.starts_with(name + '/');
}

QString tipOf(const QStringList &said) {
    const auto shown = said.mid(0, kMostInTip).join(QLatin1Char('\n'));
    return said.size() > kMostInTip ? shown + QStringLiteral("\n…") : shown;
}

} // namespace

AttachmentBar::AttachmentBar(ComposeService &service, QWidget *parent)
    : QWidget(parent), m_service(service), m_flow(new FlowLayout(this, kSpaceS)),
      m_anchor(makeTabAnchor(this)), m_button(makeLinkButton(tr("&Attach files…"))) {
    m_flow->setContentsMargins(0, 0, 0, 0);
    m_button->setIcon(themedIcon(QStringLiteral("attach")));
    m_button->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    describe(m_button, tr("Attach files"),
             tr("Adds files to the message. You can also drop files onto the window. Each file is "
                "looked through before it is sent."));
    connect(m_button, &QPushButton::clicked, this, &AttachmentBar::addRequested);
    m_flow->addWidget(m_button);
}

std::vector<mail::Attachment> AttachmentBar::attachments() const {
    std::vector<mail::Attachment> all;
    for (const auto *chip : m_chips) {
        all.push_back(chip->attachment());
    }
    return all;
}

void AttachmentBar::setAttachments(const std::vector<mail::Attachment> &attachments) {
    while (!m_chips.empty()) {
        auto *chip = m_chips.back();
        m_chips.pop_back();
        delete chip;
    }
    for (const auto &attachment : attachments) {
        addChip(attachment);
    }
    fitHeight();
    emit changed();
}

void AttachmentBar::add(const QStringList &paths) {
    for (const auto &path : paths) {
        const auto file = toPath(path);
        const bool known = std::any_of(m_chips.begin(), m_chips.end(), [&](const auto *chip) {
            return chip->attachment().path == file;
        });
        if (!known) {
            addChip({file, QFileInfo(path).fileName().toStdString()});
        }
    }
    fitHeight();
    emit changed();
}

void AttachmentBar::addChip(const mail::Attachment &attachment) {
    auto *chip = new AttachmentChip(attachment, this);
    m_flow->insertBeforeLast(chip);
    m_chips.push_back(chip);
    chip->show();
    setTabOrder(m_chips.size() > 1 ? m_chips.at(m_chips.size() - 2) : m_anchor, chip);
    connect(chip, &AttachmentChip::removeRequested, this, [this, chip] { removeChip(chip); });
    // A file may be on a slow disk or a network: even its size is asked for elsewhere.
    onFinished(chip, m_service.fileSize(attachment.path), [chip](const Result<ByteCount> &size) {
        chip->setSize(size ? std::optional(*size) : std::nullopt);
    });
    lookInto(chip);
}

//! In the background, until it is through or the chip goes.
void AttachmentBar::lookInto(AttachmentChip *chip) {
    const auto stop = chip->startLooking();
    onEvents(chip, m_service.lookInto(chip->attachment(), stop),
             [this, chip, stop](const AttachmentEvent &event) {
                 if (stop.stop_requested()) {
                     return;
                 }
                 if (const auto *share = std::get_if<double>(&event)) {
                     chip->setProgress(*share);
                     fitHeight();
                     return;
                 }
                 chip->stopLooking();
                 emit lookedInto();
             });
}

void AttachmentBar::removeChip(AttachmentChip *chip) {
    const auto place = std::find(m_chips.begin(), m_chips.end(), chip);
    if (place == m_chips.end()) {
        return;
    }
    chip->stopLooking();
    const bool hadFocus = chip->hasFocus();
    const auto next = m_chips.erase(place);
    chip->hide();
    m_flow->removeWidget(chip);
    chip->deleteLater();
    if (hadFocus) {
        next == m_chips.end() ? m_button->setFocus() : (*next)->setFocus();
    }
    fitHeight();
    emit changed();
    emit removed(toQString(chip->attachment().name));
}

void AttachmentBar::apply(const Preview &preview) {
    using Severity = AttachmentChip::Severity;
    const auto &pending = preview.pending;
    for (auto *chip : m_chips) {
        const auto &path = chip->attachment().path;
        if (const auto error = preview.attachmentErrors.find(path);
            error != preview.attachmentErrors.end()) {
            const auto text = wording::text(error->second);
            chip->setState(Severity::Error, tr("Can’t be attached"),
                           text.what + QLatin1Char(' ') + text.next);
        } else if (chip->isLooking()) {
            continue;
        } else if (std::find(pending.begin(), pending.end(), path) != pending.end()) {
            lookInto(chip); // the file has changed since
        } else if (preview.problem) {
            chip->setState(Severity::Neutral, tr("Not checked"));
        } else {
            showFound(chip, preview);
        }
    }
    fitHeight();
}

void AttachmentBar::showFound(AttachmentChip *chip, const Preview &preview) const {
    using Severity = AttachmentChip::Severity;
    const auto &name = chip->attachment().name;
    const auto &plan = *preview.plan;
    QStringList said;
    for (const auto &finding : plan.findings) {
        if (finding.location.source == name && scan::stands(finding)) {
            said << wording::findingName(finding);
        }
    }
    const auto found = said.size();
    bool whole = false;
    for (const auto &one : plan.skipped) {
        if (isOf(name, one)) {
            said << wording::text(one);
            whole = whole || one.path == name;
        }
    }
    if (found > 0) {
        chip->setState(Severity::Finding,
                       found == 1 ? tr("1 finding") : tr("%1 findings").arg(found), tipOf(said));
    } else if (!said.isEmpty()) {
        chip->setState(Severity::Finding, whole ? tr("Not looked into") : tr("Not all looked into"),
                       tipOf(said));
    } else {
        chip->setState(Severity::Clean, tr("Nothing found"));
    }
}

void AttachmentBar::setOutdated() {
    for (auto *chip : m_chips) {
        if (chip->stateText() == tr("Not checked")) {
            chip->setState(AttachmentChip::Severity::Neutral, tr("Checking…"));
        }
    }
}

AttachmentChip *AttachmentBar::showAttachment(const QString &name) {
    for (auto *chip : m_chips) {
        if (toQString(chip->attachment().name) == name) {
            chip->setFocus();
            chip->flash();
            return chip;
        }
    }
    return nullptr;
}

void AttachmentBar::resizeEvent(QResizeEvent *event) {
    QWidget::resizeEvent(event);
    fitHeight();
}

void AttachmentBar::fitHeight() {
    m_flow->invalidate();
    setFixedHeight(std::max(m_button->sizeHint().height(), m_flow->heightForWidth(width())));
}

} // namespace sealpost::ui
