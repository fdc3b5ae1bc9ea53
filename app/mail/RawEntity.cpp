// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/RawEntity.h"

#include "base/Text.h"
#include "mail/Address.h"
#include "mail/HeaderText.h"
#include "mail/MimeModule.h"
#include "mail/Utf8.h"

#include <QByteArray>
#include <algorithm>

namespace sealpost::mail {

namespace {

constexpr std::size_t kMostFields = 1'000;
constexpr std::size_t kMostHeader = std::size_t{256} * 1024;
constexpr std::size_t kMostMailboxes = 1'000;

tl::unexpected<Error> notAMessage() {
    return fail("mime.not-a-message", "mime.read", Reaction::FixInput);
}

//! The next line without its end (CRLF or LF), taken off.
std::string_view takeLine(std::string_view &rest) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

std::optional<RawField> fieldOf(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
        return std::nullopt;
    }
    auto name = line.substr(0, colon);
    while (name.ends_with(' ')) {
        name.remove_suffix(1); // RFC 5322 §4.5.8
    }
    const bool good = !name.empty() && std::all_of(name.begin(), name.end(),
                                                   [](char c) { return c > ' ' && c < 0x7F; });
    if (!good) {
        return std::nullopt;
    }
    return RawField{base::asciiLower(name), std::string(base::trimmed(line.substr(colon + 1)))};
}

} // namespace

std::vector<std::string> RawEntity::values(std::string_view name) const {
    std::vector<std::string> found;
    for (const auto &field : fields) {
        if (field.name == name) {
            found.push_back(field.value);
        }
    }
    return found;
}

Result<RawEntity> splitEntity(std::string_view bytes) {
    if (auto ready = needMime(); !ready) {
        return fail(ready.error());
    }
    RawEntity entity;
    auto rest = bytes;
    for (;;) {
        if (rest.empty() || bytes.size() - rest.size() > kMostHeader ||
            entity.fields.size() > kMostFields) {
            return notAMessage();
        }
        const auto line = takeLine(rest);
        if (line.empty()) {
            entity.body = rest;
            return entity;
        }
        if (line.front() == ' ' || line.front() == '\t') {
            if (entity.fields.empty()) {
                return notAMessage();
            }
            auto &value = entity.fields.back().value;
            value += ' ';
            value += base::trimmed(line);
            continue;
        }
        auto field = fieldOf(line);
        if (!field) {
            return notAMessage();
        }
        entity.fields.push_back(std::move(*field));
    }
}

std::string ContentType::parameter(const std::string &name) const {
    const auto at = parameters.find(name);
    return at == parameters.end() ? std::string() : at->second;
}

ContentType contentTypeOf(const RawEntity &entity) {
    const auto values = entity.values("content-type");
    if (values.empty()) {
        return {"text/plain", {}}; // RFC 2045 §5.2
    }
    return values.size() > 1 ? ContentType() : mime().contentType(values.front());
}

std::optional<std::vector<std::string_view>> splitMultipart(std::string_view body,
                                                            const std::string &boundary) {
    if (boundary.empty()) {
        return std::nullopt;
    }
    const auto delimiter = "--" + boundary;
    std::vector<std::string_view> parts;
    std::optional<std::size_t> start;
    std::size_t at = 0;
    while (at < body.size()) {
        auto rest = body.substr(at);
        const auto line = takeLine(rest);
        const auto next = body.size() - rest.size();
        const bool last = line.starts_with(delimiter + "--") &&
                          base::trimmed(line.substr(delimiter.size() + 2)).empty();
        const bool between =
            line.starts_with(delimiter) && base::trimmed(line.substr(delimiter.size())).empty();
        if (between || last) {
            if (start) {
                auto part = body.substr(*start, at - *start);
                if (part.ends_with('\n')) {
                    part.remove_suffix(part.ends_with("\r\n") ? 2 : 1);
                }
                parts.push_back(part);
            }
            if (last) {
                return start ? std::optional(parts) : std::nullopt;
            }
            start = next;
        }
        at = next;
    }
    return std::nullopt;
}

std::string decodedBody(const RawEntity &entity) {
    const auto values = entity.values("content-transfer-encoding");
    const auto encoding = values.empty() ? std::string() : base::asciiLower(values.front());
    if (encoding == "base64") {
        return QByteArray::fromBase64(
                   QByteArray::fromRawData(entity.body.data(),
                                           static_cast<qsizetype>(entity.body.size())))
            .toStdString();
    }
    return encoding == "quoted-printable" ? mime().decodedQuotedPrintable(entity.body)
                                          : std::string(entity.body);
}

std::string decodedValue(const std::string &value) {
    constexpr qsizetype kMost = 1'000;
    return printable(decodedText(value), kMost);
}

std::vector<Mailbox> mailboxesOf(const std::string &value) {
    std::vector<Mailbox> mailboxes;
    for (const auto &raw : mime().mailboxes(value, kMostMailboxes)) {
        const auto address = Address::parse(raw.address);
        mailboxes.push_back({printable(raw.name), address ? address->spec() : std::string()});
    }
    return mailboxes;
}

} // namespace sealpost::mail
