// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ManageSieveSession.h"

#include "base/Text.h"
#include "base/Units.h"
#include "net/TlsStream.h"

#include <QByteArray>
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace sealpost::net {

namespace {

constexpr std::size_t kLongestLine = 64 * base::kKiB;
constexpr std::size_t kLargestLiteral = base::kMiB;
constexpr std::size_t kMostLines = 2000;
constexpr std::size_t kLargestReply = 4 * base::kMiB;
constexpr std::string_view kStage = "sieve";

//! What a reply says in one line: its strings and atoms in order.
struct ReplyLine {
    std::vector<std::string> words;
    bool startsWithString = false;
};

//! All lines up to OK, NO or BYE.
struct Reply {
    std::vector<ReplyLine> lines;
    std::string status; //!< "OK", "NO", "BYE"
    std::string code;   //!< "AUTH-TOO-WEAK", without brackets; may be empty
};

auto garbage(std::string_view detail) {
    return fail("sieve.garbage", kStage, Reaction::Retry, detail);
}

std::string quotedText(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    }
    return quoted + '"';
}

} // namespace

struct ManageSieveSession::Private {
    std::unique_ptr<ByteStream> stream;
    Deadline deadline;
    std::stop_token stop;
    std::string pending;    //!< read and not used yet
    std::size_t budget = 0; //!< that may still come in this reply
    std::set<std::string> capabilities;
    std::vector<std::string> mechanisms; //!< of SASL
    bool underTls = false;

    Result<void> fill() {
        std::array<char, 4096> chunk{};
        const auto count = stream->read(chunk, deadline, stop);
        if (!count) {
            return fail(count.error());
        }
        if (*count == 0) {
            return fail("net.broken", kStage, Reaction::Retry, "the server hung up");
        }
        if (*count > budget) {
            return garbage("endless reply");
        }
        budget -= *count;
        pending.append(chunk.data(), *count);
        return {};
    }

    //! One line without its end.
    Result<std::string> line() {
        while (true) {
            const auto end = pending.find("\r\n");
            if (end != std::string::npos) {
                auto text = pending.substr(0, end);
                pending.erase(0, end + 2);
                return text;
            }
            if (pending.size() > kLongestLine) {
                return garbage("endless line");
            }
            if (auto filled = fill(); !filled) {
                return fail(filled.error());
            }
        }
    }

    Result<std::string> bytes(std::size_t count) {
        while (pending.size() < count) {
            if (auto filled = fill(); !filled) {
                return fail(filled.error());
            }
        }
        auto text = pending.substr(0, count);
        pending.erase(0, count);
        return text;
    }

    //! Words of one reply line (RFC 5804 §4); literals go on behind their line.
    Result<ReplyLine> replyLine();
    Result<Reply> reply();
    Result<Reply> command(const std::string &text);
    Result<void> readCapabilities();
};

Result<ReplyLine> ManageSieveSession::Private::replyLine() {
    ReplyLine out;
    auto text = line();
    if (!text) {
        return fail(text.error());
    }
    std::string_view left = *text;
    out.startsWithString = left.starts_with('"') || left.starts_with('{');
    std::string kept; // owns what `left` sees after a literal
    while (!(left = base::trimmed(left)).empty()) {
        if (left.front() == '"') {
            std::string word;
            std::size_t at = 1;
            while (at < left.size() && left[at] != '"') {
                at += left[at] == '\\' && at + 1 < left.size() ? 1 : 0;
                word += left[at++];
            }
            if (at >= left.size()) {
                return garbage("open string");
            }
            out.words.push_back(std::move(word));
            left.remove_prefix(at + 1);
        } else if (left.front() == '{') {
            std::size_t size = 0;
            const auto *end = left.data() + left.size();
            const auto [after, error] = std::from_chars(left.data() + 1, end, size);
            const std::string_view tail(after, static_cast<std::size_t>(end - after));
            if (error != std::errc() || size > kLargestLiteral || (tail != "}" && tail != "+}")) {
                return garbage("literal");
            }
            auto literal = bytes(size);
            if (!literal) {
                return fail(literal.error());
            }
            out.words.push_back(std::move(*literal));
            auto rest = line();
            if (!rest) {
                return fail(rest.error());
            }
            kept = std::move(*rest);
            left = kept;
        } else {
            const auto end = std::min(left.find(' '), left.size());
            out.words.emplace_back(left.substr(0, end));
            left.remove_prefix(end);
        }
    }
    return out;
}

Result<Reply> ManageSieveSession::Private::reply() {
    Reply reply;
    budget = kLargestReply;
    while (reply.lines.size() <= kMostLines) {
        auto next = replyLine();
        if (!next) {
            return fail(next.error());
        }
        if (next->words.empty()) {
            return garbage("empty line");
        }
        const auto first = base::asciiUpper(next->words.front());
        if (next->startsWithString || (first != "OK" && first != "NO" && first != "BYE")) {
            if (!next->startsWithString) {
                return garbage("neither string nor status");
            }
            reply.lines.push_back(std::move(*next));
            continue;
        }
        reply.status = first;
        if (next->words.size() > 1 && next->words[1].starts_with('(')) {
            auto code = base::asciiUpper(next->words[1].substr(1));
            reply.code = code.substr(0, code.find_first_of(")/ "));
        }
        return reply;
    }
    return garbage("endless reply");
}

