// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/OutboxVerbs.h"
#include "cli/PlanText.h"
#include "cli/Sending.h"
#include "cli/Text.h"
#include "runtime/OutboxActs.h"
#include "wording/Wording.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace sealpost::cli {

namespace {

//! For whom it has not ended; none of an entry that is done.
std::vector<std::string> waitingOf(const store::OutboxEntry &entry) {
    const bool done =
        entry.state == store::OutboxState::Accepted || entry.state == store::OutboxState::Failed;
    return done ? std::vector<std::string>() : entry.waiting();
}

QJsonObject toJson(const store::OutboxEntry &entry) {
    const auto text = [](const std::string &value) { return QString::fromStdString(value); };
    QJsonArray recipients;
    for (const auto &recipient : entry.recipients) {
        recipients.append(text(recipient));
    }
    QJsonArray waiting;
    for (const auto &recipient : waitingOf(entry)) {
        waiting.append(text(recipient));
    }
    return {{QStringLiteral("id"), static_cast<qint64>(entry.id)},
            {QStringLiteral("state"), toQString(store::toString(entry.state))},
            {QStringLiteral("created"), text(base::toIso8601(entry.created))},
            {QStringLiteral("changed"), text(base::toIso8601(entry.changed))},
            {QStringLiteral("account"), text(entry.account)},
            {QStringLiteral("route"), text(entry.route)},
            {QStringLiteral("envelope_from"), text(entry.envelopeFrom)},
            {QStringLiteral("recipients"), recipients},
            {QStringLiteral("waiting"), waiting},
            {QStringLiteral("message_id"), text(entry.messageId)},
            {QStringLiteral("size"), static_cast<qint64>(entry.size)},
            {QStringLiteral("attempts"), entry.attempts},
            {QStringLiteral("next_try"),
             entry.nextTry == Time{} ? QJsonValue() : text(base::toIso8601(entry.nextTry))},
            {QStringLiteral("last_error"), text(entry.lastError)}};
}

Result<std::shared_ptr<store::Outbox>> openOutbox(Context &context) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    return (*runtime)->outbox();
}

class ListCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("list", "What waits, and how the others ended");
    }

    ExitCode run(Context &context) override {
        const auto outbox = openOutbox(context);
        if (!outbox) {
            return context.output.fail(outbox.error());
        }
        const auto entries = (*outbox)->list();
        if (!entries) {
            return context.output.fail(entries.error());
        }
        if (entries->empty()) {
            context.output.line(QStringLiteral("The outbox is empty."));
        }
        std::vector<QStringList> rows;
        for (const auto &entry : *entries) {
            if (context.output.json()) {
                context.output.object(toJson(entry));
                continue;
            }
            QStringList recipients;
            for (const auto &recipient : entry.recipients) {
                recipients.append(QString::fromStdString(recipient));
            }
            rows.push_back({QString::number(entry.id), wording::outboxStateWord(entry.state),
                            wording::timeText(entry.changed), recipients.join(QStringLiteral(", ")),
                            QString::fromStdString(entry.lastError)});
        }
        context.output.table(rows);
        return ExitCode::Done;
    }
};

//! A verb about one entry.
class EntryCommand : public SingleCommand {
public:
    ExitCode run(Context &context) final {
        auto &output = context.output;
        const auto outbox = openOutbox(context);
        if (!outbox) {
            return output.fail(outbox.error());
        }
        const auto entry = (*outbox)->entry(m_id);
        if (!entry) {
            return output.fail(entry.error());
        }
        return runOn(context, **outbox, *entry);
    }

protected:
    void defineEntry(const Verb &parent, const char *name, const char *description) {
        m_verb = parent.addVerb(name, description);
        m_verb.option("id", m_id, "The entry's number, of outbox list").required().typeName("ID");
    }
    [[nodiscard]] virtual ExitCode runOn(Context &context, store::Outbox &outbox,
                                         const store::OutboxEntry &entry) = 0;
    [[nodiscard]] static ExitCode showAfter(Context &context, const store::Outbox &outbox,
                                            std::int64_t id) {
        const auto after = outbox.entry(id);
        if (!after) {
            return context.output.fail(after.error());
        }
        if (context.output.json()) {
            context.output.object(toJson(*after));
        }
        context.output.line(
            QStringLiteral("%1: %2").arg(id).arg(wording::outboxStateWord(after->state)));
        return ExitCode::Done;
    }

private:
    std::int64_t m_id = 0;
};

