// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/SentCopies.h"

#include "send/RetrySchedule.h"
#include "send/SealToOneself.h"

#include <QTemporaryFile>
#include <algorithm>
#include <charconv>
#include <optional>
#include <random>

namespace sealpost::runtime {

namespace {

constexpr std::string_view kStage = "sent-copy";
constexpr int kRecent = 200;
constexpr std::chrono::hours kLongest{7 * 24};

const mail::Account *accountOf(const std::vector<mail::Account> &accounts,
                               const store::OutboxEntry &entry) {
    const auto found = std::find_if(accounts.begin(), accounts.end(), [&](const auto &account) {
        return account.name == entry.account;
    });
    return found == accounts.end() || found->imapHost.empty() ? nullptr : &*found;
}

//! Not where the clock was set back since.
bool isPutOff(const store::OutboxEntry &entry, Time now) {
    return now < entry.nextCopy && entry.nextCopy <= now + kLongest;
}

//! What is sealed lies here while its size is not known.
class FileSink final : public base::ByteSink {
public:
    explicit FileSink(QTemporaryFile &file) : m_file(file) {}
    [[nodiscard]] Result<void> write(std::string_view bytes) override {
        const auto size = static_cast<qint64>(bytes.size());
        return m_file.write(bytes.data(), size) == size
                   ? Result<void>()
                   : fail("file.unwritable", kStage, Reaction::Retry,
                          m_file.errorString().toStdString());
    }

private:
    QTemporaryFile &m_file;
};

class FileSource final : public base::ByteSource {
public:
    explicit FileSource(QTemporaryFile &file) : m_file(file) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> into) override {
        const auto count = m_file.read(into.data(), static_cast<qint64>(into.size()));
        return count < 0
                   ? Result<std::size_t>(fail("sent-copy.unreadable", kStage, Reaction::Retry))
                   : static_cast<std::size_t>(count);
    }

private:
    QTemporaryFile &m_file;
};

//! An account's mailbox, with what it signs in to submission.
Result<net::ImapMailbox> mailboxOf(Runtime &runtime, const mail::Account &account,
                                   const SecretBytes &secret) {
    if (account.signIn == mail::SignIn::Certificate || account.userName.empty()) {
        return fail("imap.password-needed", kStage, Reaction::FixInput, {}, account.name);
    }
    net::ImapMailbox mailbox;
    mailbox.host = account.imapHost;
    mailbox.port = account.imapPort;
    mailbox.userName = account.userName;
    mailbox.secret = secret.clone();
    mailbox.proof =
        account.signIn == mail::SignIn::OAuth ? net::ImapProof::Token : net::ImapProof::Password;
    mailbox.caFile = runtime.tlsRoots();
    mailbox.way = runtime.networkWay();
    return mailbox;
}

class Copier {
public:
    Copier(Runtime &runtime, std::shared_ptr<store::Outbox> outbox, Deadline deadline,
           std::stop_token stop)
        : m_runtime(runtime), m_outbox(std::move(outbox)), m_deadline(deadline),
          m_stop(std::move(stop)) {}

    Result<void> copy(const mail::Account &account, const store::OutboxEntry &entry);

private:
    Result<void> put(const mail::Account &account, const store::OutboxEntry &entry);
    Result<void> putInto(const net::ImapMailbox &mailbox, const store::OutboxEntry &entry);
    Result<void> putSealed(const net::ImapMailbox &mailbox, const store::OutboxEntry &entry);
    [[nodiscard]] Result<std::string> certificateOf(const std::string &address) const;
    void postpone(const store::OutboxEntry &entry, const Error &error);

