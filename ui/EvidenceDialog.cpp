// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EvidenceDialog.h"

#include "ui/Fold.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/ScrollArea.h"
#include "wording/Wording.h"

#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace sealpost::ui {
namespace {

QString technicalText(const RecipientStatus &status) {
    QStringList lines;
    if (status.decision) {
        for (const auto &reason : status.decision->reasons) {
            lines << toQString(routing::specOf(reason.id).name);
        }
    }
    if (status.report) {
        for (const auto &line : wording::evidence(*status.report)) {
            if (!line.technical.isEmpty()) {
                lines << line.technical;
            }
        }
    }
    if (status.certificate && !status.certificate->fingerprint.empty()) {
        const auto &certificate = *status.certificate;
        lines << QStringLiteral("%1\n%2 %3, %4\nSHA-256 %5")
                     .arg(toQString(certificate.subject), toQString(certificate.keyType))
                     .arg(certificate.keyBits)
                     .arg(toQString(certificate.signature), toQString(certificate.fingerprint));
        if (!certificate.detail.empty()) {
            lines << toQString(certificate.detail);
        }
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

EvidenceDialog::EvidenceDialog(const mail::Address &address, const RecipientStatus &status,
                               QWidget *parent)
    : QDialog(parent) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    const auto name = toQString(address.shortName());
    setWindowTitle(tr("How mail to %1 is protected").arg(name));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(makeLabel(name, TextStyle::Title));
    if (const auto spec = toQString(address.spec()); spec != name) {
        column->addWidget(makeLabel(spec, TextStyle::Muted));
    }
    column->addWidget(makeNotice(toneOf(status.state), iconOf(status.state), status.word));

    auto *inner = new QWidget;
    setLook(inner, "clear");
    auto *content = new QVBoxLayout(inner);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(kSpaceXs);
    addSentences(content, tr("Why"), status.reasons);
    if (status.certificate && !status.certificate->fingerprint.empty()) {
        addSentences(content, tr("Certificate"), {wording::text(*status.certificate)});
    }
    QStringList seen;
    if (status.report) {
        for (const auto &line : wording::evidence(*status.report)) {
            seen << line.sentence;
        }
    }
    addSentences(content, tr("Mail servers, as seen from this computer"), seen);
    addSentences(content, tr("What you can do"), status.nextSteps);
    addTechnical(content, status);
    content->addStretch(1);
    auto *scroll = makeScrollArea(inner);
    column->addWidget(scroll, 1);

    auto *row = new QHBoxLayout;
    auto *again = makeLinkButton(tr("Check a&gain"));
    again->setIcon(themedIcon(QStringLiteral("again")));
    describe(again, tr("Check again"), tr("Looks at the recipient’s mail servers once more."));
    connect(again, &QPushButton::clicked, this, [this] {
        emit checkAgainRequested();
        accept();
    });
    auto *close = makePrimaryButton(tr("&Close"));
    close->setDefault(true);
    describe(close, tr("Close"));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(again);
    row->addStretch(1);
    row->addWidget(close);
    column->addLayout(row);
    setMinimumSize(460, 260);
    resize(560, std::clamp(inner->heightForWidth(512) + 230, 300, 640));
    close->setFocus();
}

void EvidenceDialog::addSentences(QVBoxLayout *content, const QString &heading,
                                  const QStringList &sentences) {
    if (sentences.isEmpty()) {
        return;
    }
    content->addWidget(makeLabel(heading, TextStyle::Strong));
    for (const auto &sentence : sentences) {
        content->addWidget(makeLabel(sentence));
    }
    content->addSpacing(kSpaceS);
}

void EvidenceDialog::addTechnical(QVBoxLayout *content, const RecipientStatus &status) {
    const auto text = technicalText(status);
    if (!text.isEmpty()) {
        content->addWidget(new Fold(tr("Technical details"), text));
    }
}

} // namespace sealpost::ui
