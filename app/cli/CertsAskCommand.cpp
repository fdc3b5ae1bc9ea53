// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CertsVerbs.h"
#include "cli/Planning.h"
#include "cli/Sending.h"
#include "cli/Text.h"
#include "wording/AskText.h"

#include <algorithm>

namespace sealpost::cli {

namespace {

class AskCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb(
            "ask",
            "Ask somebody for their certificate: a signed message that says how they answer");
        m_verb.option("address", m_address, "Whom").required().typeName("ADDRESS");
        m_verb.option("--account", m_account, "The account to send from").typeName("NAME");
        m_verb.option("--confirm", m_confirmed, "Confirm what the plan owes; may be repeated")
            .repeatable()
            .typeName("ID");
        m_verb.option("--justify", m_justification, "Your reason, where one is owed")
            .typeName("TEXT");
        m_verb.flag("--queue", m_queue, "Keep it in the outbox where sending fails for now");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto message = write(context);
        if (!message) {
            return output.fail(message.error());
        }
        const auto plan = makePlan(context, *message);
        if (!plan) {
            return output.fail(plan.error());
        }
        const bool isSigned = std::none_of(
            (*plan)->transmissions.begin(), (*plan)->transmissions.end(),
            [](const send::Transmission &one) { return one.signerFingerprint.empty(); });
        if (!(*plan)->blocked() && !isSigned) {
            return output.fail(Error{"ask.no-certificate",
                                     "certs.ask",
                                     Reaction::FixInput,
                                     {},
                                     (*plan)->draft.from.spec()});
        }
        return sendPlan(
            context, **plan,
            {(*plan)->digest, {m_confirmed.begin(), m_confirmed.end()}, m_justification},
            m_queue ? send::OnTemporaryFailure::Keep : send::OnTemporaryFailure::Discard);
    }

private:
    [[nodiscard]] Result<MessageOptions::Message> write(Context &context) const {
        const auto address = mail::Address::parse(m_address);
        if (!address) {
            return fail(address.error());
        }
        const auto runtime = context.runtime();
        if (!runtime) {
            return fail(runtime.error());
        }
        const auto accounts = (*runtime)->accounts();
        if (!accounts) {
            return fail(accounts.error());
        }
        auto account = (*accounts)->find(m_account);
        if (!account) {
            return fail(account.error());
        }
        MessageOptions::Message message;
        message.account = std::move(*account);
        const auto text =
            wording::askForCertificate(toQString(message.account.address.shortName()));
        message.draft.account = message.account.name;
        message.draft.from = message.account.address;
        message.draft.to = {*address};
        message.draft.subject = text.subject.toStdString();
        message.draft.body = text.body.toStdString();
        return message;
    }

    std::string m_address;
    std::string m_account;
    std::string m_justification;
    std::vector<std::string> m_confirmed;
    bool m_queue = false;
};

} // namespace

std::unique_ptr<Command> makeCertsAskCommand() {
    return std::make_unique<AskCommand>();
}

} // namespace sealpost::cli
