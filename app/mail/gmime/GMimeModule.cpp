// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ModuleEntry.h"
#include "base/Text.h"
#include "mail/MimeModule.h"
#include "mail/gmime/GMimeReader.h"
#include "mail/gmime/GMimeSupport.h"

namespace sealpost::mail::gmime {

namespace {

std::string parameterField(const std::string &start, const Parameters &parameters) {
    const auto options = crlfOptions();
    const GObjectPtr<GMimeParamList> list(g_mime_param_list_new());
    for (const auto &[key, text] : parameters) {
        g_mime_param_list_set_parameter(list.get(), key.c_str(), text.c_str());
    }
    GString *text = g_string_new(start.c_str());
    g_mime_param_list_encode(list.get(), options.get(), TRUE, text);
    const GCharPtr owner(g_string_free(text, FALSE));
    return owner.get();
}

std::string decodedWords(const std::string &text) {
    ensureGMime();
    const GCharPtr decoded(g_mime_utils_header_decode_text(nullptr, text.c_str()));
    return orEmpty(decoded.get());
}

std::string decodedQuotedPrintable(std::string_view text) {
    GMimeEncoding state;
    g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    std::string out(g_mime_encoding_outlen(&state, text.size()), '\0');
    out.resize(g_mime_encoding_flush(&state, text.data(), text.size(), out.data()));
    return out;
}

ContentType contentType(const std::string &value) {
    ensureGMime();
    ContentType type;
    const GObjectPtr<GMimeContentType> parsed(g_mime_content_type_parse(nullptr, value.c_str()));
    if (!parsed) {
        return type;
    }
    const GCharPtr text(g_mime_content_type_get_mime_type(parsed.get()));
    type.mediaType = base::asciiLower(orEmpty(text.get()));
    auto *list = g_mime_content_type_get_parameters(parsed.get());
    for (int i = 0; i < g_mime_param_list_length(list); ++i) {
        auto *parameter = g_mime_param_list_get_parameter_at(list, i);
        type.parameters.emplace(base::asciiLower(orEmpty(g_mime_param_get_name(parameter))),
                                orEmpty(g_mime_param_get_value(parameter)));
    }
    return type;
}

void addMailboxes(InternetAddressList *list, std::size_t most, std::vector<RawMailbox> &mailboxes) {
    const int count = list != nullptr ? internet_address_list_length(list) : 0;
    for (int i = 0; i < count && mailboxes.size() < most; ++i) {
        auto *one = internet_address_list_get_address(list, i);
        if (INTERNET_ADDRESS_IS_GROUP(one)) {
            addMailboxes(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one)), most,
                         mailboxes);
        } else if (INTERNET_ADDRESS_IS_MAILBOX(one)) {
            mailboxes.push_back(
                {orEmpty(internet_address_get_name(one)),
                 orEmpty(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)))});
        }
    }
}

std::vector<RawMailbox> mailboxes(const std::string &value, std::size_t most) {
    ensureGMime();
    std::vector<RawMailbox> found;
    const GObjectPtr<InternetAddressList> list(internet_address_list_parse(nullptr, value.c_str()));
    addMailboxes(list.get(), most, found);
    return found;
}

constexpr MimeModule kTable{
    readMessage, readParts, parameterField, decodedWords, decodedQuotedPrintable,
    contentType, mailboxes};

} // namespace

} // namespace sealpost::mail::gmime

SEALPOST_MODULE(sealpost::mail::gmime::kTable)
