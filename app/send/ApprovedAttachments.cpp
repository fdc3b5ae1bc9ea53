// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/ApprovedAttachments.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "send/SendPlanner.h"

#include <algorithm>
#include <filesystem>

namespace sealpost::send {

namespace {

constexpr ByteCount kMostHeld = 32 * base::kMiB; //!< of all attachments together

//! Passes on, and hashes what it passes on.
class HashingSink final : public base::ByteSink {
public:
    explicit HashingSink(base::ByteSink *out) : m_out(out) {}
    [[nodiscard]] Result<void> write(std::string_view bytes) override {
        m_hash.add(bytes);
        return m_out != nullptr ? m_out->write(bytes) : Result<void>{};
    }
    [[nodiscard]] std::string digest() { return base::toHex(m_hash.finish()); }

private:
    base::ByteSink *m_out;
    crypto::Sha256 m_hash;
};

tl::unexpected<Error> changed() {
    return fail("plan.changed", "send", Reaction::FixInput);
}

struct Opened {
    mail::AttachmentPart part;
    std::string digest;
};

Result<Opened> hold(const mail::Attachment &attachment, ByteCount limit) {
    auto loaded = mail::readAttachment(attachment, limit);
    if (!loaded) {
        return fail(loaded.error());
    }
    auto digest = base::toHex(crypto::sha256(loaded->content));
    return Opened{mail::partOf(std::move(*loaded)), std::move(digest)};
}

Result<Opened> readAgainLater(const mail::Attachment &attachment, ByteCount limit) {
    HashingSink hash(nullptr);
    const auto passed = mail::passAttachment(attachment, limit, hash);
    if (!passed) {
        return fail(passed.error());
    }
    const auto digest = hash.digest();
    const auto write = [attachment, limit, digest](base::ByteSink &out) -> Result<void> {
        HashingSink again(&out);
        if (auto done = mail::passAttachment(attachment, limit, again); !done) {
            return fail(done.error());
        }
        return again.digest() == digest ? Result<void>{} : changed();
    };
    return Opened{{passed->name, passed->mediaType, write}, digest};
}

} // namespace

Result<std::vector<mail::AttachmentPart>> openApproved(const SendPlan &plan, ByteCount limit) {
    std::vector<mail::AttachmentPart> parts;
    std::vector<std::string> digests;
    ByteCount held = 0;
    for (const auto &attachment : plan.outgoing.attachments) {
        std::error_code error; // what is wrong with the file is said when it is read
        const auto size = attachment.content ? attachment.content->size()
                                             : std::filesystem::file_size(attachment.path, error);
        const bool small = !error && held + size <= kMostHeld;
        held += small ? size : 0;
        auto opened = small || error ? hold(attachment, std::min(limit, kMostHeld))
                                     : readAgainLater(attachment, limit);
        if (!opened) {
            return fail(opened.error());
        }
        digests.push_back(std::move(opened->digest));
        parts.push_back(std::move(opened->part));
    }
    if (draftDigest(plan.outgoing, digests) != plan.digest) {
        return changed();
    }
    return parts;
}

} // namespace sealpost::send
