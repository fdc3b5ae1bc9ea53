// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/FindCertificateDialog.h"

#include "ui/Announce.h"
#include "ui/ChainView.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/Rows.h"
#include "ui/ScrollArea.h"
#include "wording/ChainText.h"
#include "wording/ChoiceText.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace sealpost::ui {
namespace {

using runtime::CertificateSearch;
using runtime::FoundCandidate;

QString dayOf(Time time) {
    return wording::timeText(time).section(QLatin1Char(','), 0, 0);
}

//! What is known of it in one line: "From the directory …, ends on …; DNS names it".
QString originOf(const CertificateSearch &search, const FoundCandidate &candidate) {
    auto text = FindCertificateDialog::tr("From %1. Ends on %2.")
                    .arg(wording::placeText(candidate.source, candidate.place),
                         dayOf(candidate.info().notAfter));
    if (candidate.confirmed && candidate.source != assurance::SourceKind::Dns) {
        text += QLatin1Char(' ') + FindCertificateDialog::tr("DNS names it too.");
    } else if (!candidate.confirmed && !search.dns.records.empty()) {
        text += QLatin1Char(' ') + FindCertificateDialog::tr("DNS names another one.");
    }
    return text;
}

Tone toneOf(const FoundCandidate &candidate) {
    const auto &faults = candidate.report.faults;
    if (faults.empty()) {
        return Tone::Good;
    }
    return std::ranges::all_of(faults,
                               [](const auto &one) { return one.id == "chain.revocation-unknown"; })
               ? Tone::Caution
               : Tone::Bad;
}

QString iconOf(Tone tone) {
    return tone == Tone::Good      ? QStringLiteral("done")
           : tone == Tone::Caution ? QStringLiteral("warning")
                                   : QStringLiteral("blocked");
}

QPushButton *smallButton(const QString &text, const QString &name, const QString &help) {
    auto *button = new QPushButton(text);
    button->setAutoDefault(false);
    describe(button, name, help);
    return button;
}

} // namespace

FindCertificateDialog::FindCertificateDialog(ComposeService &service, Dialogs &dialogs,
                                             const QString &addressSpec, QWidget *parent)
    : QDialog(parent), m_service(service), m_dialogs(dialogs),
      m_address(new QLineEdit(addressSpec)), m_search(makePrimaryButton(tr("&Search"))),
      m_says(makeLabel({}, TextStyle::Muted)), m_found(new QVBoxLayout) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Find a certificate"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(makeLabel(tr("Find a certificate"), TextStyle::Title));
    auto *asking = new QHBoxLayout;
    m_address->setPlaceholderText(tr("name@organisation.example"));
    describe(m_address, tr("Whose certificate"), tr("The e-mail address of the person."));
    connect(m_address, &QLineEdit::returnPressed, this, &FindCertificateDialog::begin);
    asking->addWidget(m_address, 1);
    m_search->setAutoDefault(false);
    connect(m_search, &QPushButton::clicked, this, [this] { m_busy ? stop() : begin(); });
    asking->addWidget(m_search);
    column->addLayout(asking);
    column->addWidget(m_says);
    auto *inner = new QWidget;
    setLook(inner, "clear");
    inner->setLayout(m_found);
    m_found->setContentsMargins(0, 0, 0, 0);
    m_found->setSpacing(kSpaceM);
    auto *scroll = makeScrollArea(inner);
    column->addWidget(scroll, 1);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    auto *close = smallButton(tr("&Close"), tr("Close"), {});
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(close);
    column->addLayout(row);
    resize(640, 480);
    showIdle();
    say(Tone::Neutral, tr("Looks in your key ring, in DNS, and where your organisation keeps "
                          "certificates. Nothing is trusted for where it was found."));
    if (!addressSpec.isEmpty()) {
        begin();
    }
}

FindCertificateDialog::~FindCertificateDialog() {
    m_stop.request_stop();
}

