// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/MessageWriter.h"

#include <array>

namespace sealpost::send {

namespace {

constexpr std::string_view kMicalg = "sha-256"; // RFC 8551 §3.5.3.2

Result<SmimeFacts> writeEncrypted(const SendPlan &plan, const Transmission &transmission,
                                  const MessageParts &parts, crypto::MessageSealer &sealer,
                                  Deadline deadline, base::ByteSink &out) {
    const auto entity = mail::buildEntity(plan.draft.body, parts.attachments,
                                          mail::HeaderProtection::Cipher, parts.headers);
    if (!entity) {
        return fail(entity.error());
    }
    const auto signature = sealer.signDetached(*entity, transmission.signerFingerprint, deadline);
    if (!signature) {
        return fail(signature.error());
    }
    const auto frame = mail::multipartSignedFrame(*entity, *signature, kMicalg);

    auto outer = parts.headers;
    outer.subject = transmission.subjectOuter;
    if (auto written = out.write(mail::headerBlock(outer) + mail::envelopedDataHeader());
        !written) {
        return fail(written.error());
    }
    SmimeFacts facts{transmission.signerFingerprint, {}, "AES-256-CBC", "SHA-256"};
    for (const auto &recipient : transmission.recipients) {
        facts.encryptedTo.push_back(recipient.certificateFingerprint);
    }
    // To oneself too: without it the sent copy could never be read again.
    facts.encryptedTo.push_back(transmission.signerFingerprint);

    mail::Base64Sink base64(out);
    const std::array<std::string_view, 3> pieces{frame.before, *entity, frame.after};
    if (auto sealed = sealer.encrypt(pieces, facts.encryptedTo, base64); !sealed) {
        return fail(sealed.error());
    }
    if (auto finished = base64.finish(); !finished) {
        return fail(finished.error());
    }
    return facts;
}

Result<SmimeFacts> writeReadable(const SendPlan &plan, const Transmission &transmission,
                                 const MessageParts &parts, crypto::MessageSealer &sealer,
                                 Deadline deadline, base::ByteSink &out) {
    const bool isSigned = !transmission.signerFingerprint.empty();
    const auto entity = mail::buildEntity(
        plan.draft.body, parts.attachments,
        isSigned ? mail::HeaderProtection::Clear : mail::HeaderProtection::None, parts.headers);
    if (!entity) {
        return fail(entity.error());
    }
    SmimeFacts facts;
    mail::SignedFrame frame;
    if (isSigned) {
        const auto signature =
            sealer.signDetached(*entity, transmission.signerFingerprint, deadline);
        if (!signature) {
            return fail(signature.error());
        }
        frame = mail::multipartSignedFrame(*entity, *signature, kMicalg);
        facts.signedBy = transmission.signerFingerprint;
        facts.digest = "SHA-256";
    }
    const auto block = mail::headerBlock(parts.headers);
    for (const std::string_view piece :
         {std::string_view(block), std::string_view(frame.before), std::string_view(*entity),
          std::string_view(frame.after)}) {
        if (auto written = out.write(piece); !written) {
            return fail(written.error());
        }
    }
    return facts;
}

} // namespace

Result<SmimeFacts> writeMessage(const SendPlan &plan, const Transmission &transmission,
                                const MessageParts &parts, crypto::MessageSealer &sealer,
                                Deadline deadline, base::ByteSink &out) {
    if (transmission.route == RouteKind::Smime) {
        return writeEncrypted(plan, transmission, parts, sealer, deadline, out);
    }
    return writeReadable(plan, transmission, parts, sealer, deadline, out);
}

} // namespace sealpost::send
