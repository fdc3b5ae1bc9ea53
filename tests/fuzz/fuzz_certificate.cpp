// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates, as everything that is shown of them is read.
#include "crypto/CertificateReader.h"

#include <cstdint>

using namespace sealpost::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    const auto certificates = parseCertificates(bytes);
    if (!certificates) {
        return 0;
    }
    for (const auto &certificate : *certificates) {
        const auto info = readCertificate(certificate.get());
        const auto usages = usageWords(certificate.get());
        const auto weak = weakness(certificate.get(), {2048, 256});
        const auto urls = crlUrls(certificate.get()).size() + issuerUrls(certificate.get()).size() +
                          responderUrls(certificate.get()).size();
        const bool mine = isForAddress(info, "a@example.test");
        static_cast<void>(usages);
        static_cast<void>(weak);
        static_cast<void>(urls);
        static_cast<void>(mine);
    }
    return 0;
}
