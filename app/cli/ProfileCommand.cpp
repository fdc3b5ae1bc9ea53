// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/Text.h"
#include "runtime/ProfileArchive.h"
#include "runtime/StoreKey.h"

namespace sealpost::cli {

namespace {

//! A verb that works on a file under a passphrase.
class ArchiveCommand : public SingleCommand {
protected:
    void defineArchive(const Verb &parent, const char *name, const char *description) {
        m_verb = parent.addVerb(name, description);
        m_verb.option("file", m_file, "The profile's file").required().typeName("FILE");
        m_verb
            .option("--passphrase-file", m_passphraseFile,
                    "The passphrase is this file's first line; - standard input")
            .typeName("FILE");
    }
    [[nodiscard]] tl::expected<SecretBytes, ExitCode> passphrase(Context &context) const {
        return context.secret(m_passphraseFile, "--passphrase-file", "Passphrase of the file: ");
    }
    [[nodiscard]] ExitCode done(Output &output, const QString &line) const {
        if (output.json()) {
            output.object({{QStringLiteral("file"), toQString(m_file)}});
        }
        output.line(line);
        return ExitCode::Done;
    }

    std::string m_file;
    std::string m_passphraseFile;
};

class ExportCommand final : public ArchiveCommand {
public:
    void define(const Verb &parent) override {
        defineArchive(parent, "export", "Write the whole profile, keys too, under a passphrase");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        const auto opened = runtime ? (*runtime)->database() : fail(runtime.error());
        if (!opened) {
            return output.fail(opened.error());
        }
        const auto secret = passphrase(context);
        if (!secret) {
            return secret.error();
        }
        constexpr std::size_t kShortest = 12;
        if (secret->size() < kShortest) {
            return output.badInput(QStringLiteral("export.short-passphrase"),
                                   QStringLiteral("The passphrase is too short for private keys."),
                                   QStringLiteral("Take at least 12 characters."));
        }
        const auto written = runtime::exportProfile((*runtime)->profile(), *(*runtime)->keychain(),
                                                    *opened, toPath(m_file), *secret);
        return written ? done(output, QStringLiteral("Written: %1. Whoever has it and its "
                                                     "passphrase can read your mail and send as "
                                                     "you.")
                                          .arg(toQString(m_file)))
                       : output.fail(written.error());
    }
};

class ImportCommand final : public ArchiveCommand {
public:
    void define(const Verb &parent) override {
        defineArchive(parent, "import", "Take an exported profile into this empty one");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto secret = passphrase(context);
        if (!secret) {
            return secret.error();
        }
        const auto taken = runtime::importProfile((*runtime)->profile(), *(*runtime)->keychain(),
                                                  toPath(m_file), *secret);
        return taken ? done(output, QStringLiteral("The profile is here. See it with: sealpost-cli "
                                                   "doctor"))
                     : output.fail(taken.error());
    }
};

class RekeyCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("rekey", "Put everything in the store under a new key");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        const auto opened = runtime ? (*runtime)->database() : fail(runtime.error());
        if (!opened) {
            return output.fail(opened.error());
        }
        // A window would go on with the old key.
        const auto window = (*runtime)->profile().lockWindow();
        if (!window) {
            return output.fail(window.error());
        }
        const auto lock = (*runtime)->profile().lockSending();
        if (!lock) {
            return output.fail(lock.error());
        }
        // In the journal before: afterwards this program can't write any more.
        const auto journal = (*runtime)->journal();
        const auto noted =
            journal ? (*journal)->append("store.rekeyed", {}) : fail(journal.error());
        if (!noted) {
            return output.fail(noted.error());
        }
        if (const auto changed = runtime::changeStoreKey(*(*runtime)->keychain(), *opened);
            !changed) {
            return output.fail(changed.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("rekeyed"), true}});
        }
        output.line(QStringLiteral("Everything in the store is under a new key."));
        return ExitCode::Done;
    }
};

} // namespace

std::unique_ptr<Command> makeProfileCommand() {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(std::make_unique<ExportCommand>());
    verbs.push_back(std::make_unique<ImportCommand>());
    verbs.push_back(std::make_unique<RekeyCommand>());
    return std::make_unique<CommandGroup>("profile", "This profile as a whole", std::move(verbs));
}

} // namespace sealpost::cli
