// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificatePicker.h"

#include "crypto/CertificateReader.h"

namespace sealpost::crypto {

std::vector<PickedCertificate> pickCertificates(std::string_view bytes,
                                                std::string_view addressSpec) {
    constexpr std::size_t kMostPicked = 16;
    constexpr std::size_t kMostAuthorities = 64;
    const auto all = parseCertificates(bytes);
    if (!all) {
        return {};
    }
    std::vector<PickedCertificate> picked;
    std::string authorities;
    std::size_t authorityCount = 0;
    for (const auto &certificate : *all) {
        if (isTooLarge(certificate)) {
            continue;
        }
        if (isAuthority(certificate.get())) {
            if (authorityCount++ < kMostAuthorities) {
                authorities += toPem(certificate.get());
            }
            continue;
        }
        const auto info = readCertificate(certificate.get());
        if (picked.size() < kMostPicked && isForAddress(info, addressSpec)) {
            picked.push_back({info.fingerprint, toPem(certificate.get())});
        }
    }
    for (auto &one : picked) {
        one.pem += authorities;
    }
    return picked;
}

} // namespace sealpost::crypto
