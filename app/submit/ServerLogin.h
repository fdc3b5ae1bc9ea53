// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/TlsEngine.h"
#include "mail/Account.h"
#include "net/DnsResolver.h"
#include "net/NetworkWay.h"
#include "net/SmtpSession.h"
#include "submit/Credentials.h"
#include "submit/Failure.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::submit {

//! How a submission server is reached, and by what its certificate is judged; there is no way not
//! to judge it.
struct ServerTrust {
    std::optional<std::string> caFile; //!< PEM roots instead of the system's: a pinned authority
    bool dane = false;                 //!< TLSA records that DNSSEC proves, instead of authorities
    int minimumTls = 12;               //!< 12 or 13
    net::NetworkWay way = net::NetworkWay::Direct;
};

//! Everything before the first message: name, connection, TLS, EHLO and AUTH, in that order. Keeps
//! references: used within one call of the submitter.
class ServerLogin {
public:
    ServerLogin(net::DnsResolver &resolver, const ServerTrust &trust, const mail::Account &account,
                Deadline deadline, std::stop_token stop);

    //! The session, ready for MAIL. Errors are SmtpSubmitter's.
    Step<void> open(const Credentials &credentials);
    //! Null before a connection.
    [[nodiscard]] net::SmtpSession *session() { return m_session.get(); }
    //! Of AUTH, once it has gone well.
    [[nodiscard]] const std::string &mechanism() const { return m_mechanism; }

private:
    Step<void> connect();
    Step<std::unique_ptr<net::ByteStream>> connectDirectly();
    Step<void> findTlsa();
    Step<void> greeting();
    Step<void> ehlo();
    Step<void> startTls();
    Step<void> authenticate(const Credentials &credentials);
    Step<void> authenticateOnce(const base::SecretBytes &secret);

    net::DnsResolver &m_resolver;
    const ServerTrust &m_trust;
    const mail::Account &m_account;
    Deadline m_deadline;
    std::stop_token m_stop;
    crypto::TlsClientConfig m_tls; //!< PeerCheck::Enforce, its default
    std::unique_ptr<net::SmtpSession> m_session;
    std::string m_mechanism;
};

} // namespace sealpost::submit
