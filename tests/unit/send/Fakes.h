// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainAssessor.h"
#include "crypto/CertificateStore.h"
#include "crypto/SmimeEngine.h"
#include "send/SendExecutor.h"
#include "send/SendPlanner.h"

#include <atomic>
#include <functional>
#include <map>
#include <string>

//! What stands in for network and keys around planner and executor.
namespace sealpost::send::testing {

class FixedClock final : public Clock {
public:
    [[nodiscard]] Time now() const override { return m_now; }
    void advance(std::chrono::seconds by) { m_now += by; }

private:
    Time m_now = base::fromIso8601("2026-11-23T12:00:00Z");
};

class FakeReports final : public assurance::ReportSource {
public:
    std::map<std::string, Assurance> assurances; //!< others are Unknown
    std::atomic<int> asked = 0;
    [[nodiscard]] assurance::DomainReport assess(const std::string &domain,
                                                 assurance::Freshness /*freshness*/,
                                                 Deadline /*deadline*/,
                                                 std::stop_token /*stop*/) override {
        ++asked;
        assurance::DomainReport report;
        report.domain = domain;
        const auto found = assurances.find(domain);
        report.assurance = found == assurances.end() ? Assurance::Unknown : found->second;
        return report;
    }
};

class FakeCertificates final : public crypto::CertificateFinder {
public:
    std::map<std::string, crypto::CertificateInfo> byAddress;
    void add(const std::string &address) {
        crypto::CertificateInfo info;
        info.state = crypto::CertificateState::Usable;
        info.fingerprint = "fp-" + address;
        byAddress[address] = info;
    }
    [[nodiscard]] Result<std::vector<crypto::CertificateInfo>>
    findForAddress(std::string_view address, crypto::CertificatePurpose /*purpose*/,
                   Deadline /*deadline*/, std::stop_token /*stop*/) override {
        const auto found = byAddress.find(std::string(address));
        return found == byAddress.end() ? std::vector<crypto::CertificateInfo>{}
                                        : std::vector<crypto::CertificateInfo>{found->second};
    }
};

//! "Encrypts" by naming the recipients and counting the bytes, so that a test can read who got what
//! and see that no text came through.
class FakeSealer final : public crypto::MessageSealer {
public:
    std::optional<Error> failure;
    std::optional<crypto::SigningOrder> signing; //!< the last one
    std::optional<crypto::EncryptionOrder> encryption;
    ContentCipher readByAll = ContentCipher::Aes256Cbc;

    [[nodiscard]] Result<std::string> signDetached(const crypto::ContentWriter &content,
                                                   const crypto::SigningOrder &order,
                                                   Deadline /*deadline*/) override {
        signing = order;
        return sizeOf(content).transform(
            [&](std::size_t) { return "signed-by:" + order.fingerprint; });
    }
    [[nodiscard]] Result<void> signOpaque(const crypto::ContentWriter &content,
                                          const crypto::SigningOrder &order, Deadline /*deadline*/,
                                          base::ByteSink &out) override {
        signing = order;
        const auto size = sizeOf(content);
        return size ? out.write("opaque-by:" + order.fingerprint + ";" + std::to_string(*size))
                    : fail(size.error());
    }
    [[nodiscard]] Result<SmimeDigest> digestFor(const std::string & /*fingerprint*/,
                                                SmimeDigest least) override {
        return least;
    }
    [[nodiscard]] Result<ContentCipher>
    cipherFor(std::span<const std::string> /*fingerprints*/) override {
        return readByAll;
    }
    [[nodiscard]] Result<void> encrypt(const crypto::ContentWriter &content,
                                       const crypto::EncryptionOrder &order,
                                       base::ByteSink &out) override {
        if (failure) {
            return fail(*failure);
        }
        encryption = order;
        std::string text = "sealed-for:";
        for (const auto &fingerprint : order.fingerprints) {
            text += fingerprint + ";";
        }
        const auto size = sizeOf(content);
        return size ? out.write(text + std::to_string(*size)) : fail(size.error());
    }

private:
    class Counter final : public base::ByteSink {
    public:
        [[nodiscard]] Result<void> write(std::string_view bytes) override {
            total += bytes.size();
            return {};
        }
        std::size_t total = 0;
    };
    static Result<std::size_t> sizeOf(const crypto::ContentWriter &content) {
        Counter counter;
        return content(counter).transform([&] { return counter.total; });
    }
};

//! Reads the message like a server, and answers as told.
class FakeSubmitter final : public submit::Submitter {
public:
    struct Delivered {
        std::string from;
        std::vector<std::string> recipients;
        std::string message;
    };
    std::vector<Delivered> delivered;
    std::vector<submit::Delivery> answers; //!< one for each submission; Accepted when used up
    bool keepsContent = true;
    Error notSentBecause{"net.refused", "submit.connect", Reaction::Retry, {}, {}};
    std::map<std::string, submit::Delivery> perRecipient; //!< where it differs from the message's
    std::function<void(const Delivered &)> onDelivered;
    int sessions = 0;
    std::vector<submit::Submission> asked;

