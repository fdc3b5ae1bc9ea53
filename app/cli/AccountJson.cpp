// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/AccountJson.h"

#include "cli/Text.h"

#include <QJsonArray>

namespace sealpost::cli {

QJsonObject toJson(const mail::Account &account) {
    const auto text = [](const std::string &value) { return QString::fromStdString(value); };
    QJsonArray identities;
    for (const auto &identity : account.identities) {
        identities.append(text(identity.spec()));
    }
    return {{QStringLiteral("name"), text(account.name)},
            {QStringLiteral("address"), text(account.address.spec())},
            {QStringLiteral("identities"), identities},
            {QStringLiteral("host"), text(account.host)},
            {QStringLiteral("port"), static_cast<int>(account.port)},
            {QStringLiteral("tls"), toQString(toString(account.tls))},
            {QStringLiteral("user"), text(account.userName)},
            {QStringLiteral("sign_in"), toQString(toString(account.signIn))},
            {QStringLiteral("certificate"), !account.certificateChainPem.empty()},
            {QStringLiteral("signing_certificate"), text(account.signingFingerprint)},
            {QStringLiteral("provider"), toQString(toString(account.provider))},
            {QStringLiteral("cjsm"), account.mayUseCjsm},
            {QStringLiteral("sieve_server"), text(account.sieveServer)},
            {QStringLiteral("imap_server"), account.imapHost.empty()
                                                ? QString()
                                                : QStringLiteral("%1:%2")
                                                      .arg(text(account.imapHost))
                                                      .arg(static_cast<int>(account.imapPort))}};
}

} // namespace sealpost::cli
