// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Scripts.h"

#include "base/Text.h"
#include "mail/Address.h"

#include <QString>
#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace sealpost::mail {

namespace {
using Scripts = std::set<QChar::Script>;

Scripts scriptsOf(const std::string &label) {
    Scripts scripts;
    for (const char32_t c : QString::fromStdString(label).toStdU32String()) {
        const auto script = QChar::script(c);
        if (script != QChar::Script_Common && script != QChar::Script_Inherited &&
            script != QChar::Script_Unknown) {
            scripts.insert(script);
        }
    }
    return scripts;
}

//! Whether a language writes in all of these together.
bool belongTogether(const Scripts &scripts) {
    static const std::array<Scripts, 3> kTogether = {
        Scripts{QChar::Script_Latin, QChar::Script_Han, QChar::Script_Hiragana,
                QChar::Script_Katakana},
        Scripts{QChar::Script_Latin, QChar::Script_Han, QChar::Script_Bopomofo},
        Scripts{QChar::Script_Latin, QChar::Script_Han, QChar::Script_Hangul}};
    return scripts.size() < 2 ||
           std::any_of(kTogether.begin(), kTogether.end(), [&](const auto &together) {
               return std::includes(together.begin(), together.end(), scripts.begin(),
                                    scripts.end());
           });
}

std::string nameOf(QChar::Script script) {
    switch (static_cast<int>(script)) {
    case QChar::Script_Latin:
        return "Latin";
    case QChar::Script_Greek:
        return "Greek";
    case QChar::Script_Cyrillic:
        return "Cyrillic";
    case QChar::Script_Armenian:
        return "Armenian";
    case QChar::Script_Hebrew:
        return "Hebrew";
    case QChar::Script_Arabic:
        return "Arabic";
    case QChar::Script_Han:
        return "Han";
    case QChar::Script_Hiragana:
        return "Hiragana";
    case QChar::Script_Katakana:
        return "Katakana";
    case QChar::Script_Hangul:
        return "Hangul";
    case QChar::Script_Thai:
        return "Thai";
    case QChar::Script_Georgian:
        return "Georgian";
    case QChar::Script_Cherokee:
        return "Cherokee";
    case QChar::Script_Devanagari:
        return "Devanagari";
    default:
        return "another script";
    }
}
} // namespace

std::vector<std::string> mixedScripts(std::string_view domain) {
    std::set<std::string> names;
    for (const auto &label : base::split(domain, '.')) {
        if (!label.starts_with("xn--")) {
            continue; // ASCII has one script
        }
        const auto scripts = scriptsOf(toULabelDomain(label));
        if (!belongTogether(scripts)) {
            std::transform(scripts.begin(), scripts.end(), std::inserter(names, names.end()),
                           nameOf);
        }
    }
    return {names.begin(), names.end()};
}

} // namespace sealpost::mail
