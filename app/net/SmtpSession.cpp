// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/SmtpSession.h"

#include "base/Base64.h"
#include "base/Text.h"
#include "net/DotStuffer.h"
#include "net/TlsStream.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <utility>

namespace sealpost::net {

namespace {
using namespace std::chrono_literals;

constexpr int kReady = 220;
constexpr int kMoreOfAuth = 334;
constexpr int kAuthenticated = 235;
constexpr int kMostAuthSteps = 8;
constexpr int kClosing = 421;
constexpr int kGoodbye = 221;
constexpr auto kQuitTime = 2s;
constexpr auto kLastWordsTime = 1s;
constexpr std::size_t kReadChunk = 4096;
constexpr std::size_t kContentChunk = 65536;
constexpr std::size_t kMostUnwritten = 262144;

//! Whether the text can stand in a command line and leave it one line.
bool isArgument(std::string_view text) {
    return !base::hasControlCharacters(text);
}

tl::unexpected<Error> badArgument(std::string_view stage) {
    return fail("smtp.argument", stage, Reaction::Bug);
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

// What a quoted local part holds is its own affair.
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

struct SmtpSession::Private {
    std::unique_ptr<ByteStream> stream; //!< null after a handshake that failed
    const TlsStream *tls = nullptr;     //!< the same, once it is one
    SmtpReplyParser parser;
    SmtpCapabilities capabilities;
    std::optional<crypto::TlsPeerInfo> peer;
    Deadline deadline = Deadline::after(0ms);
    std::stop_token stop;
    std::string unwritten;                 //!< commands that wait for the next read
    std::deque<std::string_view> awaiting; //!< the stage of each reply on account
    bool quitting = false;                 //!< QUIT has been queued
    bool inGroup = false;                  //!< several were on account at once
    std::optional<SmtpReply> closing;      //!< a 421 that nobody asked for
    std::optional<Error> cut;              //!< why nothing can be written any more
    std::optional<Error> ended;            //!< why nothing can be read either

    tl::unexpected<Error> end(Error error, std::string_view stage);
    Result<SmtpReply> readReply(std::string_view stage, Deadline by);
    Result<void> writeNow(std::string_view bytes);
    Result<void> flush();
    Result<void> checkUnasked(std::string_view stage);
    void checkSurplus(std::string_view stage);
    Result<void> queue(std::string_view line, std::string_view stage);
    Result<SmtpReply> nextReply();
    Result<SmtpReply> command(std::string_view line, std::string_view stage);
    Result<SmtpReply> secretLine(std::string &&line, std::string_view stage);
    Result<void> upgrade(const crypto::TlsClientConfig &config, std::string_view stage);
    std::optional<SmtpReply> lastWords(std::string_view stage);
};

//! Remembers the error: a dialogue that broke once has no next line.
tl::unexpected<Error> SmtpSession::Private::end(Error error, std::string_view stage) {
    error.stage = stage;
    ended = error;
    tls = nullptr;
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

Result<void> SmtpSession::Private::writeNow(std::string_view bytes) {
    if (ended || cut) {
        return fail(ended ? *ended : *cut);
    }
    auto written = stream->write(bytes, deadline, stop);
    if (!written) {
        cut = written.error();
    }
    return written;
}

Result<void> SmtpSession::Private::flush() {
    if (unwritten.empty()) {
        return {};
    }
    return writeNow(std::exchange(unwritten, {}));
}

//! What came without a command. A server may say so that it is closing (RFC 5321 §3.8); any other
//! reply that nobody asked for would be taken for the answer to the next command.
Result<void> SmtpSession::Private::checkUnasked(std::string_view stage) {
    if (ended || cut || !awaiting.empty() || !parser.hasPending()) {
        return {};
    }
    auto reply = readReply(stage, deadline);
    if (!reply) {
        return fail(reply.error());
    }
    if (reply->code != kClosing) {
        return end({"smtp.garbage", {}, Reaction::Retry, "a reply without a command", {}}, stage);
    }
    closing = std::move(*reply);
    cut = Error{"smtp.hung-up", std::string(stage), Reaction::Retry, "after 421", {}};
    return {};
}

Result<void> SmtpSession::Private::queue(std::string_view line, std::string_view stage) {
    if (auto quiet = checkUnasked(stage); !quiet) {
        return quiet;
    }
    if (ended) {
        return fail(*ended);
    }
    inGroup = !awaiting.empty();
    awaiting.push_back(stage);
    if (!cut) {
        unwritten += line;
    }
    return {};
}

Result<SmtpReply> SmtpSession::Private::nextReply() {
    if (awaiting.empty()) {
        return fail("smtp.no-command", "smtp", Reaction::Bug);
    }
    const auto stage = awaiting.front();
    awaiting.pop_front();
    if (closing) {
        return *std::exchange(closing, std::nullopt);
    }
    // Where that fails, replies to what was written before may still be on their way.
    (void)flush();
    const bool isCut = cut.has_value();
    auto reply = readReply(stage, isCut ? deadline.within(kLastWordsTime) : deadline);
    if (!reply && isCut) {
        return end(*cut, stage);
    }
    if (reply && awaiting.empty() && inGroup) {
        checkSurplus(stage);
        if (ended) {
            return fail(*ended);
        }
    }
    return reply;
}

//! More replies than commands: then nobody knows which of them answers which command.
void SmtpSession::Private::checkSurplus(std::string_view stage) {
    if (!parser.hasPending()) {
        return;
    }
    auto more = parser.next();
    if (!more) {
        (void)end(std::move(more.error()), stage);
    } else if (*more && quitting && (*more)->code == kGoodbye) {
        parser.discardPending();
    } else if (*more && (*more)->code == kClosing) {
        closing = std::move(**more);
        cut = Error{"smtp.hung-up", std::string(stage), Reaction::Retry, "after 421", {}};
    } else if (*more) {
        (void)end({"smtp.garbage", {}, Reaction::Retry, "more replies than commands", {}}, stage);
    }
}

Result<SmtpReply> SmtpSession::Private::command(std::string_view line, std::string_view stage) {
    if (auto queued = queue(line, stage); !queued) {
        return fail(queued.error());
    }
    return nextReply();
}

//! A line that no buffer keeps.
Result<SmtpReply> SmtpSession::Private::secretLine(std::string &&line, std::string_view stage) {
    auto secret = base::SecretBytes(std::move(line));
    if (auto queued = queue({}, stage); !queued) {
        return fail(queued.error());
    }
    if (!closing) {
        (void)flush();
        (void)writeNow(secret.view()); // where it fails, nextReply() says so
    }
    return nextReply();
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
    (void)end({"smtp.hung-up", {}, Reaction::Retry, "while content was sent", {}}, stage);
    return std::move(*reply);
}

Result<void> SmtpSession::Private::upgrade(const crypto::TlsClientConfig &config,
                                           std::string_view stage) {
    auto engine = crypto::TlsEngine::client(config);
    if (!engine) {
        return end(std::move(engine.error()), stage);
    }
    crypto::TlsPeerInfo seen;
    auto secured =
        TlsStream::handshake(std::move(stream), std::move(*engine), deadline, stop, &seen);
    if (!secured) {
        if (!seen.sha256.empty()) {
            peer = std::move(seen);
        }
        return end(std::move(secured.error()), stage);
    }
    peer = (*secured)->peer();
    tls = secured->get();
    stream = std::move(*secured);
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
    if (d->tls != nullptr) {
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
    // In the other direction nothing can be left over: STARTTLS waits for its reply, and with it
    // all that was queued before has been written.
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

namespace {
std::string authLine(crypto::SaslClient &client, std::optional<base::SecretBytes> initial) {
    auto line = "AUTH " + std::string(client.mechanism());
    if (initial) {
        auto encoded = base::toBase64(initial->view());
        line.reserve(line.size() + encoded.size() + 3);
        //= RFC 4954 §4: "=" is an initial response that is there and empty.
        line += " ";
        line += encoded.empty() ? "=" : encoded;
        base::wipe(encoded);
    }
    line += "\r\n";
    return line;
}
} // namespace

Result<SmtpReply> SmtpSession::authenticate(crypto::SaslClient &client) {
    constexpr std::string_view kStage = "smtp.auth";
    //= RFC 4954 §4: nothing of a login where TLS does not protect it.
    if (!underTls()) {
        return fail("smtp.auth-without-tls", kStage, Reaction::Bug);
    }
    std::optional<base::SecretBytes> initial;
    if (client.speaksFirst()) {
        auto first = client.step({});
        if (!first) {
            return fail(first.error());
        }
        initial = std::move(*first);
    }
    auto reply = d->secretLine(authLine(client, std::move(initial)), kStage);
    for (int step = 0; reply && reply->code == kMoreOfAuth; ++step) {
        auto challenge = base::fromBase64(reply->lines.empty() ? "" : reply->lines.front());
        auto answer = challenge && step < kMostAuthSteps
                          ? client.step(*challenge)
                          : Result<SecretBytes>(fail("sasl.challenge", kStage, Reaction::AskAdmin,
                                                     challenge ? "without end" : "not base64"));
        if (!answer) {
            //= RFC 4954 §4: "*" cancels, and the server says 501 to it.
            (void)d->command("*\r\n", kStage);
            return fail(std::move(answer.error()));
        }
        auto line = base::toBase64(answer->view());
        line += "\r\n";
        reply = d->secretLine(std::move(line), kStage);
    }
    if (reply && reply->code == kAuthenticated && !client.complete()) {
        return d->end(
            {"sasl.server-proof", {}, Reaction::AskAdmin, std::string(client.mechanism()), {}},
            kStage);
    }
    return reply;
}

Result<void> SmtpSession::mailFrom(std::string_view addressSpec, std::string_view parameters) {
    constexpr std::string_view kStage = "smtp.mail";
    if (!isPath(addressSpec) || !isArgument(parameters)) {
        return badArgument(kStage);
    }
    return d->queue(
        "MAIL FROM:<" + std::string(addressSpec) + ">" + std::string(parameters) + "\r\n", kStage);
}

Result<void> SmtpSession::rcptTo(std::string_view addressSpec, std::string_view parameters) {
    constexpr std::string_view kStage = "smtp.rcpt";
    if (!isPath(addressSpec) || addressSpec.empty() || !isArgument(parameters)) {
        return badArgument(kStage);
    }
    return d->queue("RCPT TO:<" + std::string(addressSpec) + ">" + std::string(parameters) + "\r\n",
                    kStage);
}

Result<void> SmtpSession::data() {
    return d->queue("DATA\r\n", "smtp.data");
}

Result<void> SmtpSession::rset() {
    return d->queue("RSET\r\n", "smtp.rset");
}

Result<void> SmtpSession::chunk(std::string_view message) {
    constexpr std::string_view kStage = "smtp.reply";
    ContentCheck check;
    if (auto good = check.add(message); !good) {
        return good;
    }
    if (auto good = check.finish(); !good) {
        return good;
    }
    auto queued = d->queue("BDAT " + std::to_string(message.size()) + " LAST\r\n", kStage);
    if (queued && !d->cut) {
        d->unwritten += message;
        if (d->unwritten.size() > kMostUnwritten) {
            (void)d->flush(); // seen by nextReply()
        }
    }
    return queued;
}

Result<SmtpReply> SmtpSession::nextReply() {
    return d->nextReply();
}

std::size_t SmtpSession::awaited() const {
    return d->awaiting.size();
}

namespace {
//! Writes one message as its framing wants it, and always one piece behind, so that the last is
//! known when it comes.
class ContentWriter {
public:
    using Write = std::function<Result<void>(std::string_view)>;
    ContentWriter(ContentFraming framing, ByteCount size, Write write)
        : m_framing(framing), m_size(size), m_write(std::move(write)) {
        if (framing == ContentFraming::Chunk) {
            m_held = "BDAT " + std::to_string(size) + " LAST\r\n";
        }
    }

    //! All but the last piece; errors of the source and of ContentCheck.
    Result<void> begin(base::ByteSource &message) {
        std::array<char, kContentChunk> bytes{};
        for (;;) {
            const auto count = message.read(bytes);
            if (!count) {
                return fail(count.error());
            }
            if (*count == 0) {
                return checkEnd();
            }
            if (auto taken = add({bytes.data(), *count}); !taken) {
                return taken;
            }
        }
    }
    Result<void> end() { return m_write(m_held); }

private:
    Result<void> add(std::string_view piece) {
        m_seen += piece.size();
        if (m_seen > m_size) {
            return wrongSize();
        }
        if (m_framing == ContentFraming::Dots) {
            auto stuffed = m_stuffer.add(piece);
            if (!stuffed) {
                return fail(std::move(stuffed.error()));
            }
            auto written = m_write(m_held);
            m_held = std::move(*stuffed);
            return written;
        }
        if (auto good = m_check.add(piece); !good) {
            return good;
        }
        auto written = m_write(m_held);
        m_held = piece;
        return written;
    }

    Result<void> checkEnd() {
        if (m_seen != m_size) {
            return wrongSize();
        }
        if (m_framing == ContentFraming::Chunk) {
            return m_check.finish();
        }
        auto last = m_stuffer.finish();
        if (!last) {
            return fail(std::move(last.error()));
        }
        // Nothing but the dot itself is held back.
        auto written = m_write(m_held);
        m_held = std::move(*last);
        return written;
    }

    static Result<void> wrongSize() {
        return fail("smtp.size-differs", "smtp.content", Reaction::Bug);
    }

    ContentFraming m_framing;
    ByteCount m_size;
    Write m_write;
    ByteCount m_seen = 0;
    std::string m_held;
    DotStuffer m_stuffer;
    ContentCheck m_check;
};
} // namespace

Result<SmtpReply> SmtpSession::content(base::ByteSource &message, ContentFraming framing,
                                       ByteCount size,
                                       const std::function<Result<void>()> &beforeTheEnd) {
    constexpr std::string_view kStage = "smtp.content";
    constexpr std::string_view kReplyStage = "smtp.reply";
    if (auto quiet = d->checkUnasked(kStage); !quiet) {
        return fail(quiet.error());
    }
    if (d->closing) {
        return *std::exchange(d->closing, std::nullopt);
    }
    (void)d->flush();
    ContentWriter writer(framing, size, [this](std::string_view bytes) {
        return bytes.empty() ? Result<void>() : d->writeNow(bytes);
    });
    if (auto begun = writer.begin(message); !begun) {
        const bool lineBroke = d->cut.has_value();
        if (auto reply = lineBroke ? d->lastWords(kStage) : std::nullopt) {
            return std::move(*reply);
        }
        return d->end(std::move(begun.error()), kStage);
    }
    if (beforeTheEnd) {
        if (auto agreed = beforeTheEnd(); !agreed) {
            return d->end(std::move(agreed.error()), kStage);
        }
    }
    if (auto quiet = d->checkUnasked(kStage); !quiet) {
        return fail(quiet.error());
    }
    if (d->closing) {
        return *std::exchange(d->closing, std::nullopt);
    }
    d->awaiting.push_back(kReplyStage);
    (void)writer.end();
    return d->nextReply();
}

void SmtpSession::queueQuit() {
    if (!std::exchange(d->quitting, true)) {
        d->unwritten += "QUIT\r\n";
    }
}

void SmtpSession::quit() {
    if (d->ended) {
        return;
    }
    d->deadline = d->deadline.within(kQuitTime);
    if (!d->closing && !d->cut) {
        queueQuit();
        (void)d->flush();
    }
    (void)d->end({"smtp.hung-up", {}, Reaction::Retry, "after QUIT", {}}, "smtp.quit");
}

bool SmtpSession::isOpen() const {
    return !d->ended && !d->cut;
}
bool SmtpSession::underTls() const {
    return d->tls != nullptr;
}
crypto::ChannelBinding SmtpSession::channelBinding() const {
    return d->tls != nullptr ? d->tls->channelBinding() : crypto::ChannelBinding();
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
