// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CertsVerbs.h"
#include "cli/Text.h"
#include "runtime/RevocationUpkeep.h"

#include <chrono>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTime{5};

class CertsRefreshCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb(
            "refresh", "Fetch, before they are needed, the revocation lists of your certificates "
                       "and of the people you write to");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto done =
            runtime::refreshRevocation(**runtime, Deadline::after(kTime), context.stop);
        if (!done) {
            return output.fail(done.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("lists"), done->lists},
                           {QStringLiteral("fetched"), done->fetched},
                           {QStringLiteral("failed"), done->failed}});
        } else {
            output.line(
                QStringLiteral("Revocation lists looked at: %1, fetched anew: %2, out of reach: %3")
                    .arg(done->lists)
                    .arg(done->fetched)
                    .arg(done->failed));
        }
        return done->failed == 0 ? ExitCode::Done : ExitCode::Temporary;
    }
};

} // namespace

std::unique_ptr<Command> makeCertsRefreshCommand() {
    return std::make_unique<CertsRefreshCommand>();
}

} // namespace sealpost::cli
