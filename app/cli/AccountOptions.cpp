// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/AccountOptions.h"

#include "base/Text.h"
#include "cli/Command.h"
#include "cli/Text.h"
#include "runtime/ForwardingCheck.h"
#include "runtime/SentCopies.h"
#include "submit/ProviderPresets.h"

#include <array>
#include <fstream>

namespace sealpost::cli {

namespace {

constexpr std::size_t kNameLimit = 64;
constexpr ByteCount kPemLimit = 64 * base::kKiB;

template <class Value, std::size_t kSize>
Value byWord(const std::array<Value, kSize> &values, const std::string &word, Value otherwise) {
    for (const auto value : values) {
        if (mail::toString(value) == word) {
            return value;
        }
    }
    return otherwise;
}

constexpr std::array kKinds = {mail::ProviderKind::Other, mail::ProviderKind::Office365,
                               mail::ProviderKind::Google, mail::ProviderKind::CjsmServer};
constexpr std::array kSignIns = {mail::SignIn::Password, mail::SignIn::OAuth,
                                 mail::SignIn::Certificate};

tl::expected<std::string, ExitCode> readPem(const std::string &file, Output &output) {
    std::ifstream stream(file, std::ios::binary);
    auto text = stream ? readAll(stream, kPemLimit) : std::nullopt;
    if (!text) {
        return tl::unexpected(
            output.fail(Error{"input.unreadable", "account.add", Reaction::FixInput, {}, file}));
    }
    return std::move(*text);
}

} // namespace

void AccountOptions::define(const Verb &app) {
    app.option("name", m_name, "Your name for it").required().typeName("NAME");
    app.option("--address", m_address, "Your mail address").required().typeName("ADDRESS");
    app.option("--provider", m_provider, "office365, google, cjsm or other")
        .oneOf({"office365", "google", "cjsm", "other"})
        .typeName("KIND");
    app.option("--identity", m_identities, "A further address to send from; may be repeated")
        .repeatable()
        .typeName("ADDRESS");
    app.option("--host", m_host,
               "The submission server; the provider's own, or looked up, if left out")
        .typeName("HOST");
    app.option("--port", m_port, "Default: 465, or 587 with starttls")
        .between(1, 65535)
        .typeName("PORT");
    app.option("--tls", m_tls, "implicit or starttls")
        .oneOf({"implicit", "starttls"})
        .typeName("MODE");
    m_userOption =
        app.option("--user", m_user, "User name; default: the address; empty: no password")
            .typeName("USER");
    app.option("--sign-in", m_signIn, "password, oauth or certificate")
        .oneOf({"password", "oauth", "certificate"})
        .typeName("WAY");
    app.option("--password-file", m_passwordFile,
               "The password is this file's first line; - standard input")
        .typeName("FILE");
    app.option("--oauth-issuer", m_oauth.issuer, "The OpenID provider, https://…").typeName("URL");
    app.option("--oauth-client", m_oauth.clientId, "Your organisation's client id there")
        .typeName("ID");
    app.option("--oauth-client-secret", m_oauth.clientSecret,
               "Where the provider wants one of a desktop's program too")
        .typeName("TEXT");
    app.option("--oauth-scope", m_oauth.scope, "What is asked for").typeName("WORDS");
    app.flag("--cjsm", m_cjsm, "It may send through Criminal Justice Secure Mail");
    app.option("--sieve-server", m_sieveServer,
               "The server of the mailbox's rules (ManageSieve), which forwarding-check asks")
        .typeName("HOST[:PORT]");
    m_imapOption =
        app.option("--imap-server", m_imapServer,
                   "The server of your mailbox (IMAP), into whose Sent folder sealed copies go: "
                   "port 993 by TLS, or 143 by STARTTLS; looked up if left out, none if empty")
            .typeName("HOST[:PORT]");
    const auto certificate =
        app.option("--certificate", m_certificateFile, "PEM, shown to the server in TLS")
            .typeName("FILE");
    const auto key =
        app.option("--certificate-key", m_certificateKeyFile, "PEM, its key; kept in the keychain")
            .typeName("FILE");
    certificate.needs(key);
    key.needs(certificate);
}

//! What the provider, or else the domain itself, says.
Result<void> AccountOptions::applyKnown(mail::Account &account, const AccountHelp &help,
                                        Output &output) const {
    const auto kind = byWord(kKinds, m_provider, mail::ProviderKind::Other);
    submit::applyPreset(account, kind);
    if (kind != mail::ProviderKind::Other || !m_host.empty() || !help.find) {
        return {};
    }
    const auto found = help.find(account.address);
    if (!found) {
        return fail(found.error());
    }
    const auto &there = found->account;
    if (!found->certain) {
        return fail("account.uncertain-server", "account.find", Reaction::FixInput, {}, there.host);
    }
    output.line(QStringLiteral("Found: %1, port %2, %3 (%4).")
                    .arg(QString::fromStdString(there.host))
                    .arg(static_cast<int>(there.port))
                    .arg(toQString(toString(there.tls)), toQString(toString(found->source))));
    account.host = there.host;
    account.port = there.port;
    account.tls = there.tls;
    account.userName = there.userName;
    account.signIn = there.signIn;
    account.provider = there.provider;
    account.oauth = there.oauth;
    if (!there.imapHost.empty() && !m_imapOption.given()) {
        account.imapHost = there.imapHost;
        account.imapPort = there.imapPort;
        output.line(
            QStringLiteral("Found for copies in the Sent folder: %1, port %2; without them: "
                           "--imap-server \"\".")
                .arg(QString::fromStdString(there.imapHost))
                .arg(static_cast<int>(there.imapPort)));
    }
    return {};
}

//! What was typed goes before everything else.
Result<void> AccountOptions::applyTyped(mail::Account &account) const {
    if (!m_host.empty() || account.host.empty()) {
        auto host = mail::toALabelDomain(m_host);
        if (!host) {
            return fail(host.error());
        }
        account.host = std::move(*host);
    }
    if (!m_tls.empty()) {
        account.tls =
            m_tls == "starttls" ? mail::SubmissionTls::StartTls : mail::SubmissionTls::Implicit;
    }
    if (m_port != 0) {
        account.port = Port{static_cast<std::uint16_t>(m_port)};
    } else if (!m_tls.empty() || !m_host.empty()) {
        account.port = account.tls == mail::SubmissionTls::StartTls ? base::kSubmissionPort
                                                                    : base::kSubmissionsPort;
    }
    account.mayUseCjsm = m_cjsm;
    account.sieveServer = m_sieveServer;
    if (const auto imap = runtime::imapServerFrom(m_imapServer)) {
        account.imapHost = imap->host;
        account.imapPort = imap->port;
    }
    account.signIn = byWord(kSignIns, m_signIn, account.signIn);
    if (m_userOption.given()) {
        account.userName = m_user;
    }
    const auto typed = [](std::string &value, const std::string &given) {
        value = given.empty() ? value : given;
    };
    typed(account.oauth.issuer, m_oauth.issuer);
    typed(account.oauth.clientId, m_oauth.clientId);
    typed(account.oauth.clientSecret, m_oauth.clientSecret);
    typed(account.oauth.scope, m_oauth.scope);
    for (const auto &text : m_identities) {
        auto identity = mail::Address::parse(text);
        if (!identity) {
            return fail(identity.error());
        }
        account.identities.push_back(std::move(*identity));
    }
    return {};
}

tl::expected<void, ExitCode> AccountOptions::checkServers(const mail::Account &account,
                                                          Output &output) const {
    if (base::hasControlCharacters(account.userName)) {
        return tl::unexpected(
            output.usage(QStringLiteral("The user name has a control character in it.")));
    }
    if (!account.sieveServer.empty() && !runtime::sieveServerFrom(account.sieveServer)) {
        return tl::unexpected(
            output.usage(QStringLiteral("--sieve-server takes a host, or host:port, not \"%1\".")
                             .arg(toQString(account.sieveServer))));
    }
    if (!m_imapServer.empty() && !runtime::imapServerFrom(m_imapServer)) {
        return tl::unexpected(
            output.usage(QStringLiteral("--imap-server takes a host, or host:port, not \"%1\".")
                             .arg(toQString(m_imapServer))));
    }
    if (account.signIn == mail::SignIn::OAuth &&
        (!account.oauth.issuer.starts_with("https://") || account.oauth.clientId.empty() ||
         account.oauth.scope.empty())) {
        return tl::unexpected(output.usage(QStringLiteral(
            "To sign in with OAuth say --oauth-issuer https://…, --oauth-client and, where the "
            "provider is none of those known, --oauth-scope.")));
    }
    if (account.signIn == mail::SignIn::Certificate && m_certificateFile.empty()) {
        return tl::unexpected(output.usage(QStringLiteral(
            "To sign in with a certificate say --certificate and --certificate-key.")));
    }
    return {};
}

tl::expected<mail::Account, ExitCode> AccountOptions::read(const AccountHelp &help,
                                                           Output &output) const {
    if (m_name.empty() || m_name.size() > kNameLimit || base::hasControlCharacters(m_name)) {
        return tl::unexpected(output.usage(
            QStringLiteral("An account's name has 1 to %1 characters.").arg(kNameLimit)));
    }
    mail::Account account;
    account.name = m_name;
    const auto address = mail::Address::parse(m_address);
    if (!address) {
        return tl::unexpected(output.fail(address.error()));
    }
    account.address = *address;
    account.userName = address->spec();
    if (const auto known = applyKnown(account, help, output); !known) {
        return tl::unexpected(output.fail(known.error()));
    }
    if (const auto typed = applyTyped(account); !typed) {
        return tl::unexpected(output.fail(typed.error()));
    }
    submit::fillOAuthClient(account, help.policy);
    if (const auto good = checkServers(account, output); !good) {
        return tl::unexpected(good.error());
    }
    if (!m_certificateFile.empty()) {
        auto pem = readPem(m_certificateFile, output);
        if (!pem) {
            return tl::unexpected(pem.error());
        }
        account.certificateChainPem = std::move(*pem);
    }
    return account;
}

tl::expected<SecretBytes, ExitCode> AccountOptions::certificateKey(Output &output) const {
    if (m_certificateKeyFile.empty()) {
        return SecretBytes();
    }
    auto pem = readPem(m_certificateKeyFile, output);
    return pem ? tl::expected<SecretBytes, ExitCode>(SecretBytes(std::move(*pem)))
               : tl::unexpected(pem.error());
}

} // namespace sealpost::cli
