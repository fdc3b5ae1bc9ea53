// SPDX-License-Identifier: GPL-3.0-or-later
#include "receive/MessageOpener.h"

#include "base/Text.h"
#include "mail/HtmlText.h"
#include "receive/ProtectedHeaders.h"
#include "receive/Unwrapper.h"

#include <QByteArray>
#include <algorithm>

namespace sealpost::receive {

namespace {

constexpr std::string_view kPem = "-----BEGIN ";

//! Signatures are over CRLF (RFC 8551 §3.1.1): a file that was saved with LF alone gets them back.
std::string withCrlf(std::string_view bytes) {
    if (bytes.find("\r\n") != std::string_view::npos) {
        return std::string(bytes);
    }
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 32);
    for (const char c : bytes) {
        if (c == '\n') {
            out += '\r';
        }
        out += c;
    }
    return out;
}

//! A CMS file by itself, as DER; empty where the bytes are none.
std::string bareCms(std::string_view bytes) {
    constexpr char kSequence = 0x30;
    if (bytes.starts_with(kSequence)) {
        return std::string(bytes);
    }
    if (!bytes.starts_with(kPem)) {
        return {};
    }
    const auto start = bytes.find('\n');
    const auto end = bytes.find("-----END ");
    if (start == std::string_view::npos || end == std::string_view::npos || end < start) {
        return {};
    }
    const auto base64 = bytes.substr(start, end - start);
    return QByteArray::fromBase64(
               QByteArray::fromRawData(base64.data(), static_cast<qsizetype>(base64.size())))
        .toStdString();
}

bool isCryptographic(const mail::MessagePart &part) {
    return part.mediaType == "application/pkcs7-mime" ||
           part.mediaType == "application/x-pkcs7-mime" ||
           part.mediaType == "application/pkcs7-signature" ||
           part.mediaType == "application/x-pkcs7-signature";
}

//! The text that is shown: the first plain one, else the first of HTML without its markup.
std::string textOf(const std::vector<mail::MessagePart> &parts, std::vector<Note> &notes,
                   const mail::MessagePart *&shown) {
    const auto first = [&](std::string_view type) {
        return std::find_if(parts.begin(), parts.end(), [&](const mail::MessagePart &part) {
            return part.mediaType == type && part.fileName.empty();
        });
    };
    if (const auto plain = first("text/plain"); plain != parts.end()) {
        shown = &*plain;
        return plain->legacyDisplay ? withoutLegacyDisplay(plain->content) : plain->content;
    }
    if (const auto html = first("text/html"); html != parts.end()) {
        shown = &*html;
        notes.push_back({"open.html-only", {}});
        return mail::htmlAsText(html->content);
    }
    return {};
}

//! One message on its way.
class Opening {
public:
    Opening(crypto::CmsReader &cms, Deadline deadline, std::stop_token stop)
        : m_unwrapper(cms, deadline, std::move(stop)) {}

    Result<OpenedMessage> message(std::string_view bytes) {
        const auto outer = mail::splitEntity(bytes);
        if (!outer || outer->fields.empty()) {
            return fail("mime.not-a-message", "open", Reaction::FixInput);
        }
        return finish(m_unwrapper.unwrap(bytes), &*outer);
    }
    Result<OpenedMessage> cms(std::string_view der) {
        auto content = m_unwrapper.unwrapCms(der);
        return finish(content ? m_unwrapper.unwrap(*content) : std::nullopt, nullptr);
    }

private:
    Result<OpenedMessage> finish(std::optional<std::string_view> payload,
                                 const mail::RawEntity *outer);
    void readHeaders(std::optional<std::string_view> payload, const mail::RawEntity *outer);
    void judgeSender();
    [[nodiscard]] bool authenticated() const;
    Result<void> readContent(std::string_view payload);
    void note(std::string id, std::map<std::string, std::string> facts = {}) {
        m_opened.notes.push_back({std::move(id), std::move(facts)});
    }

