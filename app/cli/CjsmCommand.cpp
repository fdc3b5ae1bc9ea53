// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "cli/Command.h"
#include "cli/Text.h"
#include "wording/Wording.h"

#include <QJsonArray>
#include <chrono>
#include <fstream>

namespace sealpost::cli {

namespace {

constexpr ByteCount kDirectoryLimit = 256 * base::kMiB;

Result<std::shared_ptr<assurance::CjsmDirectory>> openDirectory(Context &context) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    return (*runtime)->cjsmDirectory();
}

QJsonObject toJson(const assurance::CjsmEntry &entry) {
    const auto name = base::trimmed(entry.firstName + " " + entry.lastName);
    return {{QStringLiteral("name"), toQString(std::string(name))},
            {QStringLiteral("organisation"), toQString(entry.organisation)},
            {QStringLiteral("user_type"), toQString(entry.userType)},
            {QStringLiteral("secure_email"), toQString(entry.secureEmail)},
            {QStringLiteral("business_type"), toQString(entry.businessType)},
            {QStringLiteral("area"), toQString(entry.area)},
            {QStringLiteral("status"), toQString(entry.status)},
            {QStringLiteral("reachable"), entry.active()}};
}

class ImportCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("import", "Replace the directory by that of a CSV file");
        m_verb.option("file", m_file, "The file that CJSM gave; - standard input")
            .typeName("FILE")
            .required();
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        std::ifstream file;
        if (m_file != "-") {
            file.open(toPath(m_file), std::ios::binary);
        }
        const auto bytes = m_file == "-" ? readAll(context.in, kDirectoryLimit)
                           : file        ? readAll(file, kDirectoryLimit)
                                         : std::nullopt;
        if (!bytes || (m_file != "-" && !file.eof())) {
            return output.badInput(
                QStringLiteral("input.unreadable"),
                QStringLiteral("%1 can't be read.").arg(toQString(m_file)),
                QStringLiteral("Check that the file exists and that you may read it."));
        }
        const auto directory = openDirectory(context);
        if (!directory) {
            return output.fail(directory.error());
        }
        const auto told = (*directory)->import(*bytes);
        if (!told) {
            return output.fail(told.error());
        }
        tell(output, *told);
        return ExitCode::Done;
    }

private:
    static void tell(Output &output, const assurance::CjsmImport &told) {
        QJsonArray damaged;
        for (const auto &one : told.damaged) {
            damaged.append(QJsonObject{{QStringLiteral("line"), one.line},
                                       {QStringLiteral("problem"), toQString(one.problem)}});
            output.notice(QStringLiteral("Line %1 was left out: %2.")
                              .arg(one.line)
                              .arg(toQString(one.problem)));
        }
        if (output.json()) {
            output.object(
                {{QStringLiteral("entries"), static_cast<qint64>(told.entries)},
                 {QStringLiteral("active"), static_cast<qint64>(told.active)},
                 {QStringLiteral("damaged_count"), static_cast<qint64>(told.damagedCount)},
                 {QStringLiteral("damaged"), damaged}});
        }
        output.line(QStringLiteral("Imported %1 entries, %2 of them active. Rows left out: %3.")
                        .arg(told.entries)
                        .arg(told.active)
                        .arg(told.damagedCount));
    }

    std::string m_file;
};

class ShowCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("show", "The directory's age, or who is listed under a name");
        m_verb.option("who", m_who, "An address or a domain of either form")
            .typeName("ADDRESS-OR-DOMAIN");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto directory = openDirectory(context);
        if (!directory) {
            return output.fail(directory.error());
        }
        const auto about = (*directory)->about();
        if (!about) {
            return output.fail(about.error());
        }
        const auto entries = m_who.empty() ? Entries() : listed(**directory);
        if (!entries) {
            return output.fail(entries.error());
        }
        const auto now = (*context.runtime())->clock()->now();
        if (output.json()) {
            output.object(json(*about, *entries, now));
        } else {
            print(output, *about, *entries, now);
        }
        return ExitCode::Done;
    }

private:
    using Entries = Result<std::vector<assurance::CjsmEntry>>;
    using About = std::optional<assurance::CjsmAbout>;

    [[nodiscard]] Entries listed(const assurance::CjsmDirectory &directory) const {
        if (m_who.find('@') == std::string::npos) {
            const auto domain = mail::toALabelDomain(m_who);
            return domain ? directory.entriesOf(*domain) : tl::unexpected(domain.error());
        }
        const auto address = mail::Address::parse(m_who);
        return address ? directory.entriesOf(*address) : tl::unexpected(address.error());
    }

    static std::int64_t ageInDays(const About &about, Time now) {
        return std::chrono::floor<std::chrono::days>(now - about->importedAt).count();
    }

    static QJsonObject json(const About &about, const Entries &entries, Time now) {
        QJsonArray list;
        for (const auto &entry : *entries) {
            list.append(toJson(entry));
        }
        QJsonValue directory;
        if (about) {
            directory = QJsonObject{
                {QStringLiteral("imported_at"), toQString(base::toIso8601(about->importedAt))},
                {QStringLiteral("age_days"), static_cast<qint64>(ageInDays(about, now))},
                {QStringLiteral("entries"), static_cast<qint64>(about->entries)},
                {QStringLiteral("active"), static_cast<qint64>(about->active)}};
        }
        return {{QStringLiteral("directory"), directory}, {QStringLiteral("listed"), list}};
    }

    void print(Output &output, const About &about, const Entries &entries, Time now) const {
        if (!about) {
            output.line(QStringLiteral("No CJSM directory has been imported."));
            return;
        }
        output.line(QStringLiteral("CJSM directory of %1 entries, %2 of them active, imported on "
                                   "%3 (%4 days ago).")
                        .arg(about->entries)
                        .arg(about->active)
                        .arg(wording::timeText(about->importedAt))
                        .arg(ageInDays(about, now)));
        if (m_who.empty()) {
            return;
        }
        if (entries->empty()) {
            output.line(QStringLiteral("%1 is not listed. That proves nothing: some government and "
                                       "police users are not in the directory.")
                            .arg(toQString(m_who)));
            return;
        }
        std::vector<QStringList> rows;
        for (const auto &entry : *entries) {
            const auto name = base::trimmed(entry.firstName + " " + entry.lastName);
            rows.push_back({toQString(entry.secureEmail), toQString(entry.status),
                            toQString(std::string(name)), toQString(entry.organisation)});
        }
        output.table(rows);
    }

    std::string m_who;
};

} // namespace

std::unique_ptr<Command> makeCjsmCommand() {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(std::make_unique<ImportCommand>());
    verbs.push_back(std::make_unique<ShowCommand>());
    return std::make_unique<CommandGroup>("cjsm", "The directory of CJSM", std::move(verbs));
}

} // namespace sealpost::cli
