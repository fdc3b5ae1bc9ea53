// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CertsVerbs.h"
#include "cli/Text.h"
#include "mail/Address.h"

#include <chrono>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTime{1};

void report(Output &output, const mail::Address &address, const std::string &fingerprint) {
    if (output.json()) {
        output.object({{QStringLiteral("address"), toQString(address.spec())},
                       {QStringLiteral("pinned"), toQString(fingerprint)}});
    }
}

class PinCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb =
            parent.addVerb("pin", "Always encrypt to this certificate of an address's several");
        m_verb.option("address", m_address, "Whose").required().typeName("ADDRESS");
        m_verb.option("which", m_which, "Its fingerprint, at least 8 digits of it")
            .required()
            .typeName("FINGERPRINT");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto address = mail::Address::parse(m_address);
        if (!address) {
            return output.fail(address.error());
        }
        const auto store = openStore(context);
        if (!store) {
            return output.fail(store.error());
        }
        const auto done = (*store)->pin(address->spec(), m_which, Deadline::after(kTime));
        if (!done) {
            return output.fail(done.error());
        }
        report(output, *address, (*store)->pinnedFor(address->spec()).value_or(std::string()));
        output.line(QStringLiteral("Messages to %1 are encrypted to this certificate alone, until "
                                   "\"certs unpin %1\".")
                        .arg(toQString(address->spec())));
        return ExitCode::Done;
    }

private:
    std::string m_address;
    std::string m_which;
};

class UnpinCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("unpin", "Choose an address's certificate by itself again");
        m_verb.option("address", m_address, "Whose").required().typeName("ADDRESS");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto address = mail::Address::parse(m_address);
        if (!address) {
            return output.fail(address.error());
        }
        const auto store = openStore(context);
        if (!store) {
            return output.fail(store.error());
        }
        const auto done = (*store)->unpin(address->spec());
        if (!done) {
            return output.fail(done.error());
        }
        report(output, *address, {});
        output.line(QStringLiteral("The best certificate of %1 is chosen by itself again.")
                        .arg(toQString(address->spec())));
        return ExitCode::Done;
    }

private:
    std::string m_address;
};

} // namespace

std::unique_ptr<Command> makeCertsPinCommand() {
    return std::make_unique<PinCommand>();
}
std::unique_ptr<Command> makeCertsUnpinCommand() {
    return std::make_unique<UnpinCommand>();
}

} // namespace sealpost::cli
