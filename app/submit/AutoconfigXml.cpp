// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/AutoconfigXml.h"

#include "base/Text.h"
#include "net/ImapAppend.h"

#include <QXmlStreamReader>
#include <charconv>

namespace sealpost::submit {

namespace {

QString filledIn(QString text, const mail::Address &address) {
    const auto spec = QString::fromStdString(address.spec());
    const auto at = spec.lastIndexOf(QLatin1Char('@'));
    return text.replace(QLatin1String("%EMAILADDRESS%"), spec)
        .replace(QLatin1String("%EMAILLOCALPART%"), spec.left(at))
        .replace(QLatin1String("%EMAILDOMAIN%"), spec.mid(at + 1));
}

std::optional<mail::SubmissionTls> tlsOf(const QString &socketType) {
    if (socketType == QLatin1String("SSL")) {
        return mail::SubmissionTls::Implicit;
    }
    if (socketType == QLatin1String("STARTTLS")) {
        return mail::SubmissionTls::StartTls;
    }
    return std::nullopt;
}

//! The elements of one <outgoingServer> or <incomingServer>; the first <authentication> is the one
//! that it prefers.
std::optional<DescribedServer> readServer(QXmlStreamReader &reader, const mail::Address &address) {
    DescribedServer server;
    std::optional<mail::SubmissionTls> tls;
    unsigned port = 0;
    bool authenticationRead = false;
    while (reader.readNextStartElement()) {
        const auto name = reader.name().toString();
        const auto text =
            filledIn(reader.readElementText(QXmlStreamReader::SkipChildElements).trimmed(), address)
                .toStdString();
        if (name == QLatin1String("hostname")) {
            server.host = mail::toALabelDomain(text).value_or(std::string());
        } else if (name == QLatin1String("port")) {
            (void)std::from_chars(text.data(), text.data() + text.size(), port);
        } else if (name == QLatin1String("socketType")) {
            tls = tlsOf(QString::fromStdString(text));
        } else if (name == QLatin1String("username")) {
            server.userName = text;
        } else if (name == QLatin1String("authentication") && !authenticationRead) {
            authenticationRead = true;
            server.signIn = text == "OAuth2"            ? mail::SignIn::OAuth
                            : text == "TLS-client-cert" ? mail::SignIn::Certificate
                                                        : mail::SignIn::Password;
        }
    }
    constexpr unsigned kLastPort = 65'535;
    if (reader.hasError() || !tls || server.host.empty() || port == 0 || port > kLastPort ||
        base::hasControlCharacters(server.userName)) {
        return std::nullopt;
    }
    server.port = Port{static_cast<std::uint16_t>(port)};
    server.tls = *tls;
    if (server.userName.empty()) {
        server.userName = address.spec();
    }
    return server;
}

//! The better one is with TLS from the start.
void take(std::optional<DescribedServer> &best, std::optional<DescribedServer> server) {
    const bool better = server && (!best || (best->tls == mail::SubmissionTls::StartTls &&
                                             server->tls == mail::SubmissionTls::Implicit));
    if (better) {
        best = std::move(server);
    }
}

bool isServer(const QXmlStreamReader &reader, QLatin1String element, QLatin1String type) {
    return reader.name() == element && reader.attributes().value(QLatin1String("type")) == type;
}

bool canBeUsed(const DescribedServer &imap, const DescribedServer &submission) {
    return imap.userName == submission.userName &&
           (imap.tls == mail::SubmissionTls::Implicit || imap.port == net::kImapPort);
}

} // namespace

std::optional<DescribedAccount> readAutoconfig(std::string_view xml, const mail::Address &address) {
    QXmlStreamReader reader(QByteArray(xml.data(), static_cast<qsizetype>(xml.size())));
    std::optional<DescribedServer> submission;
    std::optional<DescribedServer> imap;
    if (!reader.readNextStartElement() || reader.name() != QLatin1String("clientConfig")) {
        return std::nullopt;
    }
    while (reader.readNextStartElement()) {
        if (reader.name() != QLatin1String("emailProvider")) {
            reader.skipCurrentElement();
            continue;
        }
        while (reader.readNextStartElement()) {
            if (isServer(reader, QLatin1String("outgoingServer"), QLatin1String("smtp"))) {
                take(submission, readServer(reader, address));
            } else if (isServer(reader, QLatin1String("incomingServer"), QLatin1String("imap"))) {
                take(imap, readServer(reader, address));
            } else {
                reader.skipCurrentElement();
            }
        }
    }
    if (reader.hasError() || !submission) {
        return std::nullopt;
    }
    if (imap && !canBeUsed(*imap, *submission)) {
        imap.reset();
    }
    return DescribedAccount{std::move(*submission), std::move(imap)};
}

} // namespace sealpost::submit
