// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/HeaderText.h"

#include "base/Text.h"
#include "mail/GMimeSupport.h"

#include <algorithm>
#include <array>

namespace sealpost::mail {

namespace {

constexpr std::string_view kEnd = "\r\n";

//! Control characters as spaces: drafts with them are refused earlier, this is the last fence.
std::string oneLine(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return out;
}

//! GMime ends a field with a bare LF or none at all, depending on the function.
std::string ended(std::string field) {
    while (!field.empty() && (field.back() == '\n' || field.back() == '\r')) {
        field.pop_back();
    }
    return field += kEnd;
}

std::string takeString(GString *text) {
    const GCharPtr owner(g_string_free(text, FALSE));
    return owner.get();
}

} // namespace

std::string textField(std::string_view name, std::string_view value) {
    const auto options = crlfOptions();
    GMimeHeaderList *list = g_mime_header_list_new(nullptr);
    const GObjectPtr<GMimeHeaderList> owner(list);
    g_mime_header_list_append(list, std::string(name).c_str(), oneLine(value).c_str(), "utf-8");
    const GCharPtr text(g_mime_header_list_to_string(list, options.get()));
    return ended(text.get());
}

std::string addressField(std::string_view name, std::span<const Address> addresses) {
    if (addresses.empty()) {
        return {};
    }
    const auto options = crlfOptions();
    const GObjectPtr<InternetAddressList> list(internet_address_list_new());
    for (const auto &address : addresses) {
        const auto displayName = oneLine(address.displayName());
        const GObjectPtr<InternetAddress> mailbox(internet_address_mailbox_new(
            displayName.empty() ? nullptr : displayName.c_str(), address.spec().c_str()));
        internet_address_set_charset(mailbox.get(), "utf-8");
        internet_address_list_add(list.get(), mailbox.get());
    }
    GString *text = g_string_new((std::string(name) + ": ").c_str());
    internet_address_list_encode(list.get(), options.get(), text);
    return ended(takeString(text));
}

std::string parameterField(std::string_view name, std::string_view value,
                           const Parameters &parameters) {
    const auto options = crlfOptions();
    const GObjectPtr<GMimeParamList> list(g_mime_param_list_new());
    for (const auto &[key, text] : parameters) {
        g_mime_param_list_set_parameter(list.get(), key.c_str(), oneLine(text).c_str());
    }
    GString *text = g_string_new((std::string(name) + ": " + oneLine(value)).c_str());
    g_mime_param_list_encode(list.get(), options.get(), TRUE, text);
    return ended(takeString(text));
}

std::string dateField(Time time) {
    constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::weekday weekday(day);
    const auto clock = base::toIso8601(time).substr(11, 8);
    return std::string("Date: ") + kDays.at(weekday.c_encoding()) + ", " +
           std::to_string(static_cast<unsigned>(date.day())) + ' ' +
           kMonths.at(static_cast<unsigned>(date.month()) - 1) + ' ' +
           std::to_string(static_cast<int>(date.year())) + ' ' + clock + " +0000\r\n";
}

} // namespace sealpost::mail
