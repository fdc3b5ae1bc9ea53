// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/AgentTransaction.h"
#include "crypto/GpgAgent.h"
#include "crypto/GpgmeSession.h"

#include <algorithm>
#include <gpg-error.h>

namespace sealpost::crypto {
namespace {

//! What "LEARN --sendinfo" tells, and in it the ids under which READCERT may find certificates.
struct Learnt {
    CardContent content;
    std::vector<std::string> ids;
};

std::string_view wordOf(std::string_view text, std::size_t index) {
    for (; index > 0; --index) {
        const auto space = text.find(' ');
        text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    }
    return text.substr(0, text.find(' '));
}

Learnt read(const std::vector<AgentStatus> &statuses) {
    Learnt learnt;
    for (const auto &[keyword, arguments] : statuses) {
        if (keyword == "SERIALNO") {
            learnt.content.serial = wordOf(arguments, 0);
        } else if (keyword == "KEYPAIRINFO") { // keygrip, id, …; "X" where the slot has no key
            if (wordOf(arguments, 0).size() == 40) {
                learnt.content.keygrips.emplace_back(wordOf(arguments, 0));
            }
            learnt.ids.emplace_back(wordOf(arguments, 1));
        } else if (keyword == "CERTINFO") { // type, id
            learnt.ids.emplace_back(wordOf(arguments, 1));
        } else if (keyword == "APPTYPE" && wordOf(arguments, 0) == "openpgp") {
            learnt.ids.emplace_back("OPENPGP.3"); // such a card has one certificate, there
        }
    }
    std::sort(learnt.ids.begin(), learnt.ids.end());
    learnt.ids.erase(std::unique(learnt.ids.begin(), learnt.ids.end()), learnt.ids.end());
    return learnt;
}

} // namespace

std::optional<Error> cardError(const GpgME::Error &error) {
    const auto make = [](const char *code, Reaction reaction) {
        return Error{code, "card", reaction};
    };
    switch (static_cast<int>(gpg_err_code(static_cast<gpg_error_t>(error.encodedError())))) {
    case GPG_ERR_CARD_NOT_PRESENT:
    case GPG_ERR_CARD_REMOVED:
    case GPG_ERR_CARD_RESET:
    case GPG_ERR_WRONG_CARD:
    case GPG_ERR_ENODEV:
        return make("card.missing", Reaction::FixInput);
    case GPG_ERR_NO_SCDAEMON:
        return make("card.no-support", Reaction::AskAdmin);
    case GPG_ERR_NO_PIN_ENTRY:
        return make("card.no-pinentry", Reaction::AskAdmin);
    case GPG_ERR_BAD_PIN:
        return make("card.pin", Reaction::FixInput);
    case GPG_ERR_PIN_BLOCKED:
        return make("card.blocked", Reaction::AskAdmin);
    case GPG_ERR_CANCELED:
    case GPG_ERR_FULLY_CANCELED:
        return make("card.cancelled", Reaction::FixInput);
    case GPG_ERR_CARD:
    case GPG_ERR_CARD_NOT_INITIALIZED:
    case GPG_ERR_INV_CARD:
    case GPG_ERR_INV_ID:
    case GPG_ERR_NOT_SUPPORTED:
    case GPG_ERR_UNSUPPORTED_OPERATION:
        return make("card.unsupported", Reaction::AskAdmin);
    default:
        return std::nullopt;
    }
}

Result<CardContent> GpgAgent::readCard() {
    auto &context = m_session->context();
    // The agent's answer to LEARN is "removed" for every trouble; the daemon's own says more.
    if (auto there = check(transact(context, "SCD SERIALNO", {}, nullptr), "SERIALNO"); !there) {
        return fail(there.error());
    }
    std::vector<AgentStatus> statuses;
    if (auto done =
            check(transact(context, "LEARN --sendinfo", {{"KNOWNCERTP", ""}}, nullptr, &statuses),
                  "LEARN");
        !done) {
        return fail(done.error());
    }
    auto learnt = read(statuses);
    for (const auto &id : learnt.ids) {
        std::string certificate;
        const auto error = transact(context, "SCD READCERT " + id, {}, &certificate);
        if (error.encodedError() == 0 && !certificate.empty()) {
            learnt.content.certificates.push_back(std::move(certificate));
        }
    }
    return std::move(learnt.content);
}

} // namespace sealpost::crypto
