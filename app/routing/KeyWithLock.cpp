// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/MessageRules.h"

#include <algorithm>
#include <array>

namespace sealpost::routing {

namespace {

// The scanner's kinds of things that a password opens (docs/kinds.md).
constexpr std::array<std::string_view, 11> kLocks = {
    "encrypted-archive",     "encrypted-document", "encrypted-file",   "keepass-database",
    "pkcs12-file",           "pkcs12-base64",      "java-keystore",    "ethereum-keystore",
    "encrypted-private-key", "ansible-vault",      "putty-private-key"};

bool isLock(const scan::Finding &finding) {
    return std::find(kLocks.begin(), kLocks.end(), finding.kind) != kLocks.end();
}

//! A password or passphrase that can be typed; a hash can't.
bool isPassword(const scan::Finding &finding) {
    const std::string_view kind = finding.kind;
    const auto names = [&](std::string_view word) { return kind.find(word) != kind.npos; };
    return finding.category == scan::Category::Credential && !isLock(finding) &&
           (names("password") || names("passphrase") || kind.starts_with("prose-")) &&
           !names("hash");
}

} // namespace

KeyWithLock findKeyWithLock(const std::vector<scan::Finding> &findings) {
    KeyWithLock found;
    for (const auto &finding : findings) {
        if (finding.confidence == scan::Confidence::Low) {
            continue;
        }
        if (found.lock == nullptr && isLock(finding)) {
            found.lock = &finding;
        }
        if (found.key == nullptr && isPassword(finding)) {
            found.key = &finding;
        }
    }
    return found.key != nullptr && found.lock != nullptr ? found : KeyWithLock{};
}

} // namespace sealpost::routing
