// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/NewFile.h"
#include "cli/OutboxVerbs.h"
#include "cli/Text.h"
#include "runtime/JournalUpkeep.h"

#include <chrono>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTime{2};

class ReceiptCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("receipt", "Write a receipt that others can check");
        m_verb.option("id", m_id, "The entry's number, of outbox list").required().typeName("ID");
        m_verb
            .option("--out", m_file,
                    "Write into this new file: PDF where its name ends in .pdf, else JSON")
            .required()
            .typeName("FILE");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto form =
            m_file.ends_with(".pdf") ? runtime::ReceiptForm::Pdf : runtime::ReceiptForm::Json;
        const auto made =
            runtime::makeReceipt(**runtime, m_id, form, Deadline::after(kTime), context.stop);
        if (!made) {
            return output.fail(made.error());
        }
        if (const auto done = writeNew(m_file, made->file); !done) {
            return output.fail(done.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("file"), toQString(m_file)},
                           {QStringLiteral("signed_by"), toQString(made->signedBy)}});
        }
        output.line(QStringLiteral("Written: %1").arg(toQString(m_file)));
        if (made->signedBy.empty()) {
            output.notice(QStringLiteral("You have no certificate for this address, so the receipt "
                                         "is not signed and proves nothing to others."));
        }
        return ExitCode::Done;
    }

private:
    std::int64_t m_id = 0;
    std::string m_file;
};

} // namespace

std::unique_ptr<Command> makeOutboxReceiptCommand() {
    return std::make_unique<ReceiptCommand>();
}

} // namespace sealpost::cli
