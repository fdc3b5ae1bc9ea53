// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/MessageWriter.h"

#include <algorithm>

namespace sealpost::send {

namespace {

using mail::Pkcs7Kind;

std::optional<crypto::SecurityLabel> labelFor(const SendPlan &plan) {
    const auto &label = plan.smime.label;
    if (label.policyId.empty()) {
        return std::nullopt;
    }
    const auto classification = plan.marking.classification;
    return crypto::SecurityLabel{
        label.policyId,
        classification == Classification::Official ? label.official : label.officialSensitive,
        std::string(toString(classification))};
}

//! One transmission's way through entity, signature and encryption.
class Writer {
public:
    Writer(const SendPlan &plan, const Transmission &transmission, const MessageParts &parts,
           crypto::MessageSealer &sealer, Deadline deadline)
        : m_plan(plan), m_transmission(transmission), m_parts(parts), m_sealer(sealer),
          m_deadline(deadline), m_headers(parts.headers) {
        m_headers.extra = transmission.extraHeaders;
    }

    Result<SmimeFacts> write(base::ByteSink &out);

private:
    [[nodiscard]] mail::EntityOptions entityOptions() const;
    //! The entity as a MIME part, signed where there is a signer.
    [[nodiscard]] Result<crypto::ContentWriter> content(const mail::Entity &entity);
    [[nodiscard]] Result<SmimeFacts> writeEncrypted(const crypto::ContentWriter &content,
                                                    base::ByteSink &out);
    void noteRevocation();
    [[nodiscard]] bool encrypts() const { return m_transmission.route == RouteKind::Smime; }
    [[nodiscard]] bool isSigned() const { return !m_transmission.signerFingerprint.empty(); }

