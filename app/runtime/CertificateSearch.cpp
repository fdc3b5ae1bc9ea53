// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/CertificateSearch.h"

#include "crypto/CertificateAssociation.h"
#include "runtime/CertificateSearchParts.h"
#include "runtime/Runtime.h"

#include <algorithm>
#include <future>

namespace sealpost::runtime {
namespace {

using assurance::SourceKind;

constexpr std::chrono::seconds kDnsPatience{10};

//! Whether a record names this certificate, or for the usages that mean authorities one above it.
bool names(const crypto::TlsaRecord &record, const crypto::ChainReport &report) {
    constexpr std::uint8_t kPkixEnd = 1;
    constexpr std::uint8_t kDaneEnd = 3;
    const bool end = record.usage == kPkixEnd || record.usage == kDaneEnd;
    const auto first = report.links.begin() + (end ? 0 : 1);
    const auto last = end ? report.links.begin() + 1 : report.links.end();
    return record.usage <= kDaneEnd && std::any_of(first, last, [&](const crypto::ChainLink &link) {
               return crypto::isAssociated(record, link.der);
           });
}

class Search {
public:
    Search(crypto::CertificateStore &store, const mail::Address &address, Deadline deadline,
           const std::stop_token &stop)
        : m_store(store), m_spec(address.spec()), m_deadline(deadline), m_stop(stop) {}

    Result<void> keyRing() {
        auto known = m_store.examine({m_spec, {}, {}}, m_deadline, m_stop);
        if (!known && known.error().code != "certificate.not-found") {
            return fail(known.error());
        }
        for (auto &one : known ? *known : std::vector<crypto::ChainReport>()) {
            add({SourceKind::KeyRing, {}, std::move(one), {}});
        }
        return {};
    }

    //! Judges what was found outside the key ring; what is there already is not named twice.
    void outside(SourceKind source, const std::string &place, const std::string &bytes) {
        auto found = m_store.examine({m_spec, bytes, {}}, m_deadline, m_stop);
        if (found && !found->empty() && !found->front().links.empty() &&
            !found->front().links.front().authority) {
            add({source, place, std::move(found->front()), bytes});
        }
    }

    void system(crypto::SystemKeyStore &keys) {
        for (const auto &certificates : {keys.others(), keys.own()}) {
            if (!certificates) {
                m_result.troubles.push_back({"", certificates.error()});
                continue;
            }
            for (const auto &der : *certificates) {
                if (!crypto::pickCertificates(der, m_spec).empty()) {
                    outside(SourceKind::System, {}, der);
                }
            }
        }
    }

    //! The certificate that would be encrypted to is told by the store itself.
    Result<void> explain() {
        const auto known =
            m_store.findForAddress(m_spec, crypto::CertificatePurpose::Encrypt, m_deadline, m_stop);
        if (!known) {
            return fail(known.error());
        }
        const auto pinned = m_store.pinnedFor(m_spec);
        m_result.pinned = pinned.has_value();
        m_result.why = crypto::explainChoice(*known, pinned);
        m_result.counts = known->empty() ? std::string() : known->front().fingerprint;
        return {};
    }

    [[nodiscard]] CertificateSearch result(assurance::SmimeaAnswer dns,
                                           std::vector<assurance::SourceTrouble> troubles) {
        for (auto &candidate : m_result.candidates) {
            candidate.confirmed =
                std::any_of(dns.records.begin(), dns.records.end(),
                            [&](const auto &record) { return names(record, candidate.report); });
        }
        const auto rank = [this](const FoundCandidate &one) {
            return std::pair(one.info().fingerprint != m_result.counts, one.report.faults.size());
        };
        std::stable_sort(
            m_result.candidates.begin(), m_result.candidates.end(),
            [&](const FoundCandidate &a, const FoundCandidate &b) { return rank(a) < rank(b); });
        m_result.dns = std::move(dns);
        std::move(troubles.begin(), troubles.end(), std::back_inserter(m_result.troubles));
        return std::move(m_result);
    }

private:
    void add(FoundCandidate candidate) {
        const bool known =
            std::ranges::any_of(m_result.candidates, [&](const FoundCandidate &other) {
                return other.info().fingerprint == candidate.info().fingerprint;
            });
        if (!known) {
            m_result.candidates.push_back(std::move(candidate));
        }
    }

    crypto::CertificateStore &m_store;
    std::string m_spec;
    Deadline m_deadline;
    const std::stop_token &m_stop;
    CertificateSearch m_result;
};

} // namespace

Result<CertificateSearch> searchCertificates(const CertificateSearchParts &parts,
                                             const mail::Address &address, Deadline deadline,
                                             const std::stop_token &stop) {
    // Servers are waited for at once, so that a silent one costs its own time alone.
    auto asking = std::async(std::launch::async, [&] {
        return assurance::lookupSmimea(*parts.resolver, address, deadline.within(kDnsPatience),
                                       stop);
    });
    auto elsewhere = assurance::findCertificates(parts.sources, address, deadline, stop);
    auto dns = asking.get();
    Search search(*parts.store, address, deadline, stop);
    if (auto known = search.keyRing(); !known) {
        return fail(known.error());
    }
    for (const auto &der : assurance::certificatesIn(dns.records)) {
        search.outside(SourceKind::Dns, {}, der);
    }
    for (const auto &one : elsewhere.found) {
        search.outside(one.kind, one.place, one.certificate.pem);
    }
    if (parts.system) {
        search.system(*parts.system);
    }
    if (auto explained = search.explain(); !explained) {
        return fail(explained.error());
    }
    if (stop.stop_requested()) {
        return fail("certificate.search-stopped", "certs.find", Reaction::Retry);
    }
    return search.result(std::move(dns), std::move(elsewhere.troubles));
}

Result<CertificateSearch> searchCertificates(Runtime &runtime, const mail::Address &address,
                                             Deadline deadline, const std::stop_token &stop) {
    auto store = runtime.certificates();
    auto resolver = runtime.resolver();
    auto sources = runtime.certificateSources();
    if (!store || !resolver || !sources) {
        return fail(!store ? store.error() : !resolver ? resolver.error() : sources.error());
    }
    return searchCertificates(CertificateSearchParts{std::move(*store), std::move(*resolver),
                                                     std::move(*sources), runtime.systemKeys()},
                              address, deadline, stop);
}

} // namespace sealpost::runtime
