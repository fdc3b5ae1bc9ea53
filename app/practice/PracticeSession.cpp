// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/PracticeSession.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "net/TlsStream.h"
#include "practice/DotReader.h"

#include <QByteArray>
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace sealpost::practice {

namespace {

constexpr std::size_t kLineLimit = 12'288; // AUTH's longest line (RFC 4954 §4)
constexpr std::size_t kChunk = 16'384;
constexpr std::size_t kRecipientLimit = 100;
constexpr int kMistakeLimit = 10;
constexpr int kLoginLimit = 3;
constexpr std::string_view kServedDomain = "practice.example";

struct Path {
    std::string addressSpec;
    std::vector<std::string> parameters;
};

//! "<a@b> SIZE=1" after "FROM:" or "TO:".
std::optional<Path> parsePath(std::string_view argument, std::string_view keyword) {
    if (argument.size() < keyword.size() ||
        !base::equalsIgnoringCase(argument.substr(0, keyword.size()), keyword)) {
        return std::nullopt;
    }
    argument = base::trimmed(argument.substr(keyword.size()));
    const auto end = argument.find('>');
    if (!argument.starts_with('<') || end == std::string_view::npos || end > 255 ||
        base::hasControlCharacters(argument)) {
        return std::nullopt;
    }
    Path path{std::string(argument.substr(1, end - 1)), {}};
    for (auto &parameter : base::split(base::trimmed(argument.substr(end + 1)), ' ')) {
        if (!parameter.empty()) {
            path.parameters.push_back(base::asciiUpper(parameter));
        }
    }
    return path;
}

std::string_view domainOf(std::string_view addressSpec) {
    const auto at = addressSpec.rfind('@');
    return at == std::string_view::npos ? std::string_view() : addressSpec.substr(at + 1);
}

std::string_view localPartOf(std::string_view addressSpec) {
    return addressSpec.substr(0, addressSpec.rfind('@'));
}

//! By their digests, so that the time taken says nothing about where they part.
bool sameSecret(std::string_view a, std::string_view b) {
    return crypto::sha256(a) == crypto::sha256(b);
}

} // namespace

PracticeSession::PracticeSession(const PracticeServerConfig &config,
                                 std::unique_ptr<net::ByteStream> stream, std::stop_token stop)
    : m_config(config), m_stream(std::move(stream)), m_stop(std::move(stop)),
      m_end(Deadline::after(config.life)) {}

void PracticeSession::run() {
    if (m_config.role == ServerRole::Submission && !startTls()) {
        return;
    }
    auto next = reply("220 " + m_config.hostName + " ESMTP Sealpost practice");
    std::string line;
    while (next == Next::GoOn && readLine(line)) {
        next = handle(line);
        base::wipe(line);
    }
    if (m_stream) {
        m_stream->close();
    }
}

bool PracticeSession::startTls() {
    auto engine = crypto::TlsEngine::server(m_config.tls);
    if (!engine) {
        return false;
    }
    auto tls =
        net::TlsStream::handshake(std::move(m_stream), std::move(*engine), stepDeadline(), m_stop);
    if (!tls) {
        return false;
    }
    m_stream = std::move(*tls);
    m_underTls = true;
    return true;
}

PracticeSession::Next PracticeSession::reply(std::string_view text) {
    const auto written = m_stream->write(std::string(text) + "\r\n", stepDeadline(), m_stop);
    return written ? Next::GoOn : Next::End;
}

PracticeSession::Next PracticeSession::mistake(std::string_view text) {
    if (++m_mistakes > kMistakeLimit) {
        (void)reply("421 4.7.0 Too many mistakes");
        return Next::End;
    }
    return reply(text);
}

bool PracticeSession::fill() {
    std::array<char, kChunk> chunk{};
    const auto count = m_stream->read(chunk, stepDeadline(), m_stop);
    if (!count || *count == 0) {
        return false;
    }
    m_buffer.append(chunk.data(), *count);
    return true;
}

bool PracticeSession::readLine(std::string &line) {
    std::size_t searched = 0;
    for (;;) {
        const auto end = m_buffer.find("\r\n", searched); // npos is past any limit
        if (end <= kLineLimit) {
            line = m_buffer.substr(0, end);
            m_buffer.erase(0, end + 2);
            return true;
        }
        if (m_buffer.size() > kLineLimit) {
            (void)reply("500 5.5.2 Line too long");
            return false;
        }
        searched = m_buffer.empty() ? 0 : m_buffer.size() - 1;
        if (!fill()) {
            return false;
        }
    }
}

PracticeSession::Next PracticeSession::handle(std::string_view line) {
    if (base::hasControlCharacters(line)) {
        return mistake("500 5.5.2 Not a command");
    }
    const auto space = line.find(' ');
    const auto verb = base::asciiUpper(line.substr(0, space));
    const auto argument =
        space == std::string_view::npos ? std::string_view() : base::trimmed(line.substr(space));
    if (verb == "EHLO" || verb == "HELO") {
        return handleEhlo(argument);
    }
    if (verb == "QUIT") {
        (void)reply("221 2.0.0 Goodbye");
        return Next::End;
    }
    if (verb == "NOOP") {
        return reply("250 2.0.0 Ok");
    }
    if (verb == "RSET") {
        forgetTransaction();
        return reply("250 2.0.0 Ok");
    }
    if (verb == "STARTTLS") {
        return handleStartTls(argument);
    }
    if (verb == "AUTH") {
        return handleAuth(argument);
    }
    if (verb == "MAIL") {
        return handleMail(argument);
    }
    if (verb == "RCPT") {
        return handleRcpt(argument);
    }
    if (verb == "DATA") {
        return handleData();
    }
    return mistake("500 5.5.2 Not a command");
}

PracticeSession::Next PracticeSession::handleEhlo(std::string_view argument) {
    if (argument.empty()) {
        return mistake("501 5.5.4 A host name is missing");
    }
    m_greeted = true;
    forgetTransaction();
    auto text = "250-" + m_config.hostName + "\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n";
    if (m_config.role == ServerRole::Submission) {
        text += "250-AUTH PLAIN\r\n";
    }
    if (m_config.role == ServerRole::MailExchanger && !underTls()) {
        text += "250-STARTTLS\r\n";
    }
    if (underTls()) {
        text += "250-REQUIRETLS\r\n"; //= RFC 8689 §2: offered under TLS alone
    }
    return reply(text + "250 SIZE " + std::to_string(m_config.maxMessageSize));
}

PracticeSession::Next PracticeSession::handleStartTls(std::string_view argument) {
    if (m_config.role != ServerRole::MailExchanger) {
        return mistake("502 5.5.1 Not offered");
    }
    if (underTls()) {
        return mistake("503 5.5.1 TLS is in use");
    }
    if (!argument.empty()) {
        return mistake("501 5.5.4 STARTTLS has no parameters");
    }
    if (reply("220 2.0.0 Ready") == Next::End) {
        return Next::End;
    }
    //= RFC 3207 §4.2: what was learnt before TLS is forgotten
    m_buffer.clear();
    m_greeted = false;
    return startTls() ? Next::GoOn : Next::End;
}

PracticeSession::Next PracticeSession::handleAuth(std::string_view argument) {
    if (m_config.role != ServerRole::Submission) {
        return mistake("502 5.5.1 Not offered");
    }
    if (!m_greeted || m_authenticated || m_inTransaction) {
        return mistake("503 5.5.1 Not now");
    }
    const auto space = argument.find(' ');
    if (!base::equalsIgnoringCase(argument.substr(0, space), "PLAIN")) {
        return mistake("504 5.5.4 Only PLAIN");
    }
    if (space != std::string_view::npos) {
        return checkPlain(base::trimmed(argument.substr(space)));
    }
    std::string line;
    if (reply("334 ") == Next::End || !readLine(line)) {
        return Next::End;
    }
    const auto next = line == "*" ? mistake("501 5.7.0 Cancelled") : checkPlain(line);
    base::wipe(line);
    return next;
}

PracticeSession::Next PracticeSession::checkPlain(std::string_view base64) {
    const auto decoded = QByteArray::fromBase64Encoding(
        QByteArray(base64.data(), static_cast<qsizetype>(base64.size())),
        QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded) {
        return mistake("501 5.5.2 Not base64");
    }
    const auto parts = base::split(
        {decoded.decoded.constData(), static_cast<std::size_t>(decoded.decoded.size())}, '\0');
    const auto expectedName = std::string_view(m_config.userName);
    if (parts.size() == 3 && (parts[0].empty() || parts[0] == expectedName) &&
        parts[1] == expectedName && sameSecret(parts[2], m_config.password)) {
        m_authenticated = true;
        return reply("235 2.7.0 Welcome");
    }
    if (++m_failedLogins >= kLoginLimit) {
        (void)reply("421 4.7.0 Too many failed logins");
        return Next::End;
    }
    return reply("535 5.7.8 User name or password is wrong");
}

PracticeSession::Next PracticeSession::handleMail(std::string_view argument) {
    if (m_config.role != ServerRole::Submission) {
        return reply("550 5.7.1 Practice mail goes through the submission server alone");
    }
    if (!m_authenticated) {
        return mistake("530 5.7.0 Authentication required");
    }
    if (m_inTransaction) {
        return mistake("503 5.5.1 One message at a time");
    }
    const auto path = parsePath(argument, "FROM:");
    if (!path) {
        return mistake("501 5.1.7 Malformed sender");
    }
    for (const auto &parameter : path->parameters) {
        if (parameter.starts_with("SIZE=")) {
            ByteCount size = 0;
            const auto *end = parameter.data() + parameter.size();
            const auto parsed = std::from_chars(parameter.data() + 5, end, size);
            if (parsed.ptr != end || parsed.ec != std::errc()) {
                return mistake("501 5.5.4 Malformed SIZE");
            }
            if (size > m_config.maxMessageSize) {
                return reply("552 5.3.4 The message is too large");
            }
        } else if (parameter != "BODY=7BIT" && parameter != "BODY=8BITMIME" &&
                   parameter != "REQUIRETLS") {
            return mistake("555 5.5.4 Unknown parameter");
        }
    }
    m_inTransaction = true;
    m_envelope.from = path->addressSpec;
    return reply("250 2.1.0 Ok");
}

PracticeSession::Next PracticeSession::handleRcpt(std::string_view argument) {
    if (!m_inTransaction) {
        return mistake("503 5.5.1 MAIL comes first");
    }
    const auto path = parsePath(argument, "TO:");
    if (!path || path->addressSpec.empty() || !path->parameters.empty()) {
        return mistake("501 5.1.3 Malformed recipient");
    }
    if (m_envelope.to.size() >= kRecipientLimit) {
        return reply("452 4.5.3 Too many recipients");
    }
    const auto local = base::asciiLower(localPartOf(path->addressSpec));
    if (!base::isSameOrSubdomain(base::asciiLower(domainOf(path->addressSpec)), kServedDomain)) {
        return reply("550 5.7.1 Practice mode delivers within practice.example alone");
    }
    if (local == kNobody) {
        return reply("550 5.1.1 Nobody has this address");
    }
    if (local == kBusy) {
        return reply("450 4.2.1 This mailbox is busy; try again later");
    }
    m_loseLine = m_loseLine || local == kLostLine;
    m_envelope.to.push_back(path->addressSpec);
    return reply("250 2.1.5 Ok");
}

PracticeSession::Next PracticeSession::handleData() {
    if (!m_inTransaction || m_envelope.to.empty()) {
        return mistake("503 5.5.1 No recipients");
    }
    const auto writer = m_config.inbox->begin(m_envelope);
    if (!writer) {
        forgetTransaction();
        return reply("451 4.3.0 The practice inbox can't be written");
    }
    if (reply("354 End with a dot on a line of its own") == Next::End) {
        return Next::End;
    }
    const auto next = receive(**writer);
    forgetTransaction();
    return next;
}

PracticeSession::Next PracticeSession::receive(PracticeInbox::Writer &writer) {
    DotReader content;
    ByteCount size = 0;
    bool filed = true;
    for (;;) {
        std::string plain;
        m_buffer.erase(0, content.feed(m_buffer, plain));
        size += plain.size();
        if (filed && size <= m_config.maxMessageSize) {
            filed = writer.write(plain).has_value();
        }
        if (content.done()) {
            break;
        }
        if (!fill()) {
            return Next::End;
        }
    }
    if (size > m_config.maxMessageSize) {
        return reply("552 5.3.4 The message is too large");
    }
    if (content.sawBareNewline()) {
        return reply("550 5.6.0 The message has a line end that is not CRLF");
    }
    const auto name = filed ? writer.commit() : Result<std::string>(std::string());
    if (!name || name->empty()) {
        return reply("451 4.3.0 The practice inbox can't be written");
    }
    if (m_loseLine) {
        return Next::End;
    }
    return reply("250 2.0.0 Ok: queued as P" + *name);
}

void PracticeSession::forgetTransaction() {
    m_inTransaction = false;
    m_loseLine = false;
    m_envelope = {};
}

} // namespace sealpost::practice
