// SPDX-License-Identifier: GPL-3.0-or-later
#include "receive/Unwrapper.h"

#include <algorithm>
#include <array>

namespace sealpost::receive {

namespace {

constexpr std::size_t kMostLayers = 8;
constexpr int kMostCompressed = 2;

bool isOneOf(std::string_view type, std::string_view name) {
    return type == "application/pkcs7-" + std::string(name) ||
           type == "application/x-pkcs7-" + std::string(name);
}

//! What to say of a signature that is not good; empty where it is.
std::string_view noteOf(crypto::SignatureMath math) {
    switch (math) {
    case crypto::SignatureMath::Good:
        return {};
    case crypto::SignatureMath::Changed:
        return "open.signature-changed";
    case crypto::SignatureMath::Unreadable:
        return "open.signature-unreadable";
    case crypto::SignatureMath::Weak:
        return "open.signature-weak";
    case crypto::SignatureMath::Bare:
        return "open.signature-bare";
    case crypto::SignatureMath::OtherCertificate:
        return "open.signature-other-certificate";
    }
    return "open.signature-unreadable";
}

std::string_view noteOfFailure(const Error &error) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNotes = {
        {{"cms.no-key", "open.not-for-you"},
         {"cms.decrypt", "open.decrypt-failed"},
         {"cms.weak-tag", "open.weak-tag"},
         {"cms.content", "open.structure"},
         {"cms.too-large", "open.too-large"},
         {"cms.unreadable", "open.structure"}}};
    const auto at = std::find_if(kNotes.begin(), kNotes.end(),
                                 [&](const auto &one) { return one.first == error.code; });
    return at == kNotes.end() ? "open.key-trouble" : at->second;
}

} // namespace

std::optional<std::string_view> Unwrapper::withhold(std::string id, std::string detail) {
    Note note{std::move(id)};
    if (!detail.empty()) {
        note.facts.emplace("detail", std::move(detail));
    }
    m_notes.push_back(std::move(note));
    return std::nullopt;
}

std::optional<std::string_view> Unwrapper::unwrap(std::string_view bytes) {
    auto current = bytes;
    for (;;) {
        const auto entity = mail::splitEntity(current);
        if (!entity) {
            // Content of a layer that is no MIME entity: plain text that somebody signed bare.
            return m_layers.empty() ? withhold("open.structure") : std::optional(current);
        }
        const auto type = mail::contentTypeOf(*entity);
        const auto protocol = type.parameter("protocol");
        const bool multipart =
            type.mediaType == "multipart/signed" && isOneOf(protocol, "signature");
        if (!multipart && !isOneOf(type.mediaType, "mime")) {
            return current;
        }
        if (m_layers.size() == kMostLayers) {
            return withhold("open.too-deep");
        }
        std::optional<std::string_view> inside;
        if (multipart) {
            inside = signedParts(*entity, type);
        } else {
            m_contents.push_back(mail::decodedBody(*entity));
            inside = unwrapCms(m_contents.back());
        }
        if (!inside) {
            return std::nullopt;
        }
        current = *inside;
    }
}

std::optional<std::string_view> Unwrapper::unwrapCms(std::string_view cms) {
    switch (m_cms.kindOf(cms)) {
    case crypto::CmsKind::SignedData:
        return verify(cms, std::nullopt);
    case crypto::CmsKind::EnvelopedData:
    case crypto::CmsKind::AuthEnvelopedData:
        return decrypt(cms);
    case crypto::CmsKind::CompressedData:
        return uncompress(cms);
    case crypto::CmsKind::Other:
        return withhold("open.kind-unknown");
    case crypto::CmsKind::Unreadable:
        break;
    }
    return withhold("open.damaged");
}

std::optional<std::string_view> Unwrapper::signedParts(const mail::RawEntity &entity,
                                                       const mail::ContentType &type) {
    //= RFC 1847 §2.1 (exactly two parts; what is in front of the first or behind the last is not
    // signed, and is not shown)
    const auto parts = mail::splitMultipart(entity.body, type.parameter("boundary"));
    if (!parts || parts->size() != 2) {
        return withhold("open.structure");
    }
    const auto signature = mail::splitEntity(parts->back());
    if (!signature || !isOneOf(mail::contentTypeOf(*signature).mediaType, "signature")) {
        return withhold("open.structure");
    }
    m_contents.push_back(mail::decodedBody(*signature));
    return verify(m_contents.back(), parts->front());
}

std::optional<std::string_view> Unwrapper::decrypt(std::string_view cms) {
    auto opened = m_cms.decrypt(cms, m_deadline);
    if (!opened) {
        return withhold(std::string(noteOfFailure(opened.error())), opened.error().code);
    }
    Layer layer;
    layer.kind = Layer::Kind::Encrypted;
    layer.cipher = opened->cipher;
    layer.integrity = opened->integrity;
    layer.decryptedBy = opened->fingerprint;
    m_layers.push_back(std::move(layer));
    m_contents.emplace_back(opened->content.view());
    return m_contents.back();
}

//! It protects nothing, so it is no layer; but it counts as one of the wrappings that make sense.
std::optional<std::string_view> Unwrapper::uncompress(std::string_view cms) {
    if (++m_compressed > kMostCompressed) {
        return withhold("open.too-deep");
    }
    auto content = m_cms.uncompress(cms);
    if (!content) {
        return withhold(std::string(noteOfFailure(content.error())), content.error().code);
    }
    m_contents.push_back(std::move(*content));
    return m_contents.back();
}

bool Unwrapper::judge(const std::vector<crypto::SignatureFacts> &signatures) {
    for (const auto &signature : signatures) {
        const auto id = noteOf(signature.math);
        if (!id.empty()) {
            m_forged = true;
            m_notes.push_back({std::string(id), {{"signer", signature.signer.subject}}});
        }
    }
    if (signatures.empty()) {
        m_forged = true;
        m_notes.push_back({"open.signature-unreadable", {}});
    }
    return !m_forged;
}

std::optional<std::string_view> Unwrapper::verify(std::string_view cms,
                                                  std::optional<std::string_view> outside) {
    auto checked = m_cms.verify(cms, outside, m_deadline, m_stop);
    if (!checked) {
        const bool alone = !outside && checked.error().code == "cms.content";
        m_forged = outside.has_value();
        return withhold(alone ? "open.signature-alone"
                              : std::string(noteOfFailure(checked.error())));
    }
    Layer layer;
    layer.signatures = std::move(checked->signatures);
    m_layers.push_back(std::move(layer));
    if (!judge(m_layers.back().signatures)) {
        return std::nullopt;
    }
    if (outside) {
        return outside;
    }
    m_contents.push_back(std::move(checked->content));
    return m_contents.back();
}

} // namespace sealpost::receive