class ShowCommand final : public EntryCommand {
public:
    void define(const Verb &parent) override {
        defineEntry(parent, "show", "One entry, with the proof of its last try");
    }

protected:
    ExitCode runOn(Context &context, store::Outbox & /*outbox*/,
                   const store::OutboxEntry &entry) override {
        auto &output = context.output;
        const auto receipt =
            QJsonDocument::fromJson(QByteArray::fromStdString(entry.receiptJson)).object();
        if (output.json()) {
            auto object = toJson(entry);
            object.insert(QStringLiteral("receipt"),
                          receipt.isEmpty() ? QJsonValue() : QJsonValue(receipt));
            output.object(object);
        }
        std::vector<QStringList> rows;
        const auto row = [&rows](const char *name, const QString &value) {
            if (!value.isEmpty()) {
                rows.push_back({QLatin1String(name), value});
            }
        };
        row("State", wording::outboxStateWord(entry.state));
        row("Since", wording::timeText(entry.changed));
        row("Tries", QString::number(entry.attempts));
        if (entry.state == store::OutboxState::Deferred && entry.nextTry != Time{}) {
            row("Next try", wording::timeText(entry.nextTry));
        }
        row("Message-ID", QString::fromStdString(entry.messageId));
        row("Server", receipt.value(QLatin1String("server")).toString());
        row("TLS", receipt.value(QLatin1String("tls_version")).toString());
        row("Reply", receipt.value(QLatin1String("reply")).toString());
        for (const auto &one : receipt.value(QLatin1String("recipients")).toArray()) {
            const auto recipient = one.toObject();
            rows.push_back({recipient.value(QLatin1String("address")).toString(),
                            recipient.value(QLatin1String("delivery")).toString(),
                            recipient.value(QLatin1String("reply")).toString()});
        }
        output.table(rows);
        const auto error = receipt.value(QLatin1String("error")).toObject();
        if (!error.isEmpty()) {
            const auto word = [&error](const char *key) {
                return error.value(QLatin1String(key)).toString().toStdString();
            };
            output.line(
                wording::text(
                    Error{word("code"), word("stage"), Reaction::AskAdmin, word("detail"), {}})
                    .what);
        }
        if (entry.state == store::OutboxState::Uncertain) {
            output.line(QStringLiteral("Ask the recipient whether it came, then use: "
                                       "outbox resolve %1 --sent or --not-sent")
                            .arg(entry.id));
        }
        return ExitCode::Done;
    }
};

class RetryCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("retry", "Try again to send what waits");
        const auto id =
            m_verb.option("id", m_id, "The entry's number, of outbox list").typeName("ID");
        m_verb.flag("--due", m_due, "Every entry that waits and whose time has come").excludes(id);
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        if (m_id == 0 && !m_due) {
            return output.usage(QStringLiteral("Name an entry, or say --due."));
        }
        const auto outbox = openOutbox(context);
        if (!outbox) {
            return output.fail(outbox.error());
        }
        auto &runtime = **context.runtime();
        const auto code = m_due ? all(context, runtime) : one(context, runtime);
        putCopies(context, runtime);
        return code;
    }

private:
    ExitCode one(Context &context, runtime::Runtime &runtime) const {
        auto &output = context.output;
        const auto receipt = runtime::retryEntry(runtime, m_id, context.stop);
        return receipt ? show(output, {*receipt}) : output.fail(receipt.error());
    }

    static ExitCode all(Context &context, runtime::Runtime &runtime) {
        auto &output = context.output;
        const auto due = runtime::sendDue(runtime, send::DueFor::Time, context.stop);
        if (!due) {
            return output.fail(due.error());
        }
        auto code = show(output, due->receipts);
        for (const auto &[id, error] : due->notTried) {
            output.notice(QStringLiteral("Entry %1 waits on:").arg(id));
            const auto failed = output.fail(error);
            code = code == ExitCode::Done ? failed : code;
        }
        if (due->receipts.empty() && due->notTried.empty()) {
            output.line(QStringLiteral("Nothing was due."));
        }
        return code;
    }

    static ExitCode show(Output &output, const std::vector<send::Receipt> &receipts) {
        if (output.json()) {
            QJsonArray array;
            for (const auto &receipt : receipts) {
                array.append(send::toJson(receipt));
            }
            output.object({{QStringLiteral("receipts"), array}});
        }
        printReceipts(output, receipts);
        return exitCodeFor(receipts);
    }

    std::int64_t m_id = 0;
    bool m_due = false;
};

