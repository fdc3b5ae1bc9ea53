// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/Renewal.h"

#include "base/Text.h"

#include <map>

namespace sealpost::crypto {

namespace {

//! What no longer lasting makes good: a new certificate is another matter.
bool couldServe(const CertificateInfo &certificate) {
    switch (certificate.state) {
    case CertificateState::Usable:
    case CertificateState::Expiring:
    case CertificateState::Expired:
    case CertificateState::RevocationUnknown:
    case CertificateState::NotYetValid:
        return true;
    case CertificateState::None:
    case CertificateState::Revoked:
    case CertificateState::Untrusted:
    case CertificateState::WrongUsage:
    case CertificateState::WrongAddress:
    case CertificateState::WeakKey:
        return false;
    }
    return false;
}

} // namespace

std::vector<RenewalDue> renewalsDue(std::span<const CertificateInfo> certificates, Time now,
                                    std::chrono::days before) {
    std::map<std::string, const CertificateInfo *> last; // by address
    for (const auto &certificate : certificates) {
        if (!certificate.isOwn() || !couldServe(certificate)) {
            continue;
        }
        for (const auto &address : certificate.addresses) {
            auto &known = last[base::asciiLower(address)];
            if (known == nullptr || known->notAfter < certificate.notAfter) {
                known = &certificate;
            }
        }
    }
    std::vector<RenewalDue> due;
    for (const auto &[address, certificate] : last) {
        if (certificate->notAfter - now < before) {
            due.push_back({address, *certificate, certificate->notAfter < now});
        }
    }
    return due;
}

} // namespace sealpost::crypto