    const SendPlan &m_plan;
    const Transmission &m_transmission;
    const MessageParts &m_parts;
    crypto::MessageSealer &m_sealer;
    Deadline m_deadline;
    mail::MessageHeaders m_headers;
    SmimeFacts m_facts;
};

mail::EntityOptions Writer::entityOptions() const {
    mail::EntityOptions options;
    options.protection = encrypts()   ? mail::HeaderProtection::Cipher
                         : isSigned() ? mail::HeaderProtection::Clear
                                      : mail::HeaderProtection::None;
    options.headers = m_headers;
    options.hiding = m_plan.smime.hideHeaders;
    options.legacy =
        m_plan.smime.legacyDisplay ? mail::LegacyDisplay::Present : mail::LegacyDisplay::Absent;
    options.boundary = m_parts.boundary;
    return options;
}

Result<crypto::ContentWriter> Writer::content(const mail::Entity &entity) {
    const crypto::ContentWriter plain = [&entity](base::ByteSink &out) {
        return entity.writeTo(out);
    };
    if (!isSigned()) {
        return plain;
    }
    const auto &rules = m_plan.smime;
    const auto digest = m_sealer.digestFor(m_transmission.signerFingerprint, rules.digest);
    if (!digest) {
        return fail(digest.error());
    }
    const crypto::SigningOrder order{m_transmission.signerFingerprint, *digest, rules.rsaSignature,
                                     labelFor(m_plan)};
    m_facts.signedBy = order.fingerprint;
    m_facts.digest = toString(order.digest);
    if (rules.signedForm == SignedForm::Opaque) {
        return [this, plain, order](base::ByteSink &out) -> Result<void> {
            if (auto written = out.write(mail::pkcs7MimeHeader(Pkcs7Kind::SignedData)); !written) {
                return written;
            }
            mail::Base64Sink base64(out);
            auto done = m_sealer.signOpaque(plain, order, m_deadline, base64);
            return done ? base64.finish() : done;
        };
    }
    const auto signature = m_sealer.signDetached(plain, order, m_deadline);
    if (!signature) {
        return fail(signature.error());
    }
    return
        [plain, frame = mail::multipartSignedFrame(*signature, order.digest, m_parts.boundary())](
            base::ByteSink &out) -> Result<void> {
            auto written = out.write(frame.before);
            if (written) {
                written = plain(out);
            }
            return written ? out.write(frame.after) : written;
        };
}

Result<SmimeFacts> Writer::writeEncrypted(const crypto::ContentWriter &content,
                                          base::ByteSink &out) {
    const auto &rules = m_plan.smime;
    crypto::EncryptionOrder order;
    order.rsaTransport = rules.rsaTransport;
    for (const auto &recipient : m_transmission.recipients) {
        order.fingerprints.push_back(recipient.certificateFingerprint);
    }
    // To oneself too: without it the sent copy could never be read again.
    order.fingerprints.push_back(m_transmission.signerFingerprint);
    const auto cipher = rules.cipher ? Result<ContentCipher>(*rules.cipher)
                                     : m_sealer.cipherFor(order.fingerprints);
    if (!cipher) {
        return fail(cipher.error());
    }
    order.cipher = *cipher;
    const auto kind = order.cipher == ContentCipher::Aes256Gcm ? Pkcs7Kind::AuthEnvelopedData
                                                               : Pkcs7Kind::EnvelopedData;
    const auto outer = mail::outerHeaders(m_headers, rules.hideHeaders);
    if (auto written = out.write(mail::headerBlock(outer) + mail::pkcs7MimeHeader(kind));
        !written) {
        return fail(written.error());
    }
    mail::Base64Sink base64(out);
    auto sealed = m_sealer.encrypt(content, order, base64);
    if (sealed) {
        sealed = base64.finish();
    }
    if (!sealed) {
        return fail(sealed.error());
    }
    m_facts.encryptedTo = order.fingerprints;
    noteRevocation();
    m_facts.cipher = toString(order.cipher);
    return m_facts;
}

//! The decision says of whom it let through what could not be found out, and what that took.
void Writer::noteRevocation() {
    using routing::ReasonId;
    const auto isIt = [](ReasonId id) {
        return id == ReasonId::SmimeRevocationUnknown ||
               id == ReasonId::SmimeSenderRevocationUnknown;
    };
    auto &unknown = m_facts.revocationUnknown;
    for (const auto &recipient : m_transmission.recipients) {
        for (const auto &reason : recipient.reasons) {
            const auto whose = reason.id == ReasonId::SmimeRevocationUnknown
                                   ? recipient.address.spec()
                                   : m_plan.draft.from.spec();
            if (isIt(reason.id) && std::ranges::find(unknown, whose) == unknown.end()) {
                unknown.push_back(whose);
            }
        }
    }
    if (unknown.empty()) {
        return;
    }
    const bool justified = std::ranges::any_of(m_plan.owed, [&](const routing::Owed &owed) {
        return owed.kind == routing::OwedKind::Justification && isIt(owed.reason.id);
    });
    m_facts.letBy = justified ? SmimeFacts::Let::Justification : SmimeFacts::Let::Policy;
}

Result<SmimeFacts> Writer::write(base::ByteSink &out) {
    const auto entity =
        mail::Entity::build(*m_transmission.body, m_parts.attachments, entityOptions());
    if (!entity) {
        return fail(entity.error());
    }
    const auto body = content(*entity);
    if (!body) {
        return fail(body.error());
    }
    if (encrypts()) {
        return writeEncrypted(*body, out);
    }
    auto outer = m_headers;
    outer.subject = m_transmission.subjectOuter;
    auto written = out.write(mail::headerBlock(outer));
    if (written) {
        written = (*body)(out);
    }
    if (!written) {
        return fail(written.error());
    }
    return m_facts;
}

} // namespace

Result<SmimeFacts> writeMessage(const SendPlan &plan, const Transmission &transmission,
                                const MessageParts &parts, crypto::MessageSealer &sealer,
                                Deadline deadline, base::ByteSink &out) {
    return Writer(plan, transmission, parts, sealer, deadline).write(out);
}

} // namespace sealpost::send