    Runtime &m_runtime;
    std::shared_ptr<store::Outbox> m_outbox;
    Deadline m_deadline;
    std::stop_token m_stop;
};

Result<void> Copier::copy(const mail::Account &account, const store::OutboxEntry &entry) {
    if (auto there = put(account, entry); !there) {
        postpone(entry, there.error());
        return there;
    }
    if (auto marked = m_outbox->markCopied(entry.id); !marked) {
        return marked;
    }
    const auto journal = m_runtime.journal();
    return journal ? (*journal)->append("sent-copy.stored", {{"outbox", std::to_string(entry.id)},
                                                             {"message-id", entry.messageId},
                                                             {"server", account.imapHost}})
                   : fail(journal.error());
}

Result<void> Copier::put(const mail::Account &account, const store::OutboxEntry &entry) {
    const auto credentials = submit::readCredentials(*m_runtime.keychain(), m_runtime.tokens(),
                                                     account, m_deadline, m_stop);
    auto mailbox = credentials ? mailboxOf(m_runtime, account, credentials->secret)
                               : fail(credentials.error());
    if (!mailbox) {
        return fail(mailbox.error());
    }
    auto done = putInto(*mailbox, entry);
    if (done || done.error().code != "imap.login" || !credentials->renew) {
        return done;
    }
    // A token that the server does not take any more is renewed once.
    auto renewed = credentials->renew();
    if (!renewed) {
        return fail(std::move(renewed.error()));
    }
    mailbox->secret = std::move(*renewed);
    return putInto(*mailbox, entry);
}

Result<void> Copier::putInto(const net::ImapMailbox &mailbox, const store::OutboxEntry &entry) {
    if (entry.route != base::toString(RouteKind::Smime)) {
        return putSealed(mailbox, entry);
    }
    const auto message = m_outbox->message(entry.id);
    return message ? net::appendToSent(mailbox, **message, entry.size, m_deadline, m_stop)
                   : fail(message.error());
}

Result<void> Copier::putSealed(const net::ImapMailbox &mailbox, const store::OutboxEntry &entry) {
    const auto own = certificateOf(entry.envelopeFrom);
    const auto finder = own ? m_runtime.certificates() : fail(own.error());
    const auto policy = finder ? m_runtime.effectivePolicy() : fail(finder.error());
    if (!policy) {
        return fail(policy.error());
    }
    QTemporaryFile file(
        QString::fromStdU16String((m_runtime.profile().folder / "sealed-copy-XXXXXX").u16string()));
    if (!file.open()) {
        return fail("file.unwritable", kStage, Reaction::Retry, file.errorString().toStdString());
    }
    crypto::SmimeEngine engine(*finder);
    FileSink sealed(file);
    auto done = send::sealToOneself([&] { return m_outbox->message(entry.id); }, *own,
                                    policy->policy.smime, engine, sealed);
    if (!done) {
        return done;
    }
    const auto size = static_cast<ByteCount>(file.pos());
    file.seek(0);
    FileSource source(file);
    return net::appendToSent(mailbox, source, size, m_deadline, m_stop);
}

//! The sender's own, to encrypt to.
Result<std::string> Copier::certificateOf(const std::string &address) const {
    const auto finder = m_runtime.certificates();
    const auto found = finder
                           ? (*finder)->findForAddress(address, crypto::CertificatePurpose::Encrypt,
                                                       m_deadline, m_stop)
                           : fail(finder.error());
    if (!found) {
        return fail(found.error());
    }
    const auto good = std::find_if(found->begin(), found->end(), [](const auto &info) {
        return info.state == crypto::CertificateState::Usable ||
               info.state == crypto::CertificateState::Expiring;
    });
    return good == found->end() ? Result<std::string>(fail("sent-copy.no-certificate", kStage,
                                                           Reaction::FixInput, {}, address))
                                : good->fingerprint;
}

void Copier::postpone(const store::OutboxEntry &entry, const Error &error) {
    std::random_device chance;
    const auto now = m_runtime.clock()->now();
    const auto next = send::nextTry({kLongest}, entry.changed, entry.copyTries + 1, now,
                                    static_cast<double>(chance()) / std::random_device::max());
    (void)m_outbox->postponeCopy(entry.id, next.value_or(now + kLongest));
    if (const auto journal = m_runtime.journal()) {
        (void)(*journal)->append("sent-copy.failed", {{"outbox", std::to_string(entry.id)},
                                                      {"message-id", entry.messageId},
                                                      {"error", error.code}});
    }
}

} // namespace

std::optional<ImapServer> imapServerFrom(const std::string &text) {
    ImapServer server;
    const auto colon = text.rfind(':');
    auto host = mail::toALabelDomain(text.substr(0, colon));
    if (!host || host->empty()) {
        return std::nullopt;
    }
    server.host = std::move(*host);
    if (colon != std::string::npos) {
        std::uint16_t number = 0;
        const auto *const last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data() + colon + 1, last, number);
        if (error != std::errc() || end != last || number == 0) {
            return std::nullopt;
        }
        server.port = Port{number};
    }
    return server;
}

Result<std::string> testImap(Runtime &runtime, const mail::Account &account,
                             const SecretBytes &secret, Deadline deadline,
                             const std::stop_token &stop) {
    const auto mailbox = mailboxOf(runtime, account, secret);
    return mailbox ? net::findSentFolder(*mailbox, deadline, stop) : fail(mailbox.error());
}

Result<int> copySent(Runtime &runtime, Deadline deadline, const std::stop_token &stop) {
    const auto accounts = runtime.accounts();
    const auto known = accounts ? (*accounts)->list() : fail(accounts.error());
    if (!known) {
        return fail(known.error());
    }
    if (std::all_of(known->begin(), known->end(),
                    [](const auto &account) { return account.imapHost.empty(); })) {
        return 0;
    }
    const auto lock = runtime.profile().lockCopying();
    const auto outbox = lock ? runtime.outbox() : fail(lock.error());
    const auto entries = outbox ? (*outbox)->page(std::nullopt, kRecent) : fail(outbox.error());
    if (!entries) {
        return fail(entries.error());
    }
    Copier copier(runtime, *outbox, deadline, stop);
    int copied = 0;
    std::optional<Error> first;
    for (const auto &entry : *entries) {
        const auto now = runtime.clock()->now();
        const auto *account = accountOf(*known, entry);
        if (account == nullptr || entry.copied || entry.state != store::OutboxState::Accepted ||
            now >= entry.changed + kLongest || isPutOff(entry, now)) {
            continue;
        }
        const auto done = copier.copy(*account, entry);
        copied += done ? 1 : 0;
        if (!done && !first) {
            first = done.error();
        }
    }
    return first ? Result<int>(fail(*first)) : copied;
}

} // namespace sealpost::runtime