class ResolveCommand final : public EntryCommand {
public:
    void define(const Verb &parent) override {
        defineEntry(parent, "resolve", "Say how an uncertain entry ended");
        const auto sent = m_verb.flag("--sent", m_sent, "It arrived: never send it again");
        m_verb.flag("--not-sent", m_notSent, "It did not arrive: it waits again").excludes(sent);
    }

protected:
    ExitCode runOn(Context &context, store::Outbox &outbox,
                   const store::OutboxEntry &entry) override {
        auto &output = context.output;
        if (!m_sent && !m_notSent) {
            return output.usage(QStringLiteral("Say how it ended: --sent or --not-sent."));
        }
        const auto how = m_sent ? runtime::Ended::Arrived : runtime::Ended::NotArrived;
        if (const auto set = runtime::resolveEntry(**context.runtime(), entry.id, how); !set) {
            return output.fail(set.error());
        }
        return showAfter(context, outbox, entry.id);
    }

private:
    bool m_sent = false;
    bool m_notSent = false;
};

class DiscardCommand final : public EntryCommand {
public:
    void define(const Verb &parent) override {
        defineEntry(parent, "discard", "Remove an entry and its message for good");
    }

protected:
    ExitCode runOn(Context &context, store::Outbox & /*outbox*/,
                   const store::OutboxEntry &entry) override {
        auto &output = context.output;
        if (const auto gone = runtime::discardEntry(**context.runtime(), entry.id); !gone) {
            return output.fail(gone.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("discarded"), static_cast<qint64>(entry.id)}});
        }
        output.line(QStringLiteral("Entry %1 is gone.").arg(entry.id));
        return ExitCode::Done;
    }
};

QStringList specsOf(const std::vector<mail::Address> &addresses) {
    QStringList specs;
    for (const auto &address : addresses) {
        specs.append(QString::fromStdString(address.spec()));
    }
    return specs;
}

class TakeBackCommand final : public EntryCommand {
public:
    void define(const Verb &parent) override {
        defineEntry(parent, "take-back",
                    "Make a draft again of what has not reached everybody; it is not sent");
    }

protected:
    ExitCode runOn(Context &context, store::Outbox & /*outbox*/,
                   const store::OutboxEntry &entry) override {
        auto &output = context.output;
        const auto draft = runtime::takeBackEntry(**context.runtime(), entry.id);
        if (!draft) {
            return output.fail(draft.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("taken_back"), static_cast<qint64>(entry.id)},
                           {QStringLiteral("draft"), QString::fromStdString(draft->id)},
                           {QStringLiteral("to"), QJsonArray::fromStringList(specsOf(draft->to))},
                           {QStringLiteral("cc"), QJsonArray::fromStringList(specsOf(draft->cc))},
                           {QStringLiteral("bcc"), QJsonArray::fromStringList(specsOf(draft->bcc))},
                           {QStringLiteral("subject"), QString::fromStdString(draft->subject)},
                           {QStringLiteral("body"), QString::fromStdString(draft->body)}});
        }
        output.line(QStringLiteral("Entry %1 is a draft again, for: %2. The window shows it.")
                        .arg(QString::number(entry.id),
                             (specsOf(draft->to) + specsOf(draft->cc) + specsOf(draft->bcc))
                                 .join(QStringLiteral(", "))));
        return ExitCode::Done;
    }
};

} // namespace

std::unique_ptr<Command> makeOutboxCommand() {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(std::make_unique<ListCommand>());
    verbs.push_back(std::make_unique<ShowCommand>());
    verbs.push_back(makeOutboxReceiptCommand());
    verbs.push_back(std::make_unique<RetryCommand>());
    verbs.push_back(std::make_unique<ResolveCommand>());
    verbs.push_back(std::make_unique<TakeBackCommand>());
    verbs.push_back(std::make_unique<DiscardCommand>());
    return std::make_unique<CommandGroup>("outbox", "Messages on their way", std::move(verbs));
}

} // namespace sealpost::cli
