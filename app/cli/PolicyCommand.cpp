// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/Text.h"
#include "policy/PolicyLayers.h"
#include "wording/Wording.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace sealpost::cli {

namespace {

QString positionText(const policy::SourcePosition &position) {
    if (position.line == 0) {
        return toQString(position.source);
    }
    return QStringLiteral("%1:%2:%3")
        .arg(toQString(position.source))
        .arg(position.line)
        .arg(position.column);
}

QJsonObject toJson(const policy::PolicyProblem &problem) {
    return {{QStringLiteral("source"), toQString(problem.position.source)},
            {QStringLiteral("line"), static_cast<qint64>(problem.position.line)},
            {QStringLiteral("column"), static_cast<qint64>(problem.position.column)},
            {QStringLiteral("key"), toQString(problem.key)},
            {QStringLiteral("code"), toQString(problem.code)},
            {QStringLiteral("text"), wording::text(problem)}};
}

QJsonArray toJson(const std::vector<policy::PolicyProblem> &problems) {
    QJsonArray array;
    for (const auto &problem : problems) {
        array.append(toJson(problem));
    }
    return array;
}

Result<policy::EffectivePolicy> effectivePolicy(Context &context) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    return (*runtime)->effectivePolicy();
}

class ShowCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("show", "The policy that holds here");
        m_app->fallthrough();
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto effective = effectivePolicy(context);
        if (!effective) {
            return output.fail(effective.error());
        }
        QJsonObject values;
        for (const auto &[key, text] : effective->texts) {
            values.insert(toQString(key), toQString(text));
            output.line(QStringLiteral("%1 = %2").arg(toQString(key), toQString(text)));
        }
        if (output.json()) {
            output.object({{QStringLiteral("policy"), values},
                           {QStringLiteral("refused"), toJson(effective->refused)}});
            return ExitCode::Done;
        }
        for (const auto &problem : effective->refused) {
            output.notice(wording::text(problem));
        }
        return ExitCode::Done;
    }
};

class SourcesCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("sources", "Where each value of the policy came from");
        m_app->fallthrough();
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto effective = effectivePolicy(context);
        if (!effective) {
            return output.fail(effective.error());
        }
        std::vector<QStringList> rows;
        for (const auto &[key, origin] : effective->origins) {
            if (output.json()) {
                output.object(
                    {{QStringLiteral("key"), toQString(key)},
                     {QStringLiteral("source"), toQString(origin.position.source)},
                     {QStringLiteral("line"), static_cast<qint64>(origin.position.line)},
                     {QStringLiteral("column"), static_cast<qint64>(origin.position.column)},
                     {QStringLiteral("locked"), origin.locked}});
                continue;
            }
            rows.push_back({toQString(key), positionText(origin.position),
                            origin.locked ? QStringLiteral("locked") : QString()});
        }
        output.table(rows);
        return ExitCode::Done;
    }
};

class CheckCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("check", "Check a policy file");
        m_app->fallthrough();
        m_app->add_option("file", m_file, "The file")->required()->type_name("FILE");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto layer = policy::readPolicyFile(toPath(m_file));
        if (!layer) {
            return output.fail(layer.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("file"), toQString(m_file)},
                           {QStringLiteral("problems"), toJson(layer->problems)}});
        }
        if (layer->problems.empty()) {
            output.line(QStringLiteral("%1 is a valid policy.").arg(toQString(m_file)));
            return ExitCode::Done;
        }
        for (const auto &problem : layer->problems) {
            output.notice(wording::text(problem));
        }
        return ExitCode::Permanent;
    }

private:
    std::string m_file;
};

} // namespace

std::unique_ptr<Command> makePolicyCommand() {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(std::make_unique<ShowCommand>());
    verbs.push_back(std::make_unique<CheckCommand>());
    verbs.push_back(std::make_unique<SourcesCommand>());
    return std::make_unique<CommandGroup>("policy", "The rules that hold here", std::move(verbs));
}

} // namespace sealpost::cli
