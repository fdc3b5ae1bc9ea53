// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/SmtpSession.h"

#include "base/Text.h"
#include "net/DotStuffer.h"
#include "net/TlsStream.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace sealpost::net {

namespace {
using namespace std::chrono_literals;

constexpr int kReady = 220;
constexpr auto kQuitTime = 2s;
constexpr auto kLastWordsTime = 1s;
constexpr std::size_t kReadChunk = 4096;
constexpr std::size_t kContentChunk = 16384;

//! Whether the text can stand in a command line and leave it one line.
bool isArgument(std::string_view text) {
    return !base::hasControlCharacters(text);
}

//! Whether it can stand in angle brackets without ending them: what a quoted local part holds is
//! its own affair.
bool isPath(std::string_view addressSpec) {
    bool quoted = false;
    bool escaped = false;
    for (const char c : addressSpec) {
        if (!quoted && (c == '<' || c == '>' || c == ' ')) {
            return false;
        }
        if (c == '"' && !escaped) {
            quoted = !quoted;
        }
        escaped = quoted && c == '\\' && !escaped;
    }
    return !quoted && isArgument(addressSpec);
}

tl::unexpected<Error> badArgument(std::string_view stage) {
    return fail("smtp.argument", stage, Reaction::Bug);
}

//! Base64 (RFC 4648 §4) that leaves no copy behind; its result is the caller's to wipe.
std::string base64(std::string_view bytes) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto count = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group = group << 8U | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            out += j <= count ? kAlphabet[group >> (18U - 6U * j) & 63U] : '=';
        }
    }
    return out;
}

SmtpCapabilities capabilitiesOf(const SmtpReply &reply) {
    SmtpCapabilities capabilities;
    // The first line is the server's name and greeting.
    for (std::size_t i = 1; i < reply.lines.size(); ++i) {
        const auto line = base::trimmed(reply.lines[i]);
        const auto end = line.find(' ');
        const auto parameters =
            end == std::string_view::npos ? std::string_view() : base::trimmed(line.substr(end));
        auto &held = capabilities[base::asciiUpper(line.substr(0, end))];
        held += (held.empty() ? "" : " ") + std::string(parameters);
    }
    return capabilities;
}
} // namespace

struct SmtpSession::Private {
    std::unique_ptr<ByteStream> stream; //!< null after a handshake that failed
    SmtpReplyParser parser;
    SmtpCapabilities capabilities;
    std::optional<crypto::TlsPeerInfo> peer;
    Deadline deadline = Deadline::after(0ms);
    std::stop_token stop;
    bool underTls = false;
    std::optional<Error> ended; //!< why nothing more can be said here

    tl::unexpected<Error> end(Error error, std::string_view stage);
    Result<SmtpReply> readReply(std::string_view stage, Deadline by);
    Result<void> write(std::string_view bytes, std::string_view stage);
    Result<SmtpReply> command(std::string_view line, std::string_view stage);
    Result<void> upgrade(const crypto::TlsClientConfig &config, std::string_view stage);
    std::optional<Result<SmtpReply>> unasked(std::string_view stage);
    Result<void> sendContent(base::ByteSource &message, DotStuffer &stuffer,
                             std::string_view stage);
    std::optional<SmtpReply> lastWords(std::string_view stage);
};

//! Remembers the error: a dialogue that broke once has no next line.
tl::unexpected<Error> SmtpSession::Private::end(Error error, std::string_view stage) {
    error.stage = stage;
    ended = error;
    if (stream) {
        stream->close();
    }
    return fail(std::move(error));
}

Result<SmtpReply> SmtpSession::Private::readReply(std::string_view stage, Deadline by) {
    if (ended) {
        return fail(*ended);
    }
    for (;;) {
        auto reply = parser.next();
        if (!reply) {
            return end(std::move(reply.error()), stage);
        }
        if (*reply) {
            return std::move(**reply);
        }
        std::array<char, kReadChunk> bytes{};
        const auto count = stream->read(bytes, by, stop);
        if (!count) {
            return end(count.error(), stage);
        }
        if (*count == 0) {
            return end({"smtp.hung-up", {}, Reaction::Retry, {}, {}}, stage);
        }
        parser.feed({bytes.data(), *count});
    }
}

Result<void> SmtpSession::Private::write(std::string_view bytes, std::string_view stage) {
    if (ended) {
        return fail(*ended);
    }
    if (auto written = stream->write(bytes, deadline, stop); !written) {
        return end(std::move(written.error()), stage);
    }
    return {};
}

