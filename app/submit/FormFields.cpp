// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/FormFields.h"

#include "base/Text.h"

#include <optional>

namespace sealpost::submit {

namespace {

void appendEncoded(std::string &out, std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos && c != '\0') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
}

int digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char upper = static_cast<char>(c & ~0x20);
    return upper >= 'A' && upper <= 'F' ? upper - 'A' + 10 : -1;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
            digit(text[i + 2]) >= 0) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

} // namespace

void FormFields::add(std::string_view name, std::string_view value) {
    // In a string of its own, so that no copy of a secret stays behind where it grows.
    std::string grown;
    grown.reserve(m_text.size() + 3 * (name.size() + value.size()) + 2);
    grown += m_text;
    if (!grown.empty()) {
        grown += '&';
    }
    appendEncoded(grown, name);
    grown += '=';
    appendEncoded(grown, value);
    base::wipe(m_text);
    m_text = std::move(grown);
}

void FormFields::addClient(const OAuthClient &client) {
    add("client_id", client.clientId);
    if (!client.clientSecret.empty()) {
        add("client_secret", client.clientSecret);
    }
}

std::map<std::string, std::string> parseForm(std::string_view text) {
    std::map<std::string, std::string> fields;
    for (const auto &pair : base::split(text, '&')) {
        const auto equals = pair.find('=');
        fields.try_emplace(decoded(std::string_view(pair).substr(0, equals)),
                           equals == std::string::npos
                               ? std::string()
                               : decoded(std::string_view(pair).substr(equals + 1)));
    }
    return fields;
}

} // namespace sealpost::submit
