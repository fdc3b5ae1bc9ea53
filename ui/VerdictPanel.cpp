// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/VerdictPanel.h"

#include "base/Text.h"
#include "ui/Fold.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/Rows.h"
#include "wording/OpenedText.h"
#include "wording/Wording.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

namespace sealpost::ui {
namespace {

using receive::Layer;
using receive::OpenedMessage;
using receive::SenderVerdict;

struct Look {
    Tone tone;
    const char *icon;
};

Look lookOf(const OpenedMessage &message) {
    if (!message.shown()) {
        return {Tone::Bad, "blocked"};
    }
    switch (message.sender) {
    case SenderVerdict::Verified:
        return {Tone::Good, "done"};
    case SenderVerdict::Unsigned:
        return {Tone::Neutral, "unconfirmed"};
    case SenderVerdict::Unproven:
        return {Tone::Caution, "warning"};
    case SenderVerdict::Forged:
        break;
    }
    return {Tone::Bad, "blocked"};
}

const crypto::SignatureFacts *firstSignature(const OpenedMessage &message) {
    for (auto layer = message.layers.rbegin(); layer != message.layers.rend(); ++layer) {
        if (!layer->signatures.empty()) {
            return &layer->signatures.front();
        }
    }
    return nullptr;
}

QString technicalText(const crypto::SignatureFacts &signature) {
    const auto &signer = signature.signer;
    QStringList lines = {QStringLiteral("signed, %1").arg(toQString(signature.digest)),
                         QStringLiteral("  %1").arg(toQString(signer.subject)),
                         QStringLiteral("  issuer %1").arg(toQString(signer.issuer)),
                         QStringLiteral("  %1 to %2, %3")
                             .arg(wording::timeText(signer.notBefore),
                                  wording::timeText(signer.notAfter),
                                  toQString(toString(signer.state))),
                         QStringLiteral("  SHA-256 %1").arg(toQString(signer.fingerprint))};
    if (!signer.detail.empty()) {
        lines << QStringLiteral("  %1").arg(toQString(signer.detail));
    }
    if (signature.signingTime) {
        lines << QStringLiteral("  signing time %1").arg(wording::timeText(*signature.signingTime));
    }
    if (!signature.label.empty()) {
        lines << QStringLiteral("  label %1").arg(toQString(signature.label));
    }
    return lines.join(QLatin1Char('\n'));
}

//! The layers from the outside in, and the code of every note.
QString technicalText(const OpenedMessage &message) {
    QStringList lines;
    for (const auto &layer : message.layers) {
        if (layer.kind == Layer::Kind::Encrypted) {
            lines << QStringLiteral("encrypted, %1, opened by %2")
                         .arg(toQString(layer.cipher), toQString(layer.decryptedBy));
        }
        for (const auto &signature : layer.signatures) {
            lines << technicalText(signature);
        }
    }
    for (const auto &note : message.notes) {
        lines << toQString(note.id);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

VerdictPanel::VerdictPanel(QWidget *parent) : QFrame(parent), m_column(new QVBoxLayout(this)) {
    m_column->setContentsMargins(kSpaceL, kSpaceM, kSpaceL, kSpaceM);
    m_column->setSpacing(kSpaceXs);
    describe(this, tr("What is proven of this message"));
    showOpening();
}

//! New words count in the layout once they are shown, which is a moment later.
bool VerdictPanel::event(QEvent *event) {
    const bool handled = QFrame::event(event);
    if (event->type() == QEvent::LayoutRequest) {
        emit heightChanged();
    }
    return handled;
}

QString VerdictPanel::title() const {
    return m_title->text();
}

void VerdictPanel::begin(Tone tone, const QString &icon, const QString &title) {
    clearLayout(m_column);
    m_offer = nullptr;
    m_tone = tone;
    setTone(this, tone);
    auto *row = new QHBoxLayout;
    row->setSpacing(kSpaceM);
    row->addWidget(new IconLabel(themedIcon(icon, tone), 24), 0, Qt::AlignTop);
    m_title = makeLabel(title, TextStyle::Heading);
    setTone(m_title, tone);
    row->addWidget(m_title, 1);
    m_column->addLayout(row);
}

void VerdictPanel::addSentence(const QString &text) {
    auto *label = makeLabel(breakable(text));
    setTone(label, m_tone);
    label->setIndent(24 + kSpaceM);
    m_column->addWidget(label);
}

void VerdictPanel::showOpening() {
    begin(Tone::Neutral, QStringLiteral("checking"), tr("Opening and checking…"));
}

void VerdictPanel::showError(const Error &error) {
    const auto text = wording::text(error);
    begin(Tone::Bad, QStringLiteral("blocked"), text.what);
    addSentence(text.next);
    addSentence(tr("Code for the helpdesk: %1").arg(text.code));
}

void VerdictPanel::showMessage(const OpenedMessage &message) {
    const auto look = lookOf(message);
    const bool shown = message.shown();
    begin(look.tone, QLatin1String(look.icon),
          shown ? wording::senderSentence(message) : tr("This message can’t be shown"));
    if (shown) {
        addSentence(wording::privacySentence(message));
    }
    addNotes(message);
    addActions(message);
}

void VerdictPanel::addNotes(const OpenedMessage &message) {
    for (const auto &note : message.notes) {
        // What the title says already.
        if (note.id != "open.unsigned") {
            addSentence(wording::text(note));
        }
    }
}

void VerdictPanel::addActions(const OpenedMessage &message) {
    const auto *signature = firstSignature(message);
    const bool good = signature != nullptr && signature->math == crypto::SignatureMath::Good;
    auto *indented = new QHBoxLayout;
    indented->setContentsMargins(24 + kSpaceM - 4, 0, 0, 0);
    m_offer = new QVBoxLayout;
    m_offer->setSpacing(0);
    if (good && !signature->signerKnown && !signature->certificates.empty()) {
        auto *keep = makeLinkButton(tr("&Keep the signer’s certificate"));
        describe(keep, tr("Keep the signer’s certificate"),
                 tr("Puts the certificate that came with the signature into your key ring, so that "
                    "you can encrypt to its owner. Nothing is trusted for it."));
        connect(keep, &QPushButton::clicked, this, &VerdictPanel::keepRequested);
        m_offer->addWidget(keep, 0, Qt::AlignLeft);
    }
    auto *links = new QVBoxLayout;
    links->setSpacing(0);
    links->addLayout(m_offer);
    if (good && signature->signer.state != crypto::CertificateState::Usable) {
        auto *check = makeLinkButton(tr("Check the signer’s &certificate"));
        describe(check, tr("Check the signer’s certificate"),
                 tr("Shows the certificate with everything above it, and what mends it."));
        connect(check, &QPushButton::clicked, this,
                [this, fingerprint = signature->signer.fingerprint] {
                    emit checkRequested(fingerprint);
                });
        links->addWidget(check, 0, Qt::AlignLeft);
    }
    if (const auto technical = technicalText(message); !technical.isEmpty()) {
        links->addWidget(new Fold(tr("Technical details"), technical));
    }
    indented->addLayout(links, 1);
    m_column->addLayout(indented);
}

void VerdictPanel::showKept(const QString &text) {
    if (m_offer != nullptr) {
        clearLayout(m_offer);
        auto *row = new QHBoxLayout;
        row->setSpacing(kSpaceS);
        row->setContentsMargins(4, 0, 0, 0);
        row->addWidget(new IconLabel(themedIcon(QStringLiteral("tick"), m_tone)));
        auto *label = makeLabel(text);
        setTone(label, m_tone);
        row->addWidget(label, 1);
        m_offer->addLayout(row);
    }
}

} // namespace sealpost::ui
