// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/gmime/GMimeReader.h"

#include "base/Text.h"
#include "mail/gmime/GMimeSupport.h"

#include <optional>
#include <utility>

namespace sealpost::mail::gmime {

namespace {

enum class NestedMessages { Opened, Kept };

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxParts = 1'000;

tl::unexpected<Error> refuse(std::string_view code) {
    return fail(code, "mime.read", Reaction::FixInput);
}

std::string contentOf(GMimePart *part, GMimeFilter *charset) {
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (content == nullptr) {
        return {};
    }
    GMimeStream *memory = g_mime_stream_mem_new();
    const GObjectPtr<GMimeStream> owner(memory);
    if (charset == nullptr) {
        g_mime_data_wrapper_write_to_stream(content, memory);
    } else {
        const GObjectPtr<GMimeStream> filtered(g_mime_stream_filter_new(memory));
        g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtered.get()), charset);
        g_mime_data_wrapper_write_to_stream(content, filtered.get());
        g_mime_stream_flush(filtered.get());
    }
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
    return bytes->len == 0 ? std::string()
                           : std::string(reinterpret_cast<const char *>(bytes->data), bytes->len);
}

//! The filter from a text part's charset to UTF-8; none where it is that already or unknown.
GObjectPtr<GMimeFilter> charsetFilter(GMimeContentType *type) {
    const auto charset =
        base::asciiLower(orEmpty(g_mime_content_type_get_parameter(type, "charset")));
    const bool same = charset.empty() || charset == "utf-8" || charset == "us-ascii";
    return GObjectPtr<GMimeFilter>(same ? nullptr
                                        : g_mime_filter_charset_new(charset.c_str(), "utf-8"));
}

MessagePart leafOf(GMimePart *part, std::string path) {
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    const GCharPtr mediaType(g_mime_content_type_get_mime_type(type));
    MessagePart leaf;
    leaf.path = std::move(path);
    leaf.mediaType = base::asciiLower(orEmpty(mediaType.get()));
    leaf.fileName = orEmpty(g_mime_part_get_filename(part));
    leaf.legacyDisplay =
        orEmpty(g_mime_content_type_get_parameter(type, "hp-legacy-display")) == "1";
    leaf.joinsLines =
        base::asciiLower(orEmpty(g_mime_content_type_get_parameter(type, "delsp"))) == "yes";
    leaf.content = contentOf(part, nullptr);
    const auto filter = leaf.mediaType.starts_with("text/") ? charsetFilter(type) : nullptr;
    if (filter != nullptr) {
        leaf.undecoded = std::exchange(leaf.content, contentOf(part, filter.get()));
        if (leaf.undecoded == leaf.content) {
            leaf.undecoded.clear();
        }
    }
    return leaf;
}

std::string subjectOf(GMimeMessage *message) {
    GMimeHeaderList *fields = g_mime_object_get_header_list(GMIME_OBJECT(message));
    GMimeHeader *field = g_mime_header_list_get_header(fields, "Subject");
    if (field == nullptr) {
        return {};
    }
    const GCharPtr unfolded(
        g_mime_utils_header_unfold(orEmpty(g_mime_header_get_raw_value(field)).c_str()));
    return std::string(base::trimmed(orEmpty(unfolded.get())));
}

//! Where its content stands in the message; nowhere for what GMime keeps elsewhere.
PartRange rangeOf(GMimePart *part, GMimeStream *message) {
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeStream *stream = content != nullptr ? g_mime_data_wrapper_get_stream(content) : nullptr;
    if (stream == nullptr || !GMIME_IS_STREAM_MEM(stream) ||
        GMIME_STREAM_MEM(stream)->buffer != GMIME_STREAM_MEM(message)->buffer) {
        return {};
    }
    const auto length = g_mime_stream_length(stream);
    if (stream->bound_start < 0 || length < 0) {
        return {};
    }
    const auto from = static_cast<std::size_t>(stream->bound_start);
    return {from, from + static_cast<std::size_t>(length),
            g_mime_part_get_content_encoding(part) == GMIME_CONTENT_ENCODING_BASE64};
}

//! A message inside a message, as one part.
MessagePart messageLeaf(GMimeMessagePart *part, std::string path) {
    MessagePart leaf;
    leaf.path = std::move(path);
    leaf.mediaType = "message/rfc822";
    if (GMimeMessage *message = g_mime_message_part_get_message(part)) {
        GMimeStream *memory = g_mime_stream_mem_new();
        const GObjectPtr<GMimeStream> owner(memory);
        g_mime_object_write_to_stream(GMIME_OBJECT(message), nullptr, memory);
        const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
        leaf.content.assign(reinterpret_cast<const char *>(bytes->data), bytes->len);
    }
    return leaf;
}

