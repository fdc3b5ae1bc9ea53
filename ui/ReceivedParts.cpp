// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ReceivedParts.h"

#include "base/SizeText.h"
#include "receive/SafeFiles.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/Rows.h"
#include "ui/ScrollArea.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

namespace sealpost::ui {
namespace {

constexpr int kMostRowsSeen = 3;
constexpr std::size_t kMostRows = 200; //!< more are saved all at once

bool isMessage(const mail::MessagePart &part) {
    return part.mediaType == "message/rfc822" || part.mediaType == "application/pkcs7-mime" ||
           part.mediaType == "application/x-pkcs7-mime";
}

QString sizeOf(const mail::MessagePart &part) {
    return toQString(base::sizeText(part.content.size()));
}

} // namespace

QString nameOf(const mail::MessagePart &part, std::size_t index) {
    return receive::harmlessName(part.fileName,
                                 isMessage(part) ? QStringLiteral("message-%1.eml").arg(index + 1)
                                                 : QStringLiteral("part-%1").arg(index + 1));
}

ReceivedParts::ReceivedParts(QWidget *parent)
    : QWidget(parent), m_title(makeLabel({}, TextStyle::Strong)),
      m_saveAll(makeLinkButton(tr("Save &all…"))) {
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceXs);
    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    describe(m_saveAll, tr("Save all attachments"),
             tr("Saves them into a folder. Nothing that is there is written over."));
    connect(m_saveAll, &QPushButton::clicked, this, &ReceivedParts::saveAllRequested);
    head->addWidget(m_saveAll);
    column->addLayout(head);
    auto *inner = new QWidget;
    setLook(inner, "clear");
    m_rows = new QVBoxLayout(inner);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(kSpaceXs);
    auto *scroll = makeScrollArea(inner);
    column->addWidget(scroll);
    m_scroll = scroll;
    hide();
}

void ReceivedParts::setParts(const std::vector<mail::MessagePart> &parts) {
    clearLayout(m_rows);
    setVisible(!parts.empty());
    m_title->setText(parts.size() == 1 ? tr("One attachment")
                                       : tr("%1 attachments").arg(parts.size()));
    m_saveAll->setVisible(parts.size() > 1);
    for (std::size_t i = 0; i < std::min(parts.size(), kMostRows); ++i) {
        m_rows->addWidget(makeRow(parts[i], i));
    }
    const int rows = std::min(static_cast<int>(parts.size()), kMostRowsSeen);
    const int row = std::max(fontMetrics().height(), 18) + 18 + kSpaceXs;
    m_scroll->setFixedHeight(rows * row);
}

QWidget *ReceivedParts::makeRow(const mail::MessagePart &part, std::size_t index) {
    const auto name = nameOf(part, index);
    const bool runs = receive::runsWhenOpened(name);
    auto *frame = new QFrame;
    setTone(frame, runs ? Tone::Caution : Tone::Neutral);
    auto *row = new QHBoxLayout(frame);
    row->setContentsMargins(kSpaceS, 2, kSpaceS, 2);
    row->setSpacing(kSpaceS);
    row->addWidget(
        new IconLabel(themedIcon(runs ? QStringLiteral("warning") : QStringLiteral("file"),
                                 runs ? Tone::Caution : Tone::Neutral)));
    auto text = QStringLiteral("%1 (%2)").arg(name, sizeOf(part));
    if (runs) {
        text = tr("%1 – can do harm when it is opened").arg(text);
    }
    auto *label = makeLabel(breakable(text));
    label->setToolTip(toQString(part.mediaType).toHtmlEscaped());
    row->addWidget(label, 1);
    if (isMessage(part)) {
        auto *open = makeLinkButton(tr("Open"));
        describe(open, tr("Open %1").arg(name),
                 tr("Verifies this message by itself and shows it in a window of its own."));
        connect(open, &QPushButton::clicked, this, [this, index] { emit openRequested(index); });
        row->addWidget(open);
    }
    auto *save = makeLinkButton(tr("Save…"));
    describe(save, tr("Save %1").arg(name), tr("Saves this attachment where you say."));
    connect(save, &QPushButton::clicked, this, [this, index] { emit saveRequested(index); });
    row->addWidget(save);
    return frame;
}

} // namespace sealpost::ui