Result<Reply> ManageSieveSession::Private::command(const std::string &text) {
    if (auto written = stream->write(text, deadline, stop); !written) {
        return fail(written.error());
    }
    return reply();
}

Result<void> ManageSieveSession::Private::readCapabilities() {
    const auto said = reply();
    if (!said) {
        return fail(said.error());
    }
    if (said->status != "OK") {
        return fail("sieve.refused", kStage, Reaction::AskAdmin, said->code);
    }
    capabilities.clear();
    mechanisms.clear();
    for (const auto &one : said->lines) {
        const auto name = base::asciiUpper(one.words.front());
        capabilities.insert(name);
        if (name == "SASL" && one.words.size() > 1) {
            mechanisms = base::split(base::asciiUpper(one.words[1]), ' ');
        }
    }
    if (!capabilities.contains("IMPLEMENTATION") && !capabilities.contains("SIEVE")) {
        return garbage("no capabilities");
    }
    return {};
}

ManageSieveSession::ManageSieveSession(std::unique_ptr<Private> parts) : d(std::move(parts)) {}
ManageSieveSession::~ManageSieveSession() = default;

Result<std::unique_ptr<ManageSieveSession>>
ManageSieveSession::open(std::unique_ptr<ByteStream> stream, Deadline deadline,
                         std::stop_token stop) {
    auto parts = std::make_unique<Private>(
        Private{std::move(stream), deadline, std::move(stop), {}, 0, {}, {}, false});
    if (auto greeted = parts->readCapabilities(); !greeted) {
        return fail(greeted.error());
    }
    return std::unique_ptr<ManageSieveSession>(new ManageSieveSession(std::move(parts)));
}

Result<void> ManageSieveSession::startTls(const crypto::TlsClientConfig &config) {
    if (!d->capabilities.contains("STARTTLS")) {
        return fail("sieve.no-tls", kStage, Reaction::AskAdmin);
    }
    const auto said = d->command("STARTTLS\r\n");
    if (!said) {
        return fail(said.error());
    }
    if (said->status != "OK") {
        return fail("sieve.refused", kStage, Reaction::AskAdmin, said->code);
    }
    //= RFC 5804 §2.2: what came in the clear counts for nothing under TLS; a server has nothing to
    // say between its OK and the handshake.
    if (!d->pending.empty()) {
        return fail("sieve.injected", kStage, Reaction::AskAdmin);
    }
    d->capabilities.clear();
    auto engine = crypto::TlsEngine::client(config);
    if (!engine) {
        return fail(engine.error());
    }
    auto secured =
        TlsStream::handshake(std::move(d->stream), std::move(*engine), d->deadline, d->stop);
    if (!secured) {
        return fail(secured.error());
    }
    d->stream = std::move(*secured);
    d->underTls = true;
    //= RFC 5804 §2.2: the server sends its capabilities anew.
    return d->readCapabilities();
}

Result<void> ManageSieveSession::authenticate(std::string_view userName,
                                              const base::SecretBytes &password) {
    if (!d->underTls) {
        return fail("sieve.no-tls", kStage, Reaction::Bug);
    }
    if (std::find(d->mechanisms.begin(), d->mechanisms.end(), "PLAIN") == d->mechanisms.end()) {
        return fail("sieve.no-mechanism", kStage, Reaction::AskAdmin,
                    base::join(d->mechanisms, ", "));
    }
    std::string plain = std::string(1, '\0') + std::string(userName) + '\0';
    plain += password.view();
    auto encoded =
        QByteArray::fromRawData(plain.data(), static_cast<qsizetype>(plain.size())).toBase64();
    std::string command = "AUTHENTICATE \"PLAIN\" \"" + encoded.toStdString() + "\"\r\n";
    const auto said = d->command(command);
    base::wipe(plain);
    base::wipe(command);
    encoded.fill('\0');
    if (!said) {
        return fail(said.error());
    }
    if (said->status == "NO") {
        return fail("sieve.auth", kStage, Reaction::FixInput, said->code);
    }
    return said->status == "OK" ? Result<void>()
                                : fail("sieve.refused", kStage, Reaction::AskAdmin, said->code);
}

Result<std::vector<SieveScriptName>> ManageSieveSession::listScripts() {
    const auto said = d->command("LISTSCRIPTS\r\n");
    if (!said) {
        return fail(said.error());
    }
    if (said->status != "OK") {
        return fail("sieve.refused", kStage, Reaction::AskAdmin, said->code);
    }
    std::vector<SieveScriptName> names;
    for (const auto &one : said->lines) {
        names.push_back({one.words.front(),
                         one.words.size() > 1 && base::asciiUpper(one.words[1]) == "ACTIVE"});
    }
    return names;
}

Result<std::string> ManageSieveSession::getScript(std::string_view name) {
    if (base::hasControlCharacters(name)) {
        return garbage("script name");
    }
    auto said = d->command("GETSCRIPT " + quotedText(name) + "\r\n");
    if (!said) {
        return fail(said.error());
    }
    if (said->status != "OK" || said->lines.empty()) {
        return fail("sieve.refused", kStage, Reaction::AskAdmin, said->code);
    }
    return std::move(said->lines.front().words.front());
}

void ManageSieveSession::logOut() {
    (void)d->stream->write("LOGOUT\r\n", d->deadline, d->stop);
    d->stream->close();
}

} // namespace sealpost::net
