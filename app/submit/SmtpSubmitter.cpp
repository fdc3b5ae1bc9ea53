// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/SmtpSubmitter.h"

#include "base/Text.h"
#include "submit/MessagePipeline.h"

#include <utility>

namespace sealpost::submit {

namespace {

SubmitOutcome blankFor(const mail::Account &account) {
    SubmitOutcome blank;
    blank.server = account.host + ":" + std::to_string(static_cast<std::uint16_t>(account.port));
    return blank;
}

//! What is known once the login has ended, well or not.
void tellOf(ServerLogin &login, SubmitOutcome &blank) {
    blank.mechanism = login.mechanism();
    if (login.session() != nullptr) {
        blank.tls = login.session()->peer();
    }
}

std::vector<SubmitOutcome> concludeAll(const SubmitOutcome &blank,
                                       std::span<const Submission> submissions,
                                       const Failure &failure) {
    std::vector<SubmitOutcome> outcomes;
    for (const auto &submission : submissions) {
        auto &outcome = outcomes.emplace_back(blank);
        for (const auto &recipient : submission.recipients) {
            outcome.recipients.push_back({recipient, Delivery::NotSent, {}});
        }
        conclude(outcome, failure);
        if (submission.finished) {
            submission.finished(outcome);
        }
    }
    return outcomes;
}

} // namespace

const ServerTrust &SmtpSubmitter::trustFor(const mail::Account &account) const {
    const ServerTrust *best = &m_config.trust;
    std::size_t longest = 0;
    for (const auto &[domain, trust] : m_config.hosts) {
        if (domain.size() > longest && base::isSameOrSubdomain(account.host, domain)) {
            longest = domain.size();
            best = &trust;
        }
    }
    return *best;
}

std::vector<SubmitOutcome> SmtpSubmitter::submit(const mail::Account &account,
                                                 const Credentials &credentials,
                                                 std::span<const Submission> submissions,
                                                 Deadline deadline, std::stop_token stop) {
    auto blank = blankFor(account);
    ServerLogin login(*m_config.resolver, trustFor(account), account, deadline, std::move(stop));
    const auto step = login.open(credentials);
    tellOf(login, blank);
    if (!step) {
        if (login.session() != nullptr) {
            login.session()->quit();
        }
        return concludeAll(blank, submissions, step.error());
    }
    auto outcomes = MessagePipeline(*login.session(), std::move(blank)).run(submissions);
    login.session()->quit();
    return outcomes;
}

SubmitOutcome SmtpSubmitter::test(const mail::Account &account, const Credentials &credentials,
                                  Deadline deadline, std::stop_token stop) {
    auto outcome = blankFor(account);
    ServerLogin login(*m_config.resolver, trustFor(account), account, deadline, std::move(stop));
    const auto step = login.open(credentials);
    tellOf(login, outcome);
    if (!step) {
        conclude(outcome, step.error());
    }
    if (login.session() != nullptr) {
        login.session()->quit();
    }
    outcome.delivery = Delivery::NotSent;
    return outcome;
}

} // namespace sealpost::submit
