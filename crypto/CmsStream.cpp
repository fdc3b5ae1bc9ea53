// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CmsStream.h"

#include "crypto/SinkBio.h"

#include <algorithm>

namespace sealpost::crypto {
namespace {

constexpr std::string_view kBroken = "smime.stream"; // never leaves this file

//! Writes into a BIO.
class BioSink final : public base::ByteSink {
public:
    explicit BioSink(BIO *bio) : m_bio(bio) {}
    [[nodiscard]] Result<void> write(std::string_view bytes) override {
        constexpr std::size_t kStep = std::size_t{64} * 1024;
        while (!bytes.empty()) {
            std::size_t written = 0;
            if (BIO_write_ex(m_bio, bytes.data(), std::min(bytes.size(), kStep), &written) != 1 ||
                written == 0) {
                return fail(kBroken, "smime", Reaction::AskAdmin);
            }
            bytes.remove_prefix(written);
        }
        return {};
    }

private:
    BIO *m_bio;
};

StreamResult writeInto(BIO *bio, const ContentWriter &content) {
    BioSink sink(bio);
    auto written = content(sink);
    if (written) {
        return {};
    }
    return written.error().code == kBroken ? StreamFailure(std::nullopt)
                                           : StreamFailure(std::move(written.error()));
}

//! The filters that CMS put on top of `bottom`.
void freeDownTo(BIO *top, const BIO *bottom) {
    while (top != nullptr && top != bottom) {
        auto *next = BIO_pop(top);
        BIO_free(top);
        top = next;
    }
}

} // namespace

StreamResult streamCms(CMS_ContentInfo *message, const ContentWriter &content,
                       base::ByteSink &out) {
    constexpr int kBufferSize = 64 * 1024;
    SinkBio sink(out);
    const BioPtr buffer(BIO_new(BIO_f_buffer()));
    if (sink.bio() == nullptr || !buffer ||
        BIO_set_write_buffer_size(buffer.get(), kBufferSize) != 1) {
        return StreamFailure(std::nullopt);
    }
    BIO_push(buffer.get(), sink.bio());
    BIO *top = BIO_new_CMS(buffer.get(), message);
    StreamResult result;
    if (top == nullptr) {
        result = StreamFailure(std::nullopt);
    } else {
        result = writeInto(top, content);
    }
    if (result && BIO_flush(top) != 1) { // writes what ends the message, and empties the buffer
        result = StreamFailure(std::nullopt);
    }
    freeDownTo(top, buffer.get());
    BIO_pop(buffer.get());
    if (!result && sink.error()) {
        return StreamFailure(*sink.error());
    }
    return result;
}

StreamResult signOutside(CMS_ContentInfo *message, const ContentWriter &content) {
    const BioPtr nowhere(BIO_new(BIO_s_null()));
    BIO *top = nowhere ? CMS_dataInit(message, nowhere.get()) : nullptr;
    if (top == nullptr) {
        return StreamFailure(std::nullopt);
    }
    auto result = writeInto(top, content);
    if (result && (BIO_flush(top) != 1 || CMS_dataFinal(message, top) != 1)) {
        result = StreamFailure(std::nullopt);
    }
    freeDownTo(top, nowhere.get());
    return result;
}

} // namespace sealpost::crypto
