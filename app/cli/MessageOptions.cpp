// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/MessageOptions.h"

#include "cli/Text.h"

#include <QStringDecoder>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace sealpost::cli {

namespace {

constexpr ByteCount kBodyLimit = 50 * base::kMiB;

//! Appends each option's list of addresses; the first that is malformed ends it.
Result<void> addAddresses(const std::vector<std::string> &lists, std::vector<mail::Address> &to) {
    for (const auto &list : lists) {
        const auto parsed = mail::Address::parseList(list);
        if (!parsed) {
            return tl::unexpected(parsed.error());
        }
        to.insert(to.end(), parsed->begin(), parsed->end());
    }
    return {};
}

bool isText(const std::string &bytes) {
    QStringDecoder decoder(QStringDecoder::Utf8, QStringConverter::Flag::Stateless);
    const QString decoded =
        decoder(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return !decoder.hasError() && !decoded.contains(QChar::Null);
}

} // namespace

void MessageOptions::define(const Verb &app) {
    const auto many = [&app](const char *name, std::vector<std::string> &into, const char *text,
                             const char *type) {
        app.option(name, into, text).repeatable().typeName(type);
    };
    app.option("--account", m_account, "Send through this account").typeName("NAME");
    app.option("--from", m_from, "The sender; default: the account's address").typeName("ADDRESS");
    many("--to", m_to, "Recipient; may be repeated, or a list with commas", "ADDRESS");
    many("--cc", m_cc, "Copy to; the same", "ADDRESS");
    many("--bcc", m_bcc, "Blind copy to; the same", "ADDRESS");
    app.option("--subject", m_subject, "Subject").typeName("TEXT");
    app.option("--classification", m_classification, "OFFICIAL or OFFICIAL-SENSITIVE")
        .typeName("MARKING");
    app.option("--handling", m_handling,
               "A handling instruction that your organisation offers, \"RECIPIENTS ONLY\"")
        .typeName("WORDS");
    app.option("--descriptor", m_descriptor,
               "A descriptor that your organisation offers, \"COMMERCIAL\"")
        .typeName("WORDS");
    many("--attach", m_attachments, "Attach a file; may be repeated", "FILE");
    const auto forward =
        app.option("--forward", m_forward, "Send this received message on").typeName("FILE");
    app.option("--forward-as", m_forwardAs, "attached (a file of its own) or inline")
        .oneOf({"attached", "inline"})
        .needs(forward)
        .typeName("FORM");
    app.option("--protect", m_protect, "auto, smime, tls, cjsm or ome").typeName("ROUTE");
    many("--dismiss", m_dismissed, "Say that something was wrongly found, and why; may be repeated",
         "KIND:PLACE=REASON");
    app.option("body", m_body, "File with the message's text; - or nothing: standard input")
        .typeName("BODY-FILE");
}

tl::expected<mail::Draft, ExitCode> MessageOptions::readDraft(Output &output) const {
    mail::Draft draft;
    for (const auto &[lists, addresses] : {std::pair(&m_to, &draft.to), std::pair(&m_cc, &draft.cc),
                                           std::pair(&m_bcc, &draft.bcc)}) {
        if (const auto added = addAddresses(*lists, *addresses); !added) {
            return tl::unexpected(output.fail(added.error()));
        }
    }
    if (!m_from.empty()) {
        const auto from = mail::Address::parse(m_from);
        if (!from) {
            return tl::unexpected(output.fail(from.error()));
        }
        draft.from = *from;
    }
    const auto classification = base::classificationFrom(m_classification);
    if (!classification) {
        return tl::unexpected(output.usage(
            QStringLiteral("There is no classification \"%1\".").arg(toQString(m_classification))));
    }
    draft.classification = *classification;
    if (m_protect != "auto") {
        draft.protect = base::routeKindFrom(m_protect);
        if (!draft.protect || *draft.protect == RouteKind::Blocked) {
            return tl::unexpected(output.usage(
                QStringLiteral("--protect takes auto, smime, tls, cjsm or ome, not \"%1\".")
                    .arg(toQString(m_protect))));
        }
    }
    draft.handling = m_handling;
    draft.descriptor = m_descriptor;
    if (!m_forward.empty()) {
        draft.forward = mail::Forwarded{toPath(m_forward), m_forwardAs == "inline"
                                                               ? mail::ForwardForm::Inline
                                                               : mail::ForwardForm::Attached};
    }
    draft.subject = m_subject;
    for (const auto &file : m_attachments) {
        const auto path = toPath(file);
        draft.attachments.push_back({path, pathText(path.filename()).toStdString()});
    }
    return draft;
}

tl::expected<std::string, ExitCode> MessageOptions::readBody(Context &context) const {
    const auto fromInput = m_body.empty() || m_body == "-";
    if (m_body.empty() && context.inputIsTerminal && !m_forward.empty()) {
        return std::string(); // what is forwarded says enough
    }
    if (m_body.empty() && context.inputIsTerminal) {
        return tl::unexpected(context.output.usage(QStringLiteral(
            "There is no message text: name a file, or - to type it on standard input.")));
    }
    const auto name = fromInput ? QStringLiteral("Standard input") : toQString(m_body);
    std::ifstream file;
    if (!fromInput) {
        std::error_code error;
        const auto path = toPath(m_body);
        if (std::filesystem::is_regular_file(path, error)) {
            file.open(path, std::ios::binary);
        }
        if (!file.is_open()) {
            return tl::unexpected(context.output.badInput(
                QStringLiteral("input.unreadable"), QStringLiteral("%1 can't be read.").arg(name),
                QStringLiteral("Check that the file exists and that you may read it.")));
        }
    }
    auto body = readAll(fromInput ? context.in : file, kBodyLimit);
    if (!body) {
        return tl::unexpected(context.output.badInput(
            QStringLiteral("input.too-large"),
            QStringLiteral("%1 is too large for a message's text.").arg(name),
            QStringLiteral("Attach it as a file instead.")));
    }
    if (!isText(*body)) {
        return tl::unexpected(context.output.badInput(
            QStringLiteral("input.not-text"), QStringLiteral("%1 is not text in UTF-8.").arg(name),
            QStringLiteral("Convert it to UTF-8, or attach it as a file.")));
    }
    return std::move(*body);
}

tl::expected<MessageOptions::Message, ExitCode> MessageOptions::read(Context &context) const {
    auto draft = readDraft(context.output);
    if (!draft) {
        return tl::unexpected(draft.error());
    }
    auto body = readBody(context);
    if (!body) {
        return tl::unexpected(body.error());
    }
    draft->body = std::move(*body);
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(context.output.fail(runtime.error()));
    }
    const auto accounts = (*runtime)->accounts();
    if (!accounts) {
        return tl::unexpected(context.output.fail(accounts.error()));
    }
    auto account = (*accounts)->find(m_account);
    if (!account) {
        return tl::unexpected(context.output.fail(account.error()));
    }
    draft->account = account->name;
    if (draft->from.empty()) {
        draft->from = account->address;
    }
    if (const auto valid = mail::validate(*draft); !valid) {
        return tl::unexpected(context.output.fail(valid.error()));
    }
    return Message{std::move(*draft), std::move(*account), m_dismissed};
}

} // namespace sealpost::cli
