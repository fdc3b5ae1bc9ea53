// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/DraftJson.h"

#include "store/SqlError.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <array>

namespace sealpost::store {

namespace {

using mail::Address;

constexpr std::array kClassifications = {Classification::Official,
                                         Classification::OfficialSensitive, Classification::Secret,
                                         Classification::TopSecret};
constexpr std::array kTlsModes = {mail::SubmissionTls::Implicit, mail::SubmissionTls::StartTls};
constexpr std::array kSignIns = {mail::SignIn::Password, mail::SignIn::OAuth,
                                 mail::SignIn::Certificate};
constexpr std::array kProviders = {mail::ProviderKind::Other, mail::ProviderKind::Office365,
                                   mail::ProviderKind::Google, mail::ProviderKind::CjsmServer,
                                   mail::ProviderKind::Practice};

// One character for each byte: a path or a body that is not UTF-8 comes back as it was.
QString text(std::string_view bytes) {
    return QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

std::string string(const QJsonObject &object, const char *key) {
    return object.value(QLatin1String(key)).toString().toLatin1().toStdString();
}

std::string toBytes(const QJsonObject &object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

//! One of `values` by its word.
template <class Values>
auto wordIn(const QJsonObject &object, const char *key, const Values &values)
    -> std::optional<typename Values::value_type> {
    const auto word = string(object, key);
    for (const auto value : values) {
        if (toString(value) == word) {
            return value;
        }
    }
    return std::nullopt;
}

//! As Address::parse() reads it back.
QJsonValue fromAddress(const Address &address) {
    if (address.empty()) {
        return text({});
    }
    if (address.displayName().empty()) {
        return text(address.spec());
    }
    std::string quoted = "\"";
    for (const char c : address.displayName()) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
        }
        quoted += c;
    }
    return text(quoted + "\" <" + address.spec() + ">");
}

Result<Address> toAddress(const QJsonValue &value) {
    const auto written = value.toString().toLatin1().toStdString();
    return written.empty() ? Address() : Address::parse(written);
}

QJsonArray fromAddresses(const std::vector<Address> &addresses) {
    QJsonArray array;
    for (const auto &address : addresses) {
        array.append(fromAddress(address));
    }
    return array;
}

Result<std::vector<Address>> toAddresses(const QJsonValue &value) {
    std::vector<Address> addresses;
    for (const auto &one : value.toArray()) {
        auto address = toAddress(one);
        if (!address) {
            return fail(address.error());
        }
        addresses.push_back(std::move(*address));
    }
    return addresses;
}

std::string fromPath(const std::filesystem::path &path) {
    const auto bytes = path.u8string();
    return {bytes.begin(), bytes.end()};
}

std::filesystem::path toPath(const std::string &bytes) {
    return {std::u8string(bytes.begin(), bytes.end())};
}

QJsonArray fromAttachments(const std::vector<mail::Attachment> &attachments) {
    QJsonArray array;
    for (const auto &attachment : attachments) {
        array.append(QJsonObject{{QStringLiteral("path"), text(fromPath(attachment.path))},
                                 {QStringLiteral("name"), text(attachment.name)}});
    }
    return array;
}

QJsonArray fromDismissals(const std::vector<mail::Dismissal> &dismissals) {
    QJsonArray array;
    for (const auto &dismissal : dismissals) {
        array.append(QJsonObject{{QStringLiteral("mark"), text(dismissal.mark)},
                                 {QStringLiteral("kind"), text(dismissal.kind)},
                                 {QStringLiteral("reason"), text(dismissal.reason)}});
    }
    return array;
}

QJsonObject fromForward(const std::optional<mail::Forwarded> &forward) {
    if (!forward) {
        return {};
    }
    return {{QStringLiteral("path"), text(fromPath(forward->path))},
            {QStringLiteral("inline"), forward->form == mail::ForwardForm::Inline}};
}

std::optional<mail::Forwarded> toForward(const QJsonObject &object) {
    if (object.isEmpty()) {
        return std::nullopt;
    }
    return mail::Forwarded{toPath(string(object, "path")),
                           object.value(QStringLiteral("inline")).toBool()
                               ? mail::ForwardForm::Inline
                               : mail::ForwardForm::Attached};
}

} // namespace

std::string draftToJson(const mail::Draft &draft) {
    return toBytes(
        {{QStringLiteral("id"), text(draft.id)},
         {QStringLiteral("account"), text(draft.account)},
         {QStringLiteral("from"), fromAddress(draft.from)},
         {QStringLiteral("to"), fromAddresses(draft.to)},
         {QStringLiteral("cc"), fromAddresses(draft.cc)},
         {QStringLiteral("bcc"), fromAddresses(draft.bcc)},
         {QStringLiteral("subject"), text(draft.subject)},
         {QStringLiteral("body"), text(draft.body)},
         {QStringLiteral("attachments"), fromAttachments(draft.attachments)},
         {QStringLiteral("dismissals"), fromDismissals(draft.dismissals)},
         {QStringLiteral("classification"), text(toString(draft.classification))},
         {QStringLiteral("handling"), text(draft.handling)},
         {QStringLiteral("descriptor"), text(draft.descriptor)},
         {QStringLiteral("forward"), fromForward(draft.forward)},
         {QStringLiteral("protect"), draft.protect ? text(toString(*draft.protect)) : QString()}});
}

Result<mail::Draft> draftFromJson(const std::string &json) {
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    mail::Draft draft;
    auto from = toAddress(object.value(QStringLiteral("from")));
    auto to = toAddresses(object.value(QStringLiteral("to")));
    auto cc = toAddresses(object.value(QStringLiteral("cc")));
    auto bcc = toAddresses(object.value(QStringLiteral("bcc")));
    const auto classification = wordIn(object, "classification", kClassifications);
    if (!from || !to || !cc || !bcc || !classification) {
        return damaged("store.drafts", "a draft's fields");
    }
    draft.id = string(object, "id");
    draft.account = string(object, "account");
    draft.from = std::move(*from);
    draft.to = std::move(*to);
    draft.cc = std::move(*cc);
    draft.bcc = std::move(*bcc);
    draft.subject = string(object, "subject");
    draft.body = string(object, "body");
    for (const auto &one : object.value(QStringLiteral("attachments")).toArray()) {
        const auto attachment = one.toObject();
        draft.attachments.push_back(
            {toPath(string(attachment, "path")), string(attachment, "name")});
    }
    for (const auto &one : object.value(QStringLiteral("dismissals")).toArray()) {
        const auto dismissal = one.toObject();
        draft.dismissals.push_back(
            {string(dismissal, "mark"), string(dismissal, "kind"), string(dismissal, "reason")});
    }
    draft.classification = *classification;
    draft.handling = string(object, "handling");
    draft.descriptor = string(object, "descriptor");
    draft.forward = toForward(object.value(QStringLiteral("forward")).toObject());
    draft.protect = wordIn(object, "protect", base::kAllRouteKinds);
    return draft;
}

std::string accountToJson(const mail::Account &account) {
    return toBytes({{QStringLiteral("name"), text(account.name)},
                    {QStringLiteral("address"), fromAddress(account.address)},
                    {QStringLiteral("identities"), fromAddresses(account.identities)},
                    {QStringLiteral("imap-host"), text(account.imapHost)},
                    {QStringLiteral("imap-port"), static_cast<int>(account.imapPort)},
                    {QStringLiteral("host"), text(account.host)},
                    {QStringLiteral("port"), static_cast<int>(account.port)},
                    {QStringLiteral("tls"), text(toString(account.tls))},
                    {QStringLiteral("user"), text(account.userName)},
                    {QStringLiteral("sign-in"), text(toString(account.signIn))},
                    {QStringLiteral("certificate"), text(account.certificateChainPem)},
                    {QStringLiteral("oauth-issuer"), text(account.oauth.issuer)},
                    {QStringLiteral("oauth-client"), text(account.oauth.clientId)},
                    {QStringLiteral("oauth-client-secret"), text(account.oauth.clientSecret)},
                    {QStringLiteral("oauth-scope"), text(account.oauth.scope)},
                    {QStringLiteral("provider"), text(toString(account.provider))},
                    {QStringLiteral("may-use-cjsm"), account.mayUseCjsm},
                    {QStringLiteral("sieve-server"), text(account.sieveServer)},
                    {QStringLiteral("signing-fingerprint"), text(account.signingFingerprint)}});
}

Result<mail::Account> accountFromJson(const std::string &json) {
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    auto address = toAddress(object.value(QStringLiteral("address")));
    const auto tls = wordIn(object, "tls", kTlsModes);
    const auto provider = wordIn(object, "provider", kProviders);
    // An account of the first version has none, and has a password.
    const auto signIn = object.contains(QStringLiteral("sign-in"))
                            ? wordIn(object, "sign-in", kSignIns)
                            : mail::SignIn::Password;
    const auto identities = toAddresses(object.value(QStringLiteral("identities")));
    if (!address || !tls || !provider || !signIn || !identities) {
        return damaged("store.accounts", "an account's fields");
    }
    mail::Account account;
    account.name = string(object, "name");
    account.address = std::move(*address);
    account.identities = *identities;
    account.imapHost = string(object, "imap-host");
    account.imapPort =
        Port{static_cast<std::uint16_t>(object.value(QStringLiteral("imap-port")).toInt(993))};
    account.host = string(object, "host");
    account.port = Port{static_cast<std::uint16_t>(object.value(QStringLiteral("port")).toInt())};
    account.tls = *tls;
    account.userName = string(object, "user");
    account.signIn = *signIn;
    account.certificateChainPem = string(object, "certificate");
    account.oauth = {string(object, "oauth-issuer"), string(object, "oauth-client"),
                     string(object, "oauth-client-secret"), string(object, "oauth-scope")};
    account.provider = *provider;
    account.mayUseCjsm = object.value(QStringLiteral("may-use-cjsm")).toBool();
    account.sieveServer = string(object, "sieve-server");
    account.signingFingerprint = string(object, "signing-fingerprint");
    return account;
}

} // namespace sealpost::store
