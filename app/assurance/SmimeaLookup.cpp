// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/SmimeaLookup.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "net/TlsaRecord.h"

#include <QString>
#include <algorithm>

namespace sealpost::assurance {

namespace {

constexpr std::size_t kHashBytes = 28;
constexpr std::size_t kMostRecords = 32;
constexpr std::size_t kMostBytes = std::size_t{32} * 1024;

} // namespace

std::string smimeaName(const mail::Address &address) {
    //= RFC 8162 §3 (UTF-8 in normal form C, without quotes; the case stays as it is)
    const auto local = QString::fromStdString(address.localPart())
                           .normalized(QString::NormalizationForm_C)
                           .toStdString();
    return base::toHex(crypto::sha256(local).substr(0, kHashBytes)) + "._smimecert." +
           address.domain();
}

SmimeaAnswer lookupSmimea(net::DnsResolver &resolver, const mail::Address &address,
                          Deadline deadline, std::stop_token stop) {
    SmimeaAnswer found;
    found.name = smimeaName(address);
    const auto answer = resolver.query(found.name, net::DnsType::Smimea, deadline, std::move(stop));
    found.evidence = answer.evidence();
    found.detail = answer.detail;
    //= RFC 8162 §2 (as RFC 6698 §4: what DNSSEC does not prove is not used)
    if (answer.outcome == net::DnsOutcome::Records && answer.security != net::DnsSecurity::Secure) {
        found.evidence = Evidence::NotChecked;
        found.detail = "not signed with DNSSEC";
        return found;
    }
    if (found.evidence != Evidence::Proven) {
        return found;
    }
    for (auto &record : net::tlsaRecords(answer)) {
        const bool known = record.usage <= 3 && record.selector <= 1 && record.matchingType <= 2 &&
                           record.data.size() <= kMostBytes;
        if (known && found.records.size() < kMostRecords) {
            found.records.push_back(std::move(record));
        }
    }
    return found;
}

std::vector<std::string> certificatesIn(const std::vector<crypto::TlsaRecord> &records) {
    std::vector<std::string> certificates;
    for (const auto &record : records) {
        if (record.selector == 0 && record.matchingType == 0 &&
            std::find(certificates.begin(), certificates.end(), record.data) ==
                certificates.end()) {
            certificates.push_back(record.data);
        }
    }
    return certificates;
}

} // namespace sealpost::assurance
