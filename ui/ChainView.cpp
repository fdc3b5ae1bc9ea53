// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ChainView.h"

#include "base/Text.h"
#include "ui/Announce.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/Rows.h"
#include "ui/ScrollArea.h"
#include "wording/ChainText.h"
#include "wording/Wording.h"

#include <QFile>
#include <QGridLayout>
#include <QHeaderView>
#include <QScrollArea>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace sealpost::ui {
namespace {

using crypto::ChainFault;
using crypto::ChainLink;
using crypto::ChainReport;
using crypto::Mend;

constexpr int kLinkRole = Qt::UserRole;

const ChainFault *worstOf(const ChainReport &report, const ChainLink &link) {
    const auto at = std::find_if(report.faults.begin(), report.faults.end(), [&](const auto &one) {
        return one.certificate == link.info.subject;
    });
    return at == report.faults.end() ? nullptr : &*at;
}

Tone toneOf(const ChainFault &fault) {
    return fault.id == "chain.revocation-unknown" ? Tone::Caution : Tone::Bad;
}

QString kindOf(const ChainLink &link) {
    return link.trustedRoot  ? ChainView::tr("Trusted root")
           : link.selfSigned ? ChainView::tr("Root, not trusted")
           : link.authority  ? ChainView::tr("Authority")
                             : ChainView::tr("Certificate");
}

QString dayOf(Time time) {
    return wording::timeText(time).section(QLatin1Char(','), 0, 0);
}

QString detailOf(const ChainLink &link) {
    const auto &info = link.info;
    auto key = QStringLiteral("%1 %2").arg(toQString(info.keyType)).arg(info.keyBits);
    if (!info.curve.empty()) {
        key += QStringLiteral(" (%1)").arg(toQString(info.curve));
    }
    QStringList lines = {
        toQString(info.subject), ChainView::tr("Issued by %1").arg(toQString(info.issuer)),
        ChainView::tr("From %1 to %2; %3; %4")
            .arg(wording::timeText(info.notBefore), wording::timeText(info.notAfter), key,
                 toQString(info.signature))};
    if (!info.addresses.empty()) {
        lines << ChainView::tr("For %1").arg(toQString(base::join(info.addresses, ", ")));
    }
    auto usages = std::vector{link.keyUsage, link.extendedUsage};
    std::erase(usages, std::string());
    if (!usages.empty()) {
        lines << ChainView::tr("Usage: %1").arg(toQString(base::join(usages, "; ")));
    }
    lines << ChainView::tr("Revocation: %1").arg(wording::text(link.revocation))
          << QStringLiteral("SHA-256 %1").arg(toQString(info.fingerprint));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

ChainView::ChainView(ComposeService &service, Dialogs &dialogs, ExaminedCertificates what,
                     QWidget *parent)
    : QDialog(parent), m_service(service), m_dialogs(dialogs), m_what(std::move(what)),
      m_tree(new QTreeWidget), m_detail(makeLabel({}, TextStyle::Small)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Check of a certificate"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(makeLabel(tr("Check of a certificate"), TextStyle::Title));
    m_tree->setHeaderLabels({tr("Certificate"), tr("What it is"), tr("Ends")});
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_tree->setMinimumHeight(m_tree->fontMetrics().height() * 8);
    describe(m_tree, tr("The certificate with everything above it"),
             tr("The root of trust comes first, the certificate itself last. Choose one for its "
                "details."));
    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &ChainView::showSelected);
    column->addWidget(m_tree, 2);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_detail->setMinimumHeight(m_detail->fontMetrics().lineSpacing() * 5);
    describe(m_detail, tr("Details of the chosen certificate"));
    column->addWidget(m_detail);
    auto *inner = new QWidget;
    setLook(inner, "clear");
    m_faults = new QVBoxLayout(inner);
    m_faults->setContentsMargins(0, 0, 0, 0);
    m_faults->setSpacing(kSpaceS);
    auto *scroll = makeScrollArea(inner);
    column->addWidget(scroll, 3);
    auto *row = new QHBoxLayout;
    auto *again = makeLinkButton(tr("Check a&gain"));
    again->setIcon(themedIcon(QStringLiteral("again")));
    describe(again, tr("Check again"), tr("Looks at the certificate and its chain once more."));
    connect(again, &QPushButton::clicked, this, &ChainView::reload);
    auto *close = makePrimaryButton(tr("&Close"));
    close->setAutoDefault(false);
    describe(close, tr("Close"));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(again);
    row->addStretch(1);
    row->addWidget(close);
    column->addLayout(row);
    resize(680, 620);
    reload();
}

void ChainView::setKeep(Keep keep) {
    m_keep = std::move(keep);
}

void ChainView::reload() {
    clearLayout(m_faults);
    m_faults->addWidget(makeLabel(tr("Looking…"), TextStyle::Muted));
    onFinished(this, m_service.examine(m_what),
               [this](const Result<std::vector<ChainReport>> &reports) { fill(reports); });
}

void ChainView::fill(const Result<std::vector<ChainReport>> &reports) {
    m_tree->clear();
    m_detail->clear();
    clearLayout(m_faults);
    if (!reports) {
        m_faults->addWidget(
            makeNotice(Tone::Bad, QStringLiteral("warning"), errorLine(reports.error())));
        m_faults->addStretch(1);
        emit loaded();
        return;
    }
    m_reports = *reports;
    bool faulty = false;
    for (const auto &report : m_reports) {
        addChain(report);
        faulty = faulty || !report.faults.empty();
    }
    m_tree->expandAll();
    if (faulty && !m_what.bytes.empty() && m_keep) {
        addKeepOffer();
    }
    for (const auto &report : m_reports) {
        addFaults(report);
    }
    if (!faulty) {
        m_faults->addWidget(
            makeNotice(Tone::Good, QStringLiteral("done"), tr("Nothing is wrong with it.")));
    }
    m_faults->addStretch(1);
    emit loaded();
}

QTreeWidgetItem *ChainView::addMissing(const ChainReport &report) {
    auto *item =
        new QTreeWidgetItem(m_tree, {shortSubject(report.missingIssuer), tr("Missing"), {}});
    item->setIcon(0, themedIcon(QStringLiteral("blocked"), Tone::Bad));
    return item;
}

//! The root first, each under the one that issued it.
void ChainView::addChain(const ChainReport &report) {
    auto *parent = report.missingIssuer.empty() ? nullptr : addMissing(report);
    for (auto link = report.links.rbegin(); link != report.links.rend(); ++link) {
        const QStringList texts = {shortSubject(link->info.subject), kindOf(*link),
                                   dayOf(link->info.notAfter)};
        auto *item = parent == nullptr ? new QTreeWidgetItem(m_tree, texts)
                                       : new QTreeWidgetItem(parent, texts);
        const auto *worst = worstOf(report, *link);
        item->setIcon(0, worst == nullptr
                             ? themedIcon(QStringLiteral("done"), Tone::Good)
                             : themedIcon(toneOf(*worst) == Tone::Bad ? QStringLiteral("blocked")
                                                                      : QStringLiteral("warning"),
                                          toneOf(*worst)));
        item->setData(0, Qt::AccessibleDescriptionRole,
                      worst == nullptr ? tr("Nothing is wrong with it.") : wording::text(*worst));
        item->setData(0, kLinkRole, detailOf(*link));
        parent = item;
    }
    if (parent != nullptr && m_tree->selectedItems().isEmpty()) {
        m_tree->setCurrentItem(parent);
    }
}

void ChainView::showSelected() {
    const auto *item = m_tree->currentItem();
    m_detail->setText(item == nullptr ? QString() : item->data(0, kLinkRole).toString());
}

void ChainView::addKeepOffer() {
    auto *row = new QHBoxLayout;
    row->addWidget(makeNotice(Tone::Info, QStringLiteral("info"),
                              tr("It is not in your key ring. Keep it there to mend it.")),
                   1);
    auto *button = new QPushButton(tr("&Keep it"));
    button->setAutoDefault(false);
    describe(button, tr("Keep it"), tr("Puts it into your key ring. Nothing is trusted for it."));
    connect(button, &QPushButton::clicked, this, &ChainView::keep);
    row->addWidget(button);
    m_faults->addLayout(row);
}

void ChainView::addFaults(const ChainReport &report) {
    if (report.faults.empty()) {
        return;
    }
    if (m_reports.size() > 1) {
        m_faults->addWidget(
            makeLabel(shortSubject(report.links.front().info.subject), TextStyle::Strong));
    }
    for (const auto &fault : report.faults) {
        addFault(report, fault);
    }
}

void ChainView::addFault(const ChainReport &report, const ChainFault &fault) {
    const auto tone = toneOf(fault);
    auto *row = new QWidget;
    auto *grid = makeRowGrid(
        row, tone == Tone::Bad ? QStringLiteral("blocked") : QStringLiteral("warning"), tone);
    auto named = fault; // people know it by its common name
    named.certificate = shortSubject(fault.certificate).toStdString();
    if (fault.id == "chain.issuer-missing") {
        named.detail = shortSubject(fault.detail).toStdString();
    }
    grid->addWidget(makeLabel(breakable(wording::text(named))), 0, 1);
    const auto choice = wording::mendChoice(fault);
    grid->addWidget(makeLabel(breakable(choice.sentence), TextStyle::Muted), 1, 1);
    const bool needsRing = fault.mend == Mend::FetchIssuer || fault.mend == Mend::TrustRoot;
    // Nobody writes to themselves for a new one.
    const bool own = report.links.front().info.isOwn();
    const bool possible =
        (!needsRing || m_what.bytes.empty()) && (fault.mend != Mend::AskForNew || !own);
    if (!choice.button.isEmpty() && possible) {
        auto *button = new QPushButton(choice.button);
        button->setAutoDefault(false);
        describe(button, choice.button, choice.sentence);
        connect(button, &QPushButton::clicked, this,
                [this, report, fault] { mend(report, fault); });
        grid->addWidget(button, 0, 2, 2, 1, Qt::AlignTop);
    }
    m_faults->addWidget(row);
}

void ChainView::mend(const ChainReport &report, const ChainFault &fault) {
    const auto &end = report.links.front().info;
    switch (fault.mend) {
    case Mend::FetchIssuer:
        fetch(end.fingerprint);
        break;
    case Mend::TrustRoot:
        trust(fault);
        break;
    case Mend::ImportIssuer:
        importFile();
        break;
    case Mend::FetchRevocation:
        reload();
        break;
    case Mend::AskForNew:
        emit askRequested(end.addresses.empty() ? std::string() : end.addresses.front());
        break;
    case Mend::UseOther:
    case Mend::CheckClock:
    case Mend::AskAuthority:
        break;
    }
}

//! Looks again once it is done, or says why it could not be.
template <class T> void ChainView::after(const QFuture<Result<T>> &done) {
    clearLayout(m_faults);
    m_faults->addWidget(makeLabel(tr("Working…"), TextStyle::Muted));
    onFinished(this, done, [this](const Result<T> &result) {
        if (result) {
            emit changed();
        } else {
            m_dialogs.error(this, wording::text(result.error()));
        }
        reload();
    });
}

void ChainView::fetch(const std::string &fingerprint) {
    after(m_service.fetchIssuers(fingerprint));
}

void ChainView::trust(const ChainFault &fault) {
    m_dialogs.ask(this,
                  {tr("Trust %1?").arg(shortSubject(fault.certificate)),
                   tr("Everything that it signs will be believed. Trust it only if your "
                      "organisation told you to, and this is the fingerprint that it gave you."),
                   tr("&Trust it"), tr("&Don’t trust it"),
                   QStringLiteral("SHA-256 %1").arg(toQString(fault.target))},
                  [this, fingerprint = fault.target](bool yes) {
                      if (yes) {
                          after(m_service.trustRoot(fingerprint));
                      }
                  });
}

void ChainView::importFile() {
    m_dialogs.openFiles(this, tr("Import certificates"),
                        tr("Certificates (*.pem *.cer *.crt *.der *.p7b *.p7c);;All files (*)"),
                        [this](const QStringList &files) {
                            after(m_service.importCertificates(
                                {QFile::encodeName(files.front()).toStdString()}, nullptr));
                        });
}

void ChainView::keep() {
    m_what.bytes.clear();
    after(m_keep());
}

} // namespace sealpost::ui
