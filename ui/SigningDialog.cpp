// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SigningDialog.h"

#include "ui/Announce.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/Rows.h"
#include "ui/ScrollArea.h"
#include "wording/Wording.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace sealpost::ui {

namespace {

//! One's own, for the account's address and for signing; the one that lasts longest first.
std::vector<crypto::CertificateInfo> candidates(const KeyRing &ring, const mail::Account &account) {
    const auto spec = toQString(account.address.spec());
    std::vector<crypto::CertificateInfo> own;
    std::copy_if(ring.certificates.begin(), ring.certificates.end(), std::back_inserter(own),
                 [&](const crypto::CertificateInfo &one) {
                     return one.isOwn() && one.signing &&
                            std::any_of(one.addresses.begin(), one.addresses.end(),
                                        [&](const std::string &address) {
                                            return toQString(address).compare(
                                                       spec, Qt::CaseInsensitive) == 0;
                                        });
                 });
    std::stable_sort(own.begin(), own.end(),
                     [](const auto &a, const auto &b) { return a.notAfter > b.notAfter; });
    return own;
}

QString dayOf(Time time) {
    return wording::timeText(time).section(QLatin1Char(','), 0, 0);
}

QString detailOf(const crypto::CertificateInfo &one) {
    auto text = SigningDialog::tr("Issued by %1. Ends on %2.")
                    .arg(shortSubject(one.issuer), dayOf(one.notAfter));
    if (one.state == crypto::CertificateState::Expired) {
        text +=
            QLatin1Char(' ') + SigningDialog::tr("It has ended: nothing can be signed with it.");
    }
    return text;
}

} // namespace

SigningDialog::SigningDialog(ComposeService &service, const mail::Account &account, QWidget *parent)
    : QDialog(parent), m_service(service), m_account(account), m_choices(new QButtonGroup(this)),
      m_rows(new QVBoxLayout), m_message(makeLabel({})), m_keep(makePrimaryButton(tr("&Keep"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Signing certificate"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(makeLabel(tr("What %1 signs with").arg(breakable(toQString(account.name))),
                                TextStyle::Heading));
    auto *inner = new QWidget;
    setLook(inner, "clear");
    inner->setLayout(m_rows);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(kSpaceXs);
    column->addWidget(makeScrollArea(inner), 1);
    column->addWidget(m_message);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    auto *cancel = new QPushButton(tr("&Cancel"));
    describe(cancel, tr("Cancel"), tr("What the account signs with stays as it is."));
    cancel->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    row->addWidget(cancel);
    describe(m_keep, tr("Keep"), tr("Messages from this account are signed so from now on."));
    m_keep->setEnabled(false);
    connect(m_keep, &QPushButton::clicked, this, &SigningDialog::keep);
    row->addWidget(m_keep);
    column->addLayout(row);
    resize(520, 360);
    say(Tone::Neutral, tr("Looking…"));
    onFinished(this, m_service.certificates(), [this](const Result<KeyRing> &ring) { fill(ring); });
}

std::string SigningDialog::chosen() const {
    const int number = m_choices->checkedId();
    return number < 0 ? std::string() : m_fingerprints.at(static_cast<std::size_t>(number));
}

void SigningDialog::fill(const Result<KeyRing> &ring) {
    if (!ring) {
        sayWhy(ring.error());
        m_keep->setEnabled(false);
        emit loaded();
        return;
    }
    const auto own = candidates(*ring, m_account);
    addChoice(tr("The best one each time"),
              tr("Of those that are valid, the one that lasts longest. A renewed certificate is "
                 "used by itself."),
              {});
    for (const auto &one : own) {
        addChoice(shortSubject(one.subject), detailOf(one), one.fingerprint);
    }
    m_rows->addStretch(1);
    const auto at =
        std::find(m_fingerprints.begin(), m_fingerprints.end(), m_account.signingFingerprint);
    const bool isThere = at != m_fingerprints.end();
    const auto number = isThere ? at - m_fingerprints.begin() : 0;
    m_choices->button(static_cast<int>(number))->setChecked(true);
    m_choices->button(static_cast<int>(number))->setFocus();
    if (own.empty()) {
        say(Tone::Caution,
            tr("You have no certificate with a key for %1 yet. Import it under Certificates.")
                .arg(breakable(toQString(m_account.address.spec()))));
    } else if (!isThere) {
        say(Tone::Caution, tr("The certificate that was chosen before is not here any more."));
    } else {
        say(Tone::Neutral, {});
    }
    m_keep->setEnabled(true);
    emit loaded();
}

void SigningDialog::addChoice(const QString &title, const QString &detail,
                              const std::string &fingerprint) {
    auto *button = new QRadioButton(title);
    describe(button, title,
             fingerprint.empty() ? detail
                                 : tr("%1 SHA-256 %2").arg(detail, toQString(fingerprint)));
    m_choices->addButton(button, static_cast<int>(m_fingerprints.size()));
    m_fingerprints.push_back(fingerprint);
    m_rows->addWidget(button);
    auto *below = makeLabel(breakable(detail), TextStyle::Muted);
    below->setContentsMargins(kSpaceXl, 0, 0, kSpaceS);
    m_rows->addWidget(below);
}

void SigningDialog::keep() {
    m_keep->setEnabled(false);
    onFinished(this, m_service.signWith(m_account.name, chosen()),
               [this](const Result<void> &kept) {
                   if (kept) {
                       accept();
                   } else {
                       sayWhy(kept.error());
                   }
               });
}

void SigningDialog::sayWhy(const Error &error) {
    m_keep->setEnabled(true);
    say(Tone::Bad, errorLine(error));
}

void SigningDialog::say(Tone tone, const QString &text) {
    m_message->setVisible(!text.isEmpty());
    announce(m_message, tone, text);
}

} // namespace sealpost::ui