void FindCertificateDialog::showIdle() {
    m_busy = false;
    m_address->setReadOnly(false);
    m_search->setText(tr("&Search"));
    describe(m_search, tr("Search"), tr("Looks for certificates of this address."));
}

void FindCertificateDialog::begin() {
    const auto address = mail::Address::parse(m_address->text().trimmed().toStdString());
    if (m_busy || !address) {
        if (!m_busy) {
            clearLayout(m_found);
            say(Tone::Bad, errorLine(address.error()));
            m_address->setFocus();
        }
        return;
    }
    m_stop = std::stop_source();
    m_busy = true;
    m_spec = address->spec();
    m_address->setReadOnly(true);
    m_search->setText(tr("&Stop"));
    describe(m_search, tr("Stop"), tr("Ends the search."));
    clearLayout(m_found);
    say(Tone::Neutral, tr("Looking for certificates of %1…").arg(breakable(toQString(m_spec))));
    onFinished(this, m_service.findCertificates(*address, m_stop.get_token()),
               [this, run = ++m_run](const Answer &answer) {
                   if (run == m_run) {
                       showIdle();
                       fill(answer);
                   }
               });
}

void FindCertificateDialog::stop() {
    m_stop.request_stop();
    ++m_run;
    showIdle();
    say(Tone::Neutral, tr("Stopped. Nothing was changed."));
    m_address->setFocus();
}

void FindCertificateDialog::fill(const Answer &answer) {
    clearLayout(m_found);
    if (!answer) {
        say(Tone::Bad, errorLine(answer.error()));
        emit searched();
        return;
    }
    const auto count = answer->candidates.size();
    say(Tone::Neutral, count == 0 ? tr("There is no certificate for %1 in any of the places that "
                                       "were asked.")
                                        .arg(breakable(toQString(m_spec)))
                       : count == 1 ? tr("There is one certificate.")
                                    : tr("There are %1 certificates.").arg(count));
    for (const auto &candidate : answer->candidates) {
        addCandidate(*answer, candidate);
    }
    addNothingUsable(*answer);
    addTroubles(*answer);
    m_found->addStretch(1);
    emit searched();
}

void FindCertificateDialog::addCandidate(const CertificateSearch &search,
                                         const FoundCandidate &candidate) {
    const auto tone = toneOf(candidate);
    auto *row = new QWidget;
    auto *grid = makeRowGrid(row, iconOf(tone), tone);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(1);
    const auto add = [texts](const QString &text, TextStyle style) {
        auto *label = makeLabel(breakable(text), style);
        texts->addWidget(label);
        return label;
    };
    add(shortSubject(candidate.info().subject), TextStyle::Strong);
    if (candidate.info().fingerprint == search.counts) {
        add(wording::standingText(candidate.info(), search.why), TextStyle::Body);
    }
    add(originOf(search, candidate), TextStyle::Muted);
    for (const auto &fault : candidate.report.faults) {
        auto named = fault; // people know it by its common name
        named.certificate = shortSubject(fault.certificate).toStdString();
        setTone(add(wording::text(named), TextStyle::Body), tone);
    }
    auto *buttons = new QVBoxLayout;
    addButtons(buttons, search, candidate);
    texts->addStretch(1);
    grid->addLayout(texts, 0, 1);
    grid->addLayout(buttons, 0, 2, Qt::AlignTop);
    m_found->addWidget(row);
    m_found->addWidget(makeRule());
}

