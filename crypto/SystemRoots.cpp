// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SystemRoots.h"

#include <cstdlib>
#include <filesystem>
#include <openssl/x509.h>
#include <string_view>

namespace sealpost::crypto {

namespace {

namespace fs = std::filesystem;

//! Eight hexadecimal digits, a dot and a number.
bool isHashedName(std::string_view name) {
    constexpr std::size_t kDigits = 8;
    constexpr std::string_view kHex = "0123456789abcdef";
    constexpr std::string_view kDecimal = "0123456789";
    return name.size() > kDigits + 1 && name.find_first_not_of(kHex) == kDigits &&
           name[kDigits] == '.' &&
           name.find_first_not_of(kDecimal, kDigits + 1) == std::string_view::npos;
}

} // namespace

bool hasHashedRoots(const std::string &folder) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (isHashedName(it->path().filename().string())) {
            return true;
        }
    }
    return false;
}

std::string hashedRootsFolder() {
    if (std::getenv(X509_get_default_cert_file_env()) != nullptr ||
        std::getenv(X509_get_default_cert_dir_env()) != nullptr) {
        return {};
    }
    const char *folder = X509_get_default_cert_dir();
    return folder != nullptr && hasHashedRoots(folder) ? folder : std::string();
}

} // namespace sealpost::crypto