//! What came without a command. A server may say so that it is closing (RFC 5321 §3.8); any other
//! reply that nobody asked for would be taken for the answer to the next command.
std::optional<Result<SmtpReply>> SmtpSession::Private::unasked(std::string_view stage) {
    constexpr int kClosing = 421;
    if (ended || !parser.hasPending()) {
        return std::nullopt;
    }
    auto reply = readReply(stage, deadline);
    if (reply && reply->code != kClosing) {
        return end({"smtp.garbage", {}, Reaction::Retry, "a reply without a command", {}}, stage);
    }
    return reply;
}

Result<SmtpReply> SmtpSession::Private::command(std::string_view line, std::string_view stage) {
    if (auto reply = unasked(stage)) {
        return std::move(*reply);
    }
    if (auto written = write(line, stage); !written) {
        return tl::unexpected(std::move(written.error()));
    }
    return readReply(stage, deadline);
}

//! All of the message but its end. An error ends the dialogue, so that no last dot can follow.
Result<void> SmtpSession::Private::sendContent(base::ByteSource &message, DotStuffer &stuffer,
                                               std::string_view stage) {
    if (ended) {
        return fail(*ended);
    }
    std::array<char, kContentChunk> chunk{};
    for (;;) {
        const auto count = message.read(chunk);
        if (!count) {
            return end(count.error(), stage);
        }
        if (*count == 0) {
            return {};
        }
        auto stuffed = stuffer.add({chunk.data(), *count});
        if (!stuffed) {
            return end(std::move(stuffed.error()), stage);
        }
        if (auto written = stream->write(*stuffed, deadline, stop); !written) {
            return written;
        }
    }
}

//! Where a server hung up while the content was being written: the refusal that it may have sent
//! before, which says more than the broken line.
std::optional<SmtpReply> SmtpSession::Private::lastWords(std::string_view stage) {
    if (ended) {
        return std::nullopt;
    }
    auto reply = readReply(stage, deadline.within(kLastWordsTime));
    if (!reply || reply->positive()) {
        return std::nullopt;
    }
    end({"smtp.hung-up", {}, Reaction::Retry, "while content was sent", {}}, stage);
    return std::move(*reply);
}

Result<void> SmtpSession::Private::upgrade(const crypto::TlsClientConfig &config,
                                           std::string_view stage) {
    auto engine = crypto::TlsEngine::client(config);
    if (!engine) {
        return end(std::move(engine.error()), stage);
    }
    crypto::TlsPeerInfo seen;
    auto tls = TlsStream::handshake(std::move(stream), std::move(*engine), deadline, stop, &seen);
    if (!tls) {
        if (!seen.sha256.empty()) {
            peer = std::move(seen);
        }
        return end(std::move(tls.error()), stage);
    }
    peer = (*tls)->peer();
    stream = std::move(*tls);
    underTls = true;
    return {};
}

SmtpSession::SmtpSession(std::unique_ptr<ByteStream> stream) : d(std::make_unique<Private>()) {
    d->stream = std::move(stream);
}

SmtpSession::~SmtpSession() = default;

void SmtpSession::setDeadline(Deadline deadline, std::stop_token stop) {
    d->deadline = deadline;
    d->stop = std::move(stop);
}

Result<SmtpReply> SmtpSession::readGreeting() {
    return d->readReply("smtp.greeting", d->deadline);
}

Result<SmtpReply> SmtpSession::ehlo(std::string_view clientName) {
    constexpr std::string_view kStage = "smtp.ehlo";
    if (!isPath(clientName)) {
        return badArgument(kStage);
    }
    auto reply = d->command("EHLO " + std::string(clientName) + "\r\n", kStage);
    d->capabilities = reply && reply->code / 100 == 2 ? capabilitiesOf(*reply) : SmtpCapabilities();
    return reply;
}

Result<SmtpReply> SmtpSession::startTls(const crypto::TlsClientConfig &config) {
    constexpr std::string_view kStage = "smtp.starttls";
    if (d->underTls) {
        //= RFC 3207 §4.2: no STARTTLS within TLS.
        return fail("smtp.already-tls", kStage, Reaction::Bug);
    }
    auto reply = d->command("STARTTLS\r\n", kStage);
    if (!reply || reply->code != kReady) {
        return reply;
    }
    const Error injected{"smtp.injected", {}, Reaction::AskAdmin, {}, {}};
    //= RFC 3207 §6: what came in the clear must not be taken for what was said under TLS. A server
    // has nothing to say between its 220 and the handshake, so somebody else said it: we end.
    // In the other direction nothing can be left over: each command waits for its reply and each
    // write is complete before it returns.
    if (d->parser.hasPending()) {
        return d->end(injected, kStage);
    }
    //= RFC 3207 §4.2: the client MUST discard any knowledge obtained from the server.
    d->parser.discardPending();
    d->capabilities.clear();
    if (auto done = d->upgrade(config, kStage); !done) {
        // The same injection, come in a segment of its own.
        return done.error().code == "tls.not-tls" ? d->end(injected, kStage)
                                                  : tl::unexpected(std::move(done.error()));
    }
    return reply;
}

