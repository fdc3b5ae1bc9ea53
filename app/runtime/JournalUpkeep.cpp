// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/JournalUpkeep.h"

#include "runtime/EventLogForwarder.h"
#include "runtime/JournalForwarder.h"
#include "wording/ReceiptText.h"

#include <QJsonDocument>
#include <QSysInfo>
#include <algorithm>

namespace sealpost::runtime {

namespace {

using crypto::CertificateState;

bool canSign(const crypto::CertificateInfo &certificate) {
    return certificate.state == CertificateState::Usable ||
           certificate.state == CertificateState::Expiring ||
           certificate.state == CertificateState::RevocationUnknown;
}

//! The certificate that signs for an account's address; empty where there is none.
Result<std::string> signerFor(crypto::CertificateFinder &finder, const mail::Account &account,
                              Deadline deadline, const std::stop_token &stop) {
    const auto found = finder.findForAddress(account.address.spec(),
                                             crypto::CertificatePurpose::Sign, deadline, stop);
    if (!found) {
        return fail(found.error());
    }
    std::string best;
    for (const auto &certificate : *found) {
        const bool wanted = certificate.fingerprint == account.signingFingerprint;
        if (canSign(certificate) && (best.empty() || wanted)) {
            best = certificate.fingerprint;
        }
    }
    return best;
}

//! Of the first account that has one.
Result<std::string> anySigner(Runtime &runtime, Deadline deadline, const std::stop_token &stop) {
    const auto accounts = runtime.accounts();
    const auto known = accounts ? (*accounts)->list() : fail(accounts.error());
    if (!known) {
        return fail(known.error());
    }
    const auto finder = runtime.certificates();
    if (!finder) {
        return fail(finder.error());
    }
    for (const auto &account : *known) {
        auto signer = signerFor(**finder, account, deadline, stop);
        if (!signer || !signer->empty()) {
            return signer;
        }
    }
    return std::string();
}

Result<JournalSigner> signerOf(Runtime &runtime) {
    const auto journal = runtime.journal();
    if (!journal) {
        return fail(journal.error());
    }
    const auto opened = runtime.database();
    if (!opened) {
        return fail(opened.error());
    }
    const auto certificates = runtime.certificates();
    if (!certificates) {
        return fail(certificates.error());
    }
    return JournalSigner(*journal, store::SealedFacts(*opened),
                         std::make_shared<crypto::SmimeEngine>(*certificates),
                         crypto::newCmsReader(*certificates), runtime.clock());
}

//! The line on how the entry's last try ended.
Result<std::optional<store::JournalLine>> lineOf(Runtime &runtime, std::int64_t outboxId) {
    const auto journal = runtime.journal();
    auto lines = journal ? (*journal)->list() : fail(journal.error());
    if (!lines) {
        return fail(lines.error());
    }
    const auto id = std::to_string(outboxId);
    const auto found = std::find_if(lines->rbegin(), lines->rend(), [&](const auto &line) {
        const auto outbox = line.facts.find("outbox");
        return line.event.starts_with("submission.") && outbox != line.facts.end() &&
               outbox->second == id;
    });
    return found == lines->rend() ? std::optional<store::JournalLine>() : std::move(*found);
}

ReceiptStatement statementOf(Runtime &runtime, QJsonObject receipt,
                             std::optional<store::JournalLine> line) {
    ReceiptStatement statement;
    for (const auto &[label, value] : wording::receiptRows(receipt)) {
        statement.page.push_back({label.toStdString(), value.toStdString()});
    }
    statement.title = wording::receiptTitle().toStdString();
    statement.note = wording::receiptNote().toStdString();
    statement.issued = runtime.clock()->now();
    statement.line = std::move(line);
    statement.receipt = std::move(receipt);
    return statement;
}

//! Of the account by whose name the message went, as it is now.
Result<std::string> signerOfEntry(Runtime &runtime, const store::OutboxEntry &entry,
                                  Deadline deadline, const std::stop_token &stop) {
    mail::Account sender;
    const auto accounts = runtime.accounts();
    if (const auto account = accounts ? (*accounts)->find(entry.account) : fail(accounts.error())) {
        sender = *account;
    }
    const auto address = mail::Address::parse(entry.envelopeFrom);
    if (!address) {
        return std::string();
    }
    sender.address = *address;
    const auto finder = runtime.certificates();
    return finder ? signerFor(**finder, sender, deadline, stop) : fail(finder.error());
}

} // namespace

Result<bool> signJournal(Runtime &runtime, SignWhen when, Deadline deadline,
                         const std::stop_token &stop) {
    const auto effective = runtime.effectivePolicy();
    if (!effective) {
        return fail(effective.error());
    }
    auto signer = signerOf(runtime);
    if (!signer) {
        return fail(signer.error());
    }
    if (when == SignWhen::Due) {
        auto due = signer->isDue(effective->policy.journal.signEvery);
        if (!due || !*due) {
            return due;
        }
    }
    const auto fingerprint = anySigner(runtime, deadline, stop);
    if (!fingerprint) {
        return fail(fingerprint.error());
    }
    if (fingerprint->empty()) {
        return false;
    }
    auto done = signer->sign(*fingerprint, deadline);
    return done ? Result<bool>(true) : fail(done.error());
}

Result<std::vector<JournalSignature>> checkJournalSignatures(Runtime &runtime, Deadline deadline,
                                                             const std::stop_token &stop) {
    const auto signer = signerOf(runtime);
    return signer ? signer->check(deadline, stop) : fail(signer.error());
}

Result<std::int64_t> forwardJournal(Runtime &runtime, Deadline deadline,
                                    const std::stop_token &stop) {
    const auto effective = runtime.effectivePolicy();
    if (!effective) {
        return fail(effective.error());
    }
    const auto &rules = effective->policy.journal;
    if (rules.syslogHost.empty()) {
        return fail("syslog.not-set", "syslog", Reaction::AskAdmin);
    }
    SyslogServer server;
    server.host = rules.syslogHost;
    server.port = Port{rules.syslogPort};
    server.caFile =
        rules.syslogAuthority.empty() ? runtime.tlsRoots() : std::optional(rules.syslogAuthority);
    const auto journal = runtime.journal();
    const auto opened = runtime.database();
    const auto resolver = runtime.resolver();
    if (!journal || !opened || !resolver) {
        return fail(!journal ? journal.error() : !opened ? opened.error() : resolver.error());
    }
    JournalForwarder forwarder(*journal, store::SealedFacts(*opened), *resolver);
    return forwarder.forward(server, QSysInfo::machineHostName().toStdString(), deadline, stop);
}

Result<std::int64_t> reportJournal(Runtime &runtime) {
    const auto log = systemEventLog();
    if (!log) {
        return fail(log.error());
    }
    if (!*log) {
        return fail("eventlog.none", "eventlog", Reaction::FixInput);
    }
    const auto journal = runtime.journal();
    const auto opened = journal ? runtime.database() : fail(journal.error());
    return opened ? EventLogForwarder(*journal, store::SealedFacts(*opened)).forward(**log)
                  : fail(opened.error());
}

Result<MadeReceipt> makeReceipt(Runtime &runtime, std::int64_t outboxId, ReceiptForm form,
                                Deadline deadline, const std::stop_token &stop) {
    const auto outbox = runtime.outbox();
    const auto entry = outbox ? (*outbox)->entry(outboxId) : fail(outbox.error());
    if (!entry) {
        return fail(entry.error());
    }
    auto receipt = QJsonDocument::fromJson(QByteArray::fromStdString(entry->receiptJson)).object();
    if (receipt.isEmpty()) {
        return fail("receipt.none", "receipt", Reaction::FixInput, {}, std::to_string(outboxId));
    }
    auto line = lineOf(runtime, outboxId);
    if (!line) {
        return fail(line.error());
    }
    auto signer = signerOfEntry(runtime, *entry, deadline, stop);
    if (!signer) {
        return fail(signer.error());
    }
    const auto certificates = runtime.certificates();
    if (!certificates) {
        return fail(certificates.error());
    }
    crypto::SmimeEngine sealer(*certificates);
    auto file = writeReceipt(statementOf(runtime, std::move(receipt), std::move(*line)), form,
                             sealer, *signer, deadline);
    if (!file) {
        return fail(file.error());
    }
    return MadeReceipt{std::move(*file), std::move(*signer)};
}

Result<CheckedReceipt> checkReceipt(Runtime &runtime, std::string_view file, Deadline deadline,
                                    const std::stop_token &stop) {
    const auto certificates = runtime.certificates();
    if (!certificates) {
        return fail(certificates.error());
    }
    return checkReceipt(file, *crypto::newCmsReader(*certificates), deadline, stop);
}

} // namespace sealpost::runtime
