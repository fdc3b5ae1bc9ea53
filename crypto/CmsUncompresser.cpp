// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CmsUncompresser.h"

#include <algorithm>
#include <array>
#include <zlib.h>

namespace sealpost::crypto {

namespace {

constexpr std::size_t kMostBytes = std::size_t{200} * 1024 * 1024;
constexpr std::size_t kMostRatio = 250; // deflate itself reaches 1032, with nothing but one byte

tl::unexpected<Error> refuse(std::string_view code) {
    return fail(code, "open.uncompress", Reaction::FixInput);
}

//! Ends zlib's state whatever happens.
class Inflater {
public:
    Inflater() : m_ready(inflateInit(&m_stream) == Z_OK) {}
    ~Inflater() {
        if (m_ready) {
            inflateEnd(&m_stream);
        }
    }
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    Result<std::string> run(std::string_view in) {
        const auto limit = std::min(kMostBytes, std::max(in.size() * kMostRatio, kSmall));
        m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(in.data()));
        m_stream.avail_in = static_cast<uInt>(in.size());
        std::string out;
        std::array<char, 65'536> buffer{};
        int state = m_ready ? Z_OK : Z_STREAM_ERROR;
        while (state == Z_OK) {
            m_stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
            m_stream.avail_out = static_cast<uInt>(buffer.size());
            state = inflate(&m_stream, Z_NO_FLUSH);
            out.append(buffer.data(), buffer.size() - m_stream.avail_out);
            if (out.size() > limit) {
                return refuse("cms.too-large");
            }
        }
        if (state != Z_STREAM_END) {
            return refuse("cms.unreadable");
        }
        return out;
    }

private:
    static constexpr std::size_t kSmall = std::size_t{1024} * 1024; //!< no bomb, whatever the ratio
    z_stream m_stream{};
    bool m_ready;
};

} // namespace

Result<std::string> uncompressCms(CMS_ContentInfo *message) {
    //= RFC 3274 §1.1 (id-alg-zlibCompress is the one algorithm)
    const auto *const *content = CMS_get0_content(message);
    if (content == nullptr || *content == nullptr) {
        return refuse("cms.unreadable");
    }
    return Inflater().run({reinterpret_cast<const char *>(ASN1_STRING_get0_data(*content)),
                           static_cast<std::size_t>(ASN1_STRING_length(*content))});
}

} // namespace sealpost::crypto