//! Walks the tree; the error that stopped it.
class Walk {
public:
    Walk(std::vector<MessagePart> &parts, std::vector<InnerSubject> &subjects,
         NestedMessages nested)
        : m_parts(parts), m_subjects(subjects), m_nested(nested) {}
    //! Adds to `ranges` where the parts' contents stand in `message`, a stream in memory.
    void keepRanges(GMimeStream *message, std::vector<PartRange> *ranges) {
        m_message = message;
        m_ranges = ranges;
    }

    std::optional<Error> visit(GMimeObject *object, const std::string &path, int depth) {
        if (object == nullptr) {
            return std::nullopt;
        }
        if (depth > kMaxDepth) {
            return refuse("mime.too-deep").value();
        }
        if (GMIME_IS_MESSAGE_PART(object) && m_nested == NestedMessages::Kept) {
            m_parts.push_back(messageLeaf(GMIME_MESSAGE_PART(object), path.empty() ? "1" : path));
            return m_parts.size() > kMaxParts ? std::optional(refuse("mime.too-many-parts").value())
                                              : std::nullopt;
        }
        if (GMIME_IS_MESSAGE_PART(object)) {
            GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
            if (inner == nullptr) {
                return std::nullopt;
            }
            m_subjects.push_back({path.empty() ? "1" : path, subjectOf(inner)});
            return visit(g_mime_message_get_mime_part(inner), path + ".1", depth + 1);
        }
        if (GMIME_IS_MULTIPART(object)) {
            return visitChildren(GMIME_MULTIPART(object), path, depth);
        }
        if (!GMIME_IS_PART(object)) {
            return std::nullopt;
        }
        if (m_parts.size() == kMaxParts) {
            return refuse("mime.too-many-parts").value();
        }
        m_parts.push_back(leafOf(GMIME_PART(object), path.empty() ? "1" : path));
        if (m_ranges != nullptr) {
            m_ranges->push_back(rangeOf(GMIME_PART(object), m_message));
        }
        return std::nullopt;
    }

private:
    std::optional<Error> visitChildren(GMimeMultipart *multipart, const std::string &path,
                                       int depth) {
        const int count = g_mime_multipart_get_count(multipart);
        for (int i = 0; i < count; ++i) {
            const auto at = (path.empty() ? "" : path + '.') + std::to_string(i + 1);
            if (auto error = visit(g_mime_multipart_get_part(multipart, i), at, depth + 1)) {
                return error;
            }
        }
        return std::nullopt;
    }

    std::vector<MessagePart> &m_parts;
    std::vector<InnerSubject> &m_subjects;
    NestedMessages m_nested;
    GMimeStream *m_message = nullptr;
    std::vector<PartRange> *m_ranges = nullptr;
};

} // namespace

Result<ReadMessage> readMessage(std::string_view bytes, std::vector<PartRange> &ranges) {
    ensureGMime();
    const GObjectPtr<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const GObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    g_mime_parser_set_format(parser.get(),
                             bytes.starts_with("From ") ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
    const GObjectPtr<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    if (message == nullptr) {
        return refuse("mime.not-a-message");
    }
    ReadMessage read;
    read.subject = subjectOf(message.get());
    if (InternetAddressList *from = g_mime_message_get_from(message.get())) {
        const GCharPtr text(internet_address_list_to_string(from, nullptr, FALSE));
        read.from = orEmpty(text.get());
    }
    Walk walk(read.parts, read.innerSubjects, NestedMessages::Opened);
    walk.keepRanges(stream.get(), &ranges);
    if (auto error = walk.visit(g_mime_message_get_mime_part(message.get()), "", 0)) {
        return fail(std::move(*error));
    }
    return read;
}

Result<std::vector<MessagePart>> readParts(std::string_view entity) {
    ensureGMime();
    const GObjectPtr<GMimeStream> stream(
        g_mime_stream_mem_new_with_buffer(entity.data(), entity.size()));
    const GObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const GObjectPtr<GMimeObject> root(g_mime_parser_construct_part(parser.get(), nullptr));
    if (root == nullptr) {
        return refuse("mime.not-a-message");
    }
    std::vector<MessagePart> parts;
    std::vector<InnerSubject> none;
    if (auto error = Walk(parts, none, NestedMessages::Kept).visit(root.get(), "", 0)) {
        return fail(std::move(*error));
    }
    return parts;
}

} // namespace sealpost::mail::gmime