    Unwrapper m_unwrapper;
    OpenedMessage m_opened;
};

//! Whether nobody on the way can have changed what the innermost layer contains: the last
//! encryption proves it, or a good signature stands inside it.
bool Opening::authenticated() const {
    if (m_opened.layers.empty()) {
        return true; // it is as readable as any mail
    }
    const auto &innermost = m_opened.layers.back();
    return innermost.kind == Layer::Kind::Signed ||
           innermost.integrity == crypto::Integrity::Proven;
}

void Opening::readHeaders(std::optional<std::string_view> payload, const mail::RawEntity *outer) {
    const auto inner = payload && !m_opened.layers.empty() ? mail::splitEntity(*payload)
                                                           : Result<mail::RawEntity>(fail({}));
    auto read = shownHeaders(outer, inner ? &*inner : nullptr, m_opened.encrypted);
    m_opened.headers = std::move(read.headers);
    std::move(read.notes.begin(), read.notes.end(), std::back_inserter(m_opened.notes));
}

void Opening::judgeSender() {
    auto &opened = m_opened;
    if (m_unwrapper.forged()) {
        opened.sender = SenderVerdict::Forged;
        return;
    }
    const bool anySignature =
        std::any_of(opened.layers.begin(), opened.layers.end(),
                    [](const Layer &layer) { return layer.kind == Layer::Kind::Signed; });
    if (!anySignature) {
        opened.sender = SenderVerdict::Unsigned;
        note("open.unsigned");
        return;
    }
    opened.sender = SenderVerdict::Unproven;
    // A signature around encrypted content says who packed it, not who wrote it.
    const auto &innermost = opened.layers.back();
    if (innermost.kind != Layer::Kind::Signed) {
        note("open.signed-outside");
        return;
    }
    const auto &from = opened.headers.from.address;
    if (from.empty()) {
        note("open.no-sender");
        return;
    }
    for (const auto &signature : innermost.signatures) {
        const auto &signer = signature.signer;
        const bool same = std::any_of(
            signer.addresses.begin(), signer.addresses.end(),
            [&](const std::string &address) { return base::equalsIgnoringCase(address, from); });
        if (!same) {
            note(
                "open.signer-not-sender",
                {{"from", from},
                 {"signer", signer.addresses.empty() ? signer.subject : signer.addresses.front()}});
            return;
        }
        const bool reliable = signer.state == crypto::CertificateState::Usable ||
                              signer.state == crypto::CertificateState::Expiring;
        if (!reliable) {
            note("open.signer-state", {{"signer", from},
                                       {"state", std::string(toString(signer.state))},
                                       {"detail", signer.detail}});
            return;
        }
    }
    opened.sender = SenderVerdict::Verified;
}

Result<void> Opening::readContent(std::string_view payload) {
    auto parts = mail::readParts(payload);
    if (!parts) {
        return fail(parts.error());
    }
    if (std::any_of(parts->begin(), parts->end(), isCryptographic)) {
        note("open.partly-protected");
    }
    const mail::MessagePart *shown = nullptr;
    m_opened.text = textOf(*parts, m_opened.notes, shown);
    for (auto &part : *parts) {
        if (&part != shown) {
            m_opened.attachments.push_back(std::move(part));
        }
    }
    return {};
}

Result<OpenedMessage> Opening::finish(std::optional<std::string_view> payload,
                                      const mail::RawEntity *outer) {
    m_opened.layers = m_unwrapper.takeLayers();
    m_opened.notes = m_unwrapper.takeNotes();
    m_opened.encrypted =
        std::any_of(m_opened.layers.begin(), m_opened.layers.end(),
                    [](const Layer &layer) { return layer.kind == Layer::Kind::Encrypted; });
    const bool mayBeShown = payload && !m_unwrapper.forged() && authenticated();
    readHeaders(mayBeShown ? payload : std::nullopt, outer);
    judgeSender();
    if (payload && !mayBeShown && !m_unwrapper.forged()) {
        note("open.unauthenticated");
    }
    if (mayBeShown) {
        if (auto read = readContent(*payload); !read) {
            return fail(read.error());
        }
    }
    return std::move(m_opened);
}

} // namespace

Result<OpenedMessage> MessageOpener::open(std::string_view bytes, Deadline deadline,
                                          std::stop_token stop) const {
    Opening opening(*m_cms, deadline, std::move(stop));
    if (const auto cms = bareCms(bytes); !cms.empty()) {
        return opening.cms(cms);
    }
    const auto canonical = withCrlf(bytes);
    return opening.message(canonical);
}

} // namespace sealpost::receive
