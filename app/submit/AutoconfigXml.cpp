// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/AutoconfigXml.h"

#include "base/Text.h"

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

//! The elements of one <outgoingServer>; the first <authentication> is the one that it prefers.
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

} // namespace

std::optional<DescribedServer> readAutoconfig(std::string_view xml, const mail::Address &address) {
    QXmlStreamReader reader(QByteArray(xml.data(), static_cast<qsizetype>(xml.size())));
    std::optional<DescribedServer> best;
    if (!reader.readNextStartElement() || reader.name() != QLatin1String("clientConfig")) {
        return std::nullopt;
    }
    while (reader.readNextStartElement()) {
        if (reader.name() != QLatin1String("emailProvider")) {
            reader.skipCurrentElement();
            continue;
        }
        while (reader.readNextStartElement()) {
            const bool outgoing =
                reader.name() == QLatin1String("outgoingServer") &&
                reader.attributes().value(QLatin1String("type")) == QLatin1String("smtp");
            if (!outgoing) {
                reader.skipCurrentElement();
                continue;
            }
            auto server = readServer(reader, address);
            const bool better = server && (!best || (best->tls == mail::SubmissionTls::StartTls &&
                                                     server->tls == mail::SubmissionTls::Implicit));
            best = better ? std::move(server) : std::move(best);
        }
    }
    return reader.hasError() ? std::nullopt : best;
}

} // namespace sealpost::submit
