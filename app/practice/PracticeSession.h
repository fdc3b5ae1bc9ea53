// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Units.h"
#include "crypto/TlsEngine.h"
#include "net/ByteStream.h"
#include "practice/PracticeInbox.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace sealpost::practice {

enum class ServerRole {
    Submission,         //!< implicit TLS, AUTH PLAIN, takes mail (RFC 6409, RFC 8314)
    MailExchanger,      //!< STARTTLS; takes no mail: it is there to be checked
    PlainMailExchanger, //!< the same without STARTTLS
};

struct PracticeServerConfig {
    ServerRole role = ServerRole::Submission;
    std::string hostName;
    crypto::TlsServerConfig tls; //!< not used by PlainMailExchanger
    std::string userName;        //!< Submission alone, as the rest
    std::string password;
    std::shared_ptr<PracticeInbox> inbox;
    ByteCount maxMessageSize = 75 * base::kMiB;
    std::chrono::milliseconds idle = std::chrono::minutes(1); //!< a client's time for one step
    std::chrono::milliseconds life = std::chrono::minutes(15);
};

//! Recipients that a trainer can use to show what goes wrong, by local part.
inline constexpr std::string_view kNobody = "nobody";      //!< refused for good (550)
inline constexpr std::string_view kBusy = "busy";          //!< deferred (450)
inline constexpr std::string_view kLostLine = "lost.line"; //!< taken; no reply to the last dot

//! One SMTP dialogue as a server (RFC 5321), bounded in lines, errors, recipients, size and time.
class PracticeSession {
public:
    PracticeSession(const PracticeServerConfig &config, std::unique_ptr<net::ByteStream> stream,
                    std::stop_token stop);
    //! Until either side ends it.
    void run();

private:
    enum class Next { GoOn, End };

    [[nodiscard]] bool underTls() const { return m_underTls; }
    [[nodiscard]] Deadline stepDeadline() const { return m_end.within(m_config.idle); }
    [[nodiscard]] bool startTls();
    [[nodiscard]] Next reply(std::string_view text);
    [[nodiscard]] Next mistake(std::string_view text);
    //! The next line without its CRLF; false at the end of the stream or of the client's time.
    [[nodiscard]] bool readLine(std::string &line);
    [[nodiscard]] bool fill();

    [[nodiscard]] Next handle(std::string_view line);
    [[nodiscard]] Next handleEhlo(std::string_view argument);
    [[nodiscard]] Next handleStartTls(std::string_view argument);
    [[nodiscard]] Next handleAuth(std::string_view argument);
    [[nodiscard]] Next checkPlain(std::string_view base64);
    [[nodiscard]] Next handleMail(std::string_view argument);
    [[nodiscard]] Next handleRcpt(std::string_view argument);
    [[nodiscard]] Next handleData();
    [[nodiscard]] Next receive(PracticeInbox::Writer &writer);
    void forgetTransaction();

    const PracticeServerConfig &m_config;
    std::unique_ptr<net::ByteStream> m_stream;
    std::stop_token m_stop;
    Deadline m_end;
    std::string m_buffer;
    bool m_underTls = false;
    bool m_greeted = false;
    bool m_authenticated = false;
    bool m_inTransaction = false;
    bool m_loseLine = false;
    int m_mistakes = 0;
    int m_failedLogins = 0;
    Envelope m_envelope;
};

} // namespace sealpost::practice