    [[nodiscard]] std::vector<submit::SubmitOutcome>
    submit(const mail::Account & /*account*/, const submit::Credentials & /*credentials*/,
           std::span<const submit::Submission> submissions, Deadline /*deadline*/,
           std::stop_token /*stop*/) override {
        ++sessions;
        std::vector<submit::SubmitOutcome> outcomes;
        for (const auto &submission : submissions) {
            asked.push_back(submission);
            outcomes.push_back(submitOne(submission));
            submission.finished(outcomes.back());
        }
        return outcomes;
    }
    [[nodiscard]] submit::SubmitOutcome test(const mail::Account & /*account*/,
                                             const submit::Credentials & /*credentials*/,
                                             Deadline /*deadline*/,
                                             std::stop_token /*stop*/) override {
        return {};
    }

private:
    submit::SubmitOutcome submitOne(const submit::Submission &submission) {
        const auto answer =
            m_count < answers.size() ? answers[m_count] : submit::Delivery::Accepted;
        ++m_count;
        submit::SubmitOutcome outcome;
        outcome.server = "smtp.justice.example:465";
        outcome.delivery = answer;
        for (const auto &recipient : submission.recipients) {
            const auto own = perRecipient.find(recipient);
            outcome.recipients.push_back(
                {recipient, own == perRecipient.end() ? answer : own->second, "250 ok"});
        }
        if (answer == submit::Delivery::NotSent) {
            outcome.error = notSentBecause;
            return outcome;
        }
        const auto source = submission.open();
        if (!source) {
            outcome.delivery = submit::Delivery::NotSent;
            outcome.error = source.error();
            return outcome;
        }
        Delivered got{submission.envelopeFrom, submission.recipients, {}};
        std::array<char, 4096> buffer{};
        for (;;) {
            const auto count = (*source)->read(buffer);
            if (!count || *count == 0) {
                break;
            }
            if (keepsContent) {
                got.message.append(buffer.data(), *count);
            }
        }
        if (const auto ready = submission.beforeLastDot(); !ready) {
            outcome.delivery = submit::Delivery::Deferred;
            outcome.error = ready.error();
            return outcome;
        }
        if (answer == submit::Delivery::Accepted || answer == submit::Delivery::Uncertain) {
            delivered.push_back(std::move(got));
            if (onDelivered) {
                onDelivered(delivered.back());
            }
        }
        outcome.reply = "250 2.0.0 Ok: queued as 4F1";
        outcome.queueId = "4F1";
        if (answer != submit::Delivery::Accepted) {
            outcome.error = Error{"submit.reply", "submit.reply", Reaction::Retry, {}, {}};
        }
        return outcome;
    }

    std::size_t m_count = 0;
};

//! Of a message as the server got it.
inline std::string messageIdOf(const std::string &message) {
    constexpr std::string_view kField = "Message-ID: <";
    const auto at = message.find(kField);
    if (at == std::string::npos) {
        return {};
    }
    const auto from = at + kField.size();
    return message.substr(from, message.find('>', from) - from);
}

inline mail::Account account() {
    mail::Account made;
    made.name = "work";
    made.address = mail::Address::parse("Sam Okoro <sam@justice.example>").value();
    made.host = "smtp.justice.example";
    return made;
}

inline mail::Draft draft(const std::string &to) {
    mail::Draft made;
    made.account = "work";
    made.from = account().address;
    made.to = mail::Address::parseList(to).value();
    made.subject = "Minutes of Tuesday";
    made.body = "Dear all,\nthe minutes are below.\n";
    return made;
}

inline Deadline soon() {
    return Deadline::after(std::chrono::seconds(20));
}

} // namespace sealpost::send::testing