void FindCertificateDialog::addButtons(QVBoxLayout *column, const CertificateSearch &search,
                                       const FoundCandidate &candidate) {
    const auto &info = candidate.info();
    const auto who = shortSubject(info.subject);
    column->setSpacing(kSpaceXs);
    if (!candidate.kept()) {
        auto *button = smallButton(tr("Keep it"), tr("Keep the certificate of %1").arg(who),
                                   tr("Puts it into your key ring. Nothing is trusted for it."));
        connect(button, &QPushButton::clicked, this,
                [this, bytes = candidate.bytes] { keep(bytes); });
        column->addWidget(button);
    } else if (search.pinned && info.fingerprint == search.counts) {
        auto *button = smallButton(tr("Don’t always use it"), tr("Don’t always use this one"),
                                   tr("The best certificate is chosen by itself again."));
        connect(button, &QPushButton::clicked, this, [this] { choose({}); });
        column->addWidget(button);
    } else {
        auto *button =
            smallButton(tr("Always use it"), tr("Always use the certificate of %1").arg(who),
                        tr("Messages to this address are encrypted to it alone, whatever other "
                           "certificates come."));
        connect(button, &QPushButton::clicked, this,
                [this, fingerprint = info.fingerprint] { choose(fingerprint); });
        column->addWidget(button);
    }
    auto *details = smallButton(tr("Check…"), tr("Check the certificate of %1").arg(who),
                                tr("Shows it with everything above it, and what mends it."));
    connect(details, &QPushButton::clicked, this, [this, candidate] { check(candidate); });
    column->addWidget(details);
}

void FindCertificateDialog::addNothingUsable(const CertificateSearch &search) {
    const bool serves = std::ranges::any_of(
        search.candidates, [](const FoundCandidate &one) { return toneOf(one) != Tone::Bad; });
    if (serves) {
        return;
    }
    auto *row = new QHBoxLayout;
    row->addWidget(makeNotice(Tone::Info, QStringLiteral("info"),
                              tr("Ask for one: a signed message tells them how to answer. Or "
                                 "import it, if you have it as a file.")),
                   1);
    auto *ask =
        smallButton(tr("&Ask for it"), tr("Ask for a certificate"),
                    tr("Writes a message with instructions, which you can change before it goes."));
    connect(ask, &QPushButton::clicked, this, [this] {
        const auto spec = m_spec;
        close();
        emit askRequested(spec);
    });
    row->addWidget(ask, 0, Qt::AlignTop);
    m_found->addLayout(row);
}

void FindCertificateDialog::addTroubles(const CertificateSearch &search) {
    for (const auto &trouble : search.troubles) {
        m_found->addWidget(
            makeNoteRow(QStringLiteral("warning"), Tone::Caution, errorLine(trouble.error)));
    }
    if (search.dns.evidence == Evidence::TempFailure || search.dns.evidence == Evidence::Bogus) {
        m_found->addWidget(makeNoteRow(QStringLiteral("warning"), Tone::Caution,
                                       tr("DNS gave no answer that can be relied on.")));
    }
}

void FindCertificateDialog::check(const FoundCandidate &candidate) {
    ExaminedCertificates what;
    what.bytes = candidate.bytes;
    what.fingerprint = candidate.kept() ? candidate.info().fingerprint : std::string();
    auto *view = new ChainView(m_service, m_dialogs, std::move(what), this);
    if (!candidate.kept()) {
        view->setKeep(
            [this, bytes = candidate.bytes] { return m_service.keepCertificates(bytes); });
    }
    connect(view, &ChainView::changed, this, [this] {
        emit changed();
        begin();
    });
    connect(view, &ChainView::askRequested, this, [this](const std::string &spec) {
        close();
        emit askRequested(spec);
    });
    view->open();
}

//! Searches again once it is done, or says why it could not be.
template <class T> void FindCertificateDialog::after(const QFuture<Result<T>> &done) {
    m_found->parentWidget()->setEnabled(false);
    onFinished(this, done, [this](const Result<T> &result) {
        m_found->parentWidget()->setEnabled(true);
        if (!result) {
            m_dialogs.error(this, wording::text(result.error()));
            return;
        }
        emit changed();
        begin();
    });
}

void FindCertificateDialog::keep(const std::string &bytes) {
    after(m_service.keepCertificates(bytes));
}

void FindCertificateDialog::choose(const std::string &fingerprint) {
    after(m_service.pinCertificate(m_spec, fingerprint));
}

void FindCertificateDialog::say(Tone tone, const QString &text) {
    announce(m_says, tone, text);
}

} // namespace sealpost::ui
