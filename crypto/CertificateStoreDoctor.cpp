// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateStore.h"

#include "crypto/CertificateReader.h"
#include "crypto/CertificateStorePrivate.h"
#include "crypto/ChainExaminer.h"
#include "crypto/WriteLock.h"

#include <algorithm>
#include <chrono>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace sealpost::crypto {
namespace {

constexpr int kMostIssuers = 4;
constexpr std::size_t kMostPlaces = 3;
constexpr std::size_t kMostBytes = std::size_t{64} * 1024;
constexpr std::chrono::milliseconds kFetchTime{10'000};

std::vector<X509 *> pointersOf(const std::vector<X509Ptr> &certificates) {
    std::vector<X509 *> pointers;
    pointers.reserve(certificates.size());
    for (const auto &certificate : certificates) {
        pointers.push_back(certificate.get());
    }
    return pointers;
}

//! Whether one has really issued the other: name, key identifier, and the signature itself.
bool hasIssued(X509 *issuer, X509 *certificate) {
    const bool issued = isAuthority(issuer) &&
                        X509_check_issued(issuer, certificate) == X509_V_OK &&
                        X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    return issued;
}

//! The issuer of `certificate`, from where it says; null where none of its places has it.
X509Ptr fetchIssuerOf(X509 *certificate, const UrlFetcher &fetch, Deadline deadline,
                      const std::stop_token &stop) {
    auto urls = issuerUrls(certificate);
    urls.resize(std::min(urls.size(), kMostPlaces));
    for (const auto &url : urls) {
        if (!fetch || stop.stop_requested() || deadline.passed()) {
            return nullptr;
        }
        const auto bytes = fetch(url, deadline.within(kFetchTime), stop);
        auto found = bytes && bytes->size() <= kMostBytes
                         ? parseCertificates(*bytes)
                         : Result<std::vector<X509Ptr>>(std::vector<X509Ptr>());
        if (!found) {
            continue;
        }
        for (auto &candidate : *found) {
            if (hasIssued(candidate.get(), certificate)) {
                return std::move(candidate);
            }
        }
    }
    return nullptr;
}

} // namespace

Result<std::vector<ChainReport>> CertificateStore::examine(const Examined &what, Deadline deadline,
                                                           const std::stop_token &stop) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    const auto address =
        what.address.empty() ? std::nullopt : std::optional<std::string_view>(what.address);
    std::vector<ChainReport> reports;
    const auto add = [&](const std::shared_ptr<const KeyboxContent> &material,
                         const StoredCertificate &certificate) {
        reports.push_back(
            ChainExaminer(*d, material, deadline, stop).examine(certificate, address));
    };
    if (!what.file.empty()) {
        const auto certificates = parseCertificates(what.file);
        if (!certificates) {
            return fail(certificates.error());
        }
        if (std::ranges::any_of(*certificates, isTooLarge)) {
            return fail("certificate.too-large", "certs.doctor", Reaction::FixInput);
        }
        const auto material = joined(**content, pointersOf(*certificates));
        for (const auto &certificate : *certificates) {
            if (certificates->size() == 1 || !isAuthority(certificate.get())) {
                add(material, describe(sharedCopy(certificate.get())));
            }
        }
        return reports;
    }
    if (!what.fingerprint.empty()) {
        const auto found = Private::find(**content, what.fingerprint);
        if (!found) {
            return fail(found.error());
        }
        add(*content, **found);
        return reports;
    }
    for (const auto *certificate : (*content)->forAddress(what.address)) {
        add(*content, *certificate);
    }
    if (reports.empty()) {
        return fail("certificate.not-found", "certs.doctor", Reaction::FixInput, {}, what.address);
    }
    return reports;
}

Result<int> CertificateStore::fetchIssuers(std::string_view fingerprint, Deadline deadline,
                                           const std::stop_token &stop) {
    int fetched = 0;
    for (; fetched < kMostIssuers; ++fetched) {
        const auto content = d->keybox.content(deadline);
        if (!content) {
            return fail(content.error());
        }
        const auto found = Private::find(**content, fingerprint);
        if (!found) {
            return fail(found.error());
        }
        const auto chain = d->assessor(*content).chainOf(**found);
        if (chain.empty() || isSelfSigned(chain.back().get())) {
            break;
        }
        std::vector<X509Ptr> issuer;
        issuer.push_back(fetchIssuerOf(chain.back().get(), d->config.fetch, deadline, stop));
        if (!issuer.front()) {
            break;
        }
        WriteLock lock(d->home);
        if (auto taken = lock.take(deadline); !taken) {
            return fail(taken.error());
        }
        if (auto added = d->addCertificates(issuer, deadline); !added) {
            return fail(added.error());
        }
    }
    return fetched;
}

} // namespace sealpost::crypto
