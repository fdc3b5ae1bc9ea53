// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/Text.h"
#include "policy/PolicyLayers.h"
#include "wording/Wording.h"

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

QJsonArray toJson(const std::vector<policy::TlsException> &entries) {
    QJsonArray array;
    for (const auto &entry : entries) {
        array.append(
            QJsonObject{{QStringLiteral("domain"), toQString(entry.domain)},
                        {QStringLiteral("reference"), toQString(entry.reference)},
                        {QStringLiteral("expires_at"), toQString(base::toIso8601(entry.expires))}});
    }
    return array;
}

void tellEnded(Output &output, const std::vector<policy::TlsException> &entries) {
    for (const auto &entry : entries) {
        output.notice(wording::endedText(entry));
    }
}

Result<policy::EffectivePolicy> effectivePolicy(Context &context) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    return (*runtime)->effectivePolicy();
}

//! "machine, /etc/sealpost/policy.toml:3:1, locked by /etc/sealpost/policy.toml"
QString originText(const policy::Origin &origin) {
    auto text = toQString(policy::toString(origin.layer));
    if (origin.layer != policy::LayerKind::BuiltIn) {
        text += QStringLiteral(", ") + positionText(origin.position);
    }
    if (origin.locked) {
        text += QStringLiteral(", locked by ") + toQString(origin.lockedBy.source);
    }
    return text;
}

QJsonObject toJson(const policy::Origin &origin) {
    return {{QStringLiteral("layer"), toQString(policy::toString(origin.layer))},
            {QStringLiteral("source"), toQString(origin.position.source)},
            {QStringLiteral("line"), static_cast<qint64>(origin.position.line)},
            {QStringLiteral("column"), static_cast<qint64>(origin.position.column)},
            {QStringLiteral("locked"), origin.locked},
            {QStringLiteral("locked_by"), toQString(origin.lockedBy.source)}};
}

class ShowCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("show", "The policy that holds here, and where from");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto effective = effectivePolicy(context);
        if (!effective) {
            return output.fail(effective.error());
        }
        const auto ended = policy::endedExceptions(effective->policy, base::SystemClock().now());
        QJsonObject values;
        QJsonObject origins;
        for (const auto &[key, text] : effective->texts) {
            const auto &origin = effective->origins.at(key);
            values.insert(toQString(key), toQString(text));
            origins.insert(toQString(key), toJson(origin));
            output.line(QStringLiteral("%1 = %2    # %3")
                            .arg(toQString(key), toQString(text), originText(origin)));
        }
        if (output.json()) {
            output.object({{QStringLiteral("policy"), values},
                           {QStringLiteral("origins"), origins},
                           {QStringLiteral("refused"), toJson(effective->refused)},
                           {QStringLiteral("ended_exceptions"), toJson(ended)}});
            return ExitCode::Done;
        }
        for (const auto &problem : effective->refused) {
            output.notice(wording::text(problem));
        }
        tellEnded(output, ended);
        return ExitCode::Done;
    }
};

QString stateWord(const runtime::PolicySource &source) {
    if (!source.used) {
        return QStringLiteral("not-used");
    }
    return source.inForce ? QStringLiteral("in-force") : QStringLiteral("unusable");
}

QJsonObject toJson(const runtime::PolicySource &source) {
    QJsonObject object{{QStringLiteral("layer"), toQString(policy::toString(source.layer))},
                       {QStringLiteral("source"), toQString(source.place)},
                       {QStringLiteral("state"), stateWord(source)},
                       {QStringLiteral("problems"), toJson(source.problems)}};
    if (source.trouble) {
        const auto words = wording::text(*source.trouble);
        object.insert(QStringLiteral("error"), QJsonObject{{QStringLiteral("code"), words.code},
                                                           {QStringLiteral("text"), words.what},
                                                           {QStringLiteral("next"), words.next}});
    }
    if (const auto &bundle = source.bundle) {
        const auto signedAt = bundle->signedAt ? base::toIso8601(*bundle->signedAt) : "";
        object.insert(
            QStringLiteral("bundle"),
            QJsonObject{
                {QStringLiteral("version"), static_cast<qint64>(bundle->header.version)},
                {QStringLiteral("expires_at"), toQString(base::toIso8601(bundle->header.expires))},
                {QStringLiteral("signer"), toQString(bundle->signer)},
                {QStringLiteral("signed_at"), toQString(signedAt)},
                {QStringLiteral("fetched_at"), toQString(base::toIso8601(bundle->fetched))},
                {QStringLiteral("clock_set_back"), bundle->clockSetBack}});
    }
    return object;
}

class SourcesCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("sources", "Where policies and their values come from");
        m_verb.flag("--fresh", m_fresh, "Ask for the organisation's rules now");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto reading =
            (*runtime)->policyReading(m_fresh ? runtime::Asking::Now : runtime::Asking::WhenDue);
        showSources(output, reading.sources);
        if (reading.effective) {
            showValues(output, *reading.effective);
        }
        if (output.json()) {
            QJsonArray sources;
            for (const auto &source : reading.sources) {
                sources.append(toJson(source));
            }
            output.object({{QStringLiteral("sources"), sources}});
        }
        return reading.effective ? ExitCode::Done : output.fail(reading.effective.error());
    }

private:
    bool m_fresh = false;

    static void showSources(Output &output, const std::vector<runtime::PolicySource> &sources) {
        if (output.json()) {
            return;
        }
        std::vector<QStringList> rows;
        for (const auto &source : sources) {
            rows.push_back({stateWord(source), toQString(policy::toString(source.layer)),
                            toQString(source.place)});
            if (const auto &bundle = source.bundle) {
                rows.push_back(
                    {QString(), QString(),
                     QStringLiteral("version %1, until %2, fetched %3, signed by %4")
                         .arg(QString::number(bundle->header.version),
                              wording::timeText(bundle->header.expires),
                              wording::timeText(bundle->fetched), toQString(bundle->signer))});
                if (bundle->clockSetBack) {
                    rows.push_back({QString(), QString(),
                                    QStringLiteral("This computer's clock was set back.")});
                }
            }
        }
        output.table(rows);
        output.line();
        for (const auto &source : sources) {
            for (const auto &problem : source.problems) {
                output.notice(wording::text(problem));
            }
            if (source.trouble && source.inForce) {
                output.explain(*source.trouble);
            }
        }
    }

    static void showValues(Output &output, const policy::EffectivePolicy &effective) {
        std::vector<QStringList> rows;
        for (const auto &[key, origin] : effective.origins) {
            if (output.json()) {
                auto object = toJson(origin);
                object.insert(QStringLiteral("key"), toQString(key));
                output.object(object);
                continue;
            }
            rows.push_back({toQString(key), originText(origin)});
        }
        output.table(rows);
    }
};

class CheckCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("check", "Check a policy file");
        m_verb.option("file", m_file, "The file").required().typeName("FILE");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto layer = policy::readPolicyFile(toPath(m_file), policy::DocumentKind::Any);
        if (!layer) {
            return output.fail(layer.error());
        }
        const auto ended = endedIn(*layer);
        if (output.json()) {
            output.object({{QStringLiteral("file"), toQString(m_file)},
                           {QStringLiteral("problems"), toJson(layer->problems)},
                           {QStringLiteral("ended_exceptions"), toJson(ended)}});
        }
        if (layer->problems.empty()) {
            output.line(QStringLiteral("%1 is a valid policy.").arg(toQString(m_file)));
            tellEnded(output, ended);
            return ExitCode::Done;
        }
        for (const auto &problem : layer->problems) {
            output.notice(wording::text(problem));
        }
        return ExitCode::Permanent;
    }

private:
    std::string m_file;

    static std::vector<policy::TlsException> endedIn(const policy::PolicyLayer &layer) {
        policy::PolicyStack stack;
        stack.user = layer;
        const auto alone = policy::layerPolicies(policy::builtInPolicy(), stack);
        return alone ? policy::endedExceptions(alone->policy, base::SystemClock().now())
                     : std::vector<policy::TlsException>();
    }
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
