// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/CertificateView.h"

#include "ui/Announce.h"
#include "ui/ChainView.h"
#include "ui/DropChooser.h"
#include "ui/FindCertificateDialog.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/Tables.h"
#include "wording/CardText.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QHBoxLayout>
#include <QTableWidget>

namespace sealpost::ui {
namespace {

using crypto::CertificateState;

struct StateLook {
    Tone tone;
    const char *icon;
    const char *word;
};

StateLook lookOf(CertificateState state) {
    switch (state) {
    case CertificateState::Usable:
        return {Tone::Good, "done", QT_TRANSLATE_NOOP("CertificateView", "Usable")};
    case CertificateState::Expiring:
        return {Tone::Caution, "warning", QT_TRANSLATE_NOOP("CertificateView", "Ends soon")};
    case CertificateState::Expired:
        return {Tone::Bad, "blocked", QT_TRANSLATE_NOOP("CertificateView", "Ended")};
    case CertificateState::NotYetValid:
        return {Tone::Bad, "blocked", QT_TRANSLATE_NOOP("CertificateView", "Not valid yet")};
    case CertificateState::Revoked:
        return {Tone::Bad, "blocked", QT_TRANSLATE_NOOP("CertificateView", "Revoked")};
    case CertificateState::RevocationUnknown:
        // The list does not ask about revocation; sending does.
        return {Tone::Neutral, "info", QT_TRANSLATE_NOOP("CertificateView", "In order")};
    case CertificateState::Untrusted:
        return {Tone::Bad, "blocked", QT_TRANSLATE_NOOP("CertificateView", "Not trusted")};
    case CertificateState::WrongUsage:
        return {Tone::Bad, "blocked", QT_TRANSLATE_NOOP("CertificateView", "Not for mail")};
    case CertificateState::WrongAddress:
        return {Tone::Bad, "blocked", QT_TRANSLATE_NOOP("CertificateView", "Other address")};
    case CertificateState::WeakKey:
        return {Tone::Bad, "blocked", QT_TRANSLATE_NOOP("CertificateView", "Too weak")};
    case CertificateState::None:
        break;
    }
    return {Tone::Neutral, "info", QT_TRANSLATE_NOOP("CertificateView", "Unknown")};
}

QString keyText(crypto::PrivateKey key) {
    switch (key) {
    case crypto::PrivateKey::Absent:
        break;
    case crypto::PrivateKey::InAgent:
        return CertificateView::tr("Yes, yours");
    case crypto::PrivateKey::OnCard:
        return CertificateView::tr("Yes, on a card");
    }
    return CertificateView::tr("No");
}

bool isKeyFile(const QString &file) {
    return file.endsWith(QLatin1String(".p12"), Qt::CaseInsensitive) ||
           file.endsWith(QLatin1String(".pfx"), Qt::CaseInsensitive);
}

} // namespace

CertificateView::CertificateView(ComposeService &service, Dialogs &dialogs, QWidget *parent)
    : QDialog(parent), m_service(service), m_dialogs(dialogs), m_intro(makeLabel({})),
      m_table(makeTable({tr("Address"), tr("State"), tr("Ends"), tr("Private key")},
                        tr("Certificates"))),
      m_detail(makeLabel({}, TextStyle::Muted)), m_import(new QPushButton(tr("&Import…"))),
      m_card(new QPushButton(tr("Use a smart car&d"))), m_check(new QPushButton(tr("C&heck…"))),
      m_pin(new QPushButton(tr("Always &use it"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowModality(Qt::WindowModal);
    setWindowTitle(tr("Certificates"));
    setAcceptDrops(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceXl, kSpaceXl, kSpaceXl, kSpaceL);
    column->setSpacing(kSpaceM);
    column->addWidget(makeLabel(tr("Certificates"), TextStyle::Title));
    column->addWidget(m_intro);
    column->addWidget(m_table, 1);
    m_detail->setMinimumHeight(m_detail->fontMetrics().lineSpacing() * 3);
    m_detail->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    describe(m_detail, tr("Details of the chosen certificate"));
    column->addWidget(m_detail);
    auto *chosen = new QHBoxLayout; // what can be done with the chosen one
    chosen->addWidget(m_check);
    m_pin->setAutoDefault(false);
    m_pin->setEnabled(false);
    describe(m_pin, tr("Always use it"));
    connect(m_pin, &QPushButton::clicked, this, &CertificateView::togglePin);
    chosen->addWidget(m_pin);
    chosen->addStretch(1);
    column->addLayout(chosen);
    column->addWidget(makeRule());
    auto *row = new QHBoxLayout;
    auto *finding = new QPushButton(tr("&Find…"));
    finding->setAutoDefault(false);
    describe(finding, tr("Find a certificate"),
             tr("Looks for somebody’s certificate in DNS and where your organisation keeps them."));
    connect(finding, &QPushButton::clicked, this, &CertificateView::find);
    row->addWidget(finding);
    m_import->setIcon(themedIcon(QStringLiteral("plus")));
    m_import->setAutoDefault(false);
    describe(m_import, tr("Import"),
             tr("Brings in your own certificate and key (.p12 or .pfx), or somebody’s certificate "
                "(.pem, .cer, .crt, .p7b)."));
    connect(m_import, &QPushButton::clicked, this, &CertificateView::chooseFile);
    auto *close = makePrimaryButton(tr("&Close"));
    close->setAutoDefault(false);
    describe(close, tr("Close"));
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(m_import);
    m_card->setAutoDefault(false);
    describe(m_card, tr("Use a smart card"),
             tr("Makes the keys of the card or token in the reader usable. Its PIN is asked for "
                "when you sign or read."));
    connect(m_card, &QPushButton::clicked, this, &CertificateView::readCard);
    row->addWidget(m_card);
    m_check->setAutoDefault(false);
    m_check->setEnabled(false);
    describe(m_check, tr("Check the chosen certificate"),
             tr("Shows it with everything above it as a tree, all that is wrong, and what mends "
                "it."));
    connect(m_check, &QPushButton::clicked, this, &CertificateView::check);
    connect(m_table, &QTableWidget::cellDoubleClicked, this, &CertificateView::check);
    row->addStretch(1);
    row->addWidget(close);
    column->addLayout(row);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &CertificateView::showSelected);
    resize(720, 480);
    reload();
}

void CertificateView::reload(const QString &note) {
    m_intro->setText(tr("Looking…"));
    onFinished(this, m_service.certificates(),
               [this, note](const Result<KeyRing> &ring) { fill(ring, note); });
}

void CertificateView::fill(const Result<KeyRing> &ring, const QString &note) {
    m_table->setRowCount(0);
    m_detail->clear();
    m_check->setEnabled(false);
    m_pin->setEnabled(false);
    if (!ring) {
        m_intro->setText(errorLine(ring.error()));
        emit loaded();
        return;
    }
    m_ring = *ring;
    m_intro->setText(m_ring.certificates.empty()
                         ? tr("There are none yet. Import your own certificate and key, and the "
                              "certificates of people you write to, or drop their files here.")
                         : tr("Yours, and those of people you write to. Choose one for its "
                              "details."));
    if (!note.isEmpty()) {
        m_intro->setText(note);
    }
    m_table->setRowCount(static_cast<int>(m_ring.certificates.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto &one = m_ring.certificates[static_cast<std::size_t>(row)];
        QStringList addresses;
        for (const auto &address : one.addresses) {
            addresses << toQString(address);
        }
        const auto look = lookOf(one.state);
        m_table->setItem(row, 0, new QTableWidgetItem(addresses.join(QStringLiteral(", "))));
        const auto word = m_ring.pinned.contains(one.fingerprint)
                              ? tr("%1, always used").arg(tr(look.word))
                              : tr(look.word);
        m_table->setItem(
            row, 1, new QTableWidgetItem(themedIcon(QLatin1String(look.icon), look.tone), word));
        m_table->setItem(
            row, 2,
            new QTableWidgetItem(wording::timeText(one.notAfter).section(QLatin1Char(','), 0, 0)));
        m_table->setItem(row, 3, new QTableWidgetItem(keyText(one.privateKey)));
    }
    fitColumns(m_table);
    emit loaded();
}

const crypto::CertificateInfo *CertificateView::selected() const {
    const int row = m_table->currentRow();
    return row < 0 || row >= static_cast<int>(m_ring.certificates.size())
               ? nullptr
               : &m_ring.certificates[static_cast<std::size_t>(row)];
}

void CertificateView::showSelected() {
    const auto *one = selected();
    if (one == nullptr) {
        return;
    }
    m_check->setEnabled(true);
    const bool pinned = m_ring.pinned.contains(one->fingerprint);
    m_pin->setEnabled(!one->addresses.empty());
    m_pin->setText(pinned ? tr("Don’t always &use it") : tr("Always &use it"));
    describe(m_pin, pinned ? tr("Don’t always use it") : tr("Always use it"),
             pinned ? tr("The best certificate for the address is chosen by itself again.")
                    : tr("Messages to its address are encrypted to it alone, whatever other "
                         "certificates come."));
    m_detail->setText(
        tr("%1\nIssued by %2\nSHA-256 %3")
            .arg(toQString(one->subject), toQString(one->issuer), toQString(one->fingerprint)));
}

void CertificateView::togglePin() {
    const auto *one = selected();
    if (one == nullptr || one->addresses.empty()) {
        return;
    }
    const bool pinned = m_ring.pinned.contains(one->fingerprint);
    const auto address = one->addresses.front();
    const auto note =
        pinned ? tr("The best certificate of %1 is chosen by itself again.").arg(toQString(address))
               : tr("Messages to %1 are always encrypted to this certificate.")
                     .arg(toQString(address));
    m_pin->setEnabled(false);
    onFinished(this, m_service.pinCertificate(address, pinned ? std::string() : one->fingerprint),
               [this, note](const Result<void> &done) {
                   if (!done) {
                       m_dialogs.error(this, wording::text(done.error()));
                   } else {
                       emit imported();
                   }
                   reload(done ? note : QString());
               });
}

void CertificateView::find() {
    auto *dialog = new FindCertificateDialog(m_service, m_dialogs, {}, this);
    connect(dialog, &FindCertificateDialog::changed, this, [this] {
        reload();
        emit imported();
    });
    connect(dialog, &FindCertificateDialog::askRequested, this, &CertificateView::askRequested);
    dialog->open();
}

void CertificateView::check() {
    const auto *one = selected();
    if (one == nullptr) {
        return;
    }
    ExaminedCertificates what;
    what.fingerprint = one->fingerprint;
    auto *view = new ChainView(m_service, m_dialogs, std::move(what), this);
    connect(view, &ChainView::changed, this, [this] {
        reload();
        emit imported();
    });
    connect(view, &ChainView::askRequested, this, &CertificateView::askRequested);
    connect(view, &ChainView::askRequested, view, &QDialog::close);
    view->open();
}

void CertificateView::readCard() {
    m_card->setEnabled(false);
    m_intro->setText(tr("Reading the card…"));
    onFinished(this, m_service.readCard(), [this](const Result<crypto::CardSummary> &card) {
        m_card->setEnabled(true);
        if (!card) {
            m_dialogs.error(this, wording::text(card.error()));
            reload();
            return;
        }
        emit imported();
        reload(wording::text(*card));
    });
}

void CertificateView::chooseFile() {
    m_dialogs.openFiles(this, tr("Import certificates"),
                        tr("Certificates and keys (*.p12 *.pfx *.pem *.cer *.crt *.der *.p7b "
                           "*.p7c);;All files (*)"),
                        [this](const QStringList &files) {
                            for (const auto &file : files) {
                                importFile(file);
                            }
                        });
}

void CertificateView::dragEnterEvent(QDragEnterEvent *event) {
    if (m_import->isEnabled() && !localFiles(event->mimeData()).isEmpty()) {
        event->acceptProposedAction();
    }
}

void CertificateView::dropEvent(QDropEvent *event) {
    event->acceptProposedAction();
    for (const auto &file : localFiles(event->mimeData())) {
        importFile(file);
    }
}

void CertificateView::importFile(const QString &file) {
    if (!isKeyFile(file)) {
        import(file, nullptr);
        return;
    }
    m_dialogs.passphrase(this, tr("Passphrase of the key file"),
                         tr("Whoever issued the file gave you its passphrase."),
                         [this, file](const QString &given) {
                             import(file, std::make_shared<SecretBytes>(given.toStdString()));
                         });
}

void CertificateView::import(const QString &file, std::shared_ptr<SecretBytes> passphrase) {
    m_import->setEnabled(false);
    m_intro->setText(tr("Importing…"));
    const std::filesystem::path path(QFile::encodeName(file).toStdString());
    onFinished(this, m_service.importCertificates(path, std::move(passphrase)),
               [this](const Result<ImportResult> &result) {
                   m_import->setEnabled(true);
                   if (!result) {
                       m_dialogs.error(this, wording::text(result.error()));
                   } else {
                       emit imported();
                   }
                   reload();
               });
}

} // namespace sealpost::ui
