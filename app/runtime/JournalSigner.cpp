// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/JournalSigner.h"

#include "base/Base64.h"

#include <charconv>

namespace sealpost::runtime {

namespace {

constexpr std::string_view kEvent = "journal.signed";
constexpr std::string_view kLastSigned = "journal-signed";

//! What is signed: anybody can write it down again from an exported journal.
std::string statement(std::int64_t lines, const std::string &chain) {
    return "Sealpost journal\nlines: " + std::to_string(lines) + "\nchain: " + chain + "\n";
}

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string fact(const store::JournalLine &line, const char *name) {
    const auto found = line.facts.find(name);
    return found == line.facts.end() ? std::string() : found->second;
}

} // namespace

bool vouchesFor(const crypto::SignatureFacts &signature) {
    using crypto::CertificateState;
    if (signature.math != crypto::SignatureMath::Good) {
        return false;
    }
    switch (signature.signer.state) {
    case CertificateState::Usable:
    case CertificateState::Expiring:
    case CertificateState::RevocationUnknown:
        return true;
    case CertificateState::Expired:
        return signature.signingTime && *signature.signingTime <= signature.signer.notAfter;
    case CertificateState::None:
    case CertificateState::NotYetValid:
    case CertificateState::Revoked:
    case CertificateState::Untrusted:
    case CertificateState::WrongUsage:
    case CertificateState::WrongAddress:
    case CertificateState::WeakKey:
        return false;
    }
    return false;
}

JournalSigner::JournalSigner(std::shared_ptr<store::AuditJournal> journal, store::SealedFacts facts,
                             std::shared_ptr<crypto::MessageSealer> sealer,
                             std::shared_ptr<crypto::CmsReader> reader,
                             std::shared_ptr<const Clock> clock)
    : m_journal(std::move(journal)), m_facts(std::move(facts)), m_sealer(std::move(sealer)),
      m_reader(std::move(reader)), m_clock(std::move(clock)) {}

Result<bool> JournalSigner::isDue(std::chrono::hours every) const {
    if (every.count() == 0) {
        return false;
    }
    const auto end = m_journal->end();
    if (!end) {
        return fail(end.error());
    }
    const auto last = m_facts.read(kLastSigned);
    if (!last) {
        return fail(last.error());
    }
    if (!*last) {
        return end->lines > 0;
    }
    // "LINES TIME", with the signature's own line counted.
    const auto space = (*last)->find(' ');
    const auto time = base::fromIso8601((*last)->substr(space + 1));
    const auto now = m_clock->now();
    // A clock that was set back must not put it off for good.
    return end->lines > number(**last) && (now >= time + every || now < time);
}

Result<void> JournalSigner::sign(const std::string &fingerprint, Deadline deadline) {
    const auto end = m_journal->end();
    if (!end) {
        return fail(end.error());
    }
    const auto text = statement(end->lines, end->chain);
    const auto signature = m_sealer->signDetached(crypto::contentOf(text), {fingerprint}, deadline);
    if (!signature) {
        return fail(signature.error());
    }
    auto written = m_journal->append(kEvent, {{"lines", std::to_string(end->lines)},
                                              {"chain", end->chain},
                                              {"signer", fingerprint},
                                              {"signature", base::toBase64(*signature)}});
    if (!written) {
        return written;
    }
    return m_facts.write({{std::string(kLastSigned), std::to_string(end->lines + 1) + ' ' +
                                                         base::toIso8601(m_clock->now())}});
}

Result<std::vector<JournalSignature>> JournalSigner::check(Deadline deadline,
                                                           const std::stop_token &stop) const {
    const auto lines = m_journal->list();
    if (!lines) {
        return fail(lines.error());
    }
    std::vector<JournalSignature> signatures;
    for (const auto &line : *lines) {
        if (line.event == kEvent) {
            signatures.push_back(checkOne(*lines, line, deadline, stop));
        }
    }
    return signatures;
}

JournalSignature JournalSigner::checkOne(const std::vector<store::JournalLine> &lines,
                                         const store::JournalLine &line, Deadline deadline,
                                         const std::stop_token &stop) const {
    JournalSignature found;
    found.line = line.sequence;
    found.lines = number(fact(line, "lines"));
    found.time = line.time;
    // Lines are numbered from 1 without gaps, and a signature can't vouch for what comes after it.
    const bool named =
        found.lines > 0 && found.lines < line.sequence &&
        lines.at(static_cast<std::size_t>(found.lines) - 1).chain == fact(line, "chain");
    if (!named) {
        found.fault = "other-journal";
        return found;
    }
    const auto cms = base::fromBase64(fact(line, "signature"));
    const auto text = statement(found.lines, fact(line, "chain"));
    auto verified =
        cms ? m_reader->verify(*cms, text, deadline, stop)
            : Result<crypto::SignedContent>(fail("cms.unreadable", "journal", Reaction::FixInput));
    if (!verified || verified->signatures.size() != 1) {
        found.fault = "unreadable";
        return found;
    }
    found.facts = std::move(verified->signatures.front());
    const bool good = found.facts.math == crypto::SignatureMath::Good &&
                      found.facts.signer.fingerprint == fact(line, "signer");
    found.fault = !good ? "signature" : vouchesFor(found.facts) ? "" : "signer";
    return found;
}

} // namespace sealpost::runtime