Result<void> SmtpSession::implicitTls(const crypto::TlsClientConfig &config) {
    if (d->ended) {
        return fail(*d->ended);
    }
    return d->upgrade(config, "smtp.tls");
}

Result<SmtpReply> SmtpSession::authPlain(std::string_view userName,
                                         const base::SecretBytes &password) {
    constexpr std::string_view kStage = "smtp.auth";
    //= RFC 4954 §4: PLAIN only where TLS protects it.
    if (!d->underTls) {
        return fail("smtp.auth-without-tls", kStage, Reaction::Bug);
    }
    //= RFC 4616 §2: NUL parts the fields and stands in none of them.
    if (userName.find('\0') != std::string_view::npos ||
        password.view().find('\0') != std::string_view::npos) {
        return badArgument(kStage);
    }
    std::string response;
    response.reserve(userName.size() + password.size() + 2);
    response += '\0';
    response += userName;
    response += '\0';
    response += password.view();
    auto encoded = base64(response);
    base::wipe(response);
    std::string line;
    line.reserve(encoded.size() + 16);
    line += "AUTH PLAIN ";
    line += encoded;
    line += "\r\n";
    base::wipe(encoded);
    auto reply = d->command(line, kStage);
    base::wipe(line);
    return reply;
}

Result<SmtpReply> SmtpSession::mailFrom(std::string_view addressSpec, std::string_view parameters) {
    constexpr std::string_view kStage = "smtp.mail";
    if (!isPath(addressSpec) || !isArgument(parameters)) {
        return badArgument(kStage);
    }
    return d->command(
        "MAIL FROM:<" + std::string(addressSpec) + ">" + std::string(parameters) + "\r\n", kStage);
}

Result<SmtpReply> SmtpSession::rcptTo(std::string_view addressSpec) {
    constexpr std::string_view kStage = "smtp.rcpt";
    if (!isPath(addressSpec) || addressSpec.empty()) {
        return badArgument(kStage);
    }
    return d->command("RCPT TO:<" + std::string(addressSpec) + ">\r\n", kStage);
}

Result<SmtpReply> SmtpSession::data() {
    return d->command("DATA\r\n", "smtp.data");
}

Result<SmtpReply> SmtpSession::content(base::ByteSource &message,
                                       const std::function<Result<void>()> &beforeLastDot) {
    constexpr std::string_view kStage = "smtp.content";
    if (auto reply = d->unasked(kStage)) {
        return std::move(*reply);
    }
    DotStuffer stuffer;
    if (auto sent = d->sendContent(message, stuffer, kStage); !sent) {
        if (auto reply = d->lastWords(kStage)) {
            return std::move(*reply);
        }
        return d->end(std::move(sent.error()), kStage);
    }
    const auto last = stuffer.finish();
    if (!last) {
        return d->end(last.error(), kStage);
    }
    if (beforeLastDot) {
        if (auto agreed = beforeLastDot(); !agreed) {
            return d->end(std::move(agreed.error()), kStage);
        }
    }
    return d->command(*last, "smtp.reply");
}

Result<SmtpReply> SmtpSession::rset() {
    return d->command("RSET\r\n", "smtp.rset");
}

void SmtpSession::quit() {
    if (d->ended) {
        return;
    }
    d->deadline = d->deadline.within(kQuitTime);
    (void)d->command("QUIT\r\n", "smtp.quit");
    if (!d->ended) {
        (void)d->end({"smtp.hung-up", {}, Reaction::Retry, "after QUIT", {}}, "smtp.quit");
    }
}

bool SmtpSession::underTls() const {
    return d->underTls;
}
bool SmtpSession::replyHasBegun() const {
    return d->parser.hasBegun();
}
const SmtpCapabilities &SmtpSession::capabilities() const {
    return d->capabilities;
}
const std::optional<crypto::TlsPeerInfo> &SmtpSession::peer() const {
    return d->peer;
}

} // namespace sealpost::net
