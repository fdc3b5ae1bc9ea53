// SPDX-License-Identifier: GPL-3.0-or-later
// Records and the chain that they are held against. The input is pieces, each after its length in
// two bytes: the RDATA of a record while the length's top bit is not set, then certificates.
#include "crypto/DaneVerifier.h"
#include "net/TlsaRecord.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace sealpost;
using crypto::DaneOutcome;

namespace {

constexpr std::size_t kMostPieces = 16;
constexpr unsigned kCertificateBit = 0x8000;

void demand(bool holds) {
    if (!holds) {
        std::abort();
    }
}

struct Input {
    net::DnsAnswer answer;
    std::vector<std::string> chain;
};

Input inputFrom(std::string_view bytes) {
    Input input;
    for (std::size_t i = 0; i < kMostPieces && bytes.size() >= 2; ++i) {
        const auto head = static_cast<unsigned>(static_cast<std::uint8_t>(bytes[0])) << 8U |
                          static_cast<std::uint8_t>(bytes[1]);
        bytes.remove_prefix(2);
        const auto size = std::min<std::size_t>(head & (kCertificateBit - 1), bytes.size());
        const std::string piece(bytes.substr(0, size));
        bytes.remove_prefix(size);
        ((head & kCertificateBit) != 0 ? input.chain : input.answer.rdata).push_back(piece);
    }
    return input;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const auto input = inputFrom({reinterpret_cast<const char *>(data), size});
    const auto records = net::tlsaRecords(input.answer);
    demand(records.size() <= input.answer.rdata.size());
    std::size_t wellFormed = 0;
    for (const auto &record : records) {
        demand(net::tlsaFromWire(net::encodeTlsa(record)) == record);
        demand(!crypto::describe(record).empty());
        wellFormed += crypto::faultOf(record) == crypto::TlsaFault::None ? 1 : 0;
    }
    const std::vector<std::string> names = {"mx1.court.example", "court.example"};
    const auto verdict =
        crypto::verifyDane(records, input.chain, names, Time(std::chrono::seconds(1'800'000'000)));
    demand(verdict.usable <= wellFormed);
    demand((verdict.usable == 0) == (verdict.outcome == DaneOutcome::Unusable));
    demand((verdict.outcome == DaneOutcome::Match) == verdict.matched.has_value());
    demand(!verdict.matched ||
           std::find(records.begin(), records.end(), *verdict.matched) != records.end());
    return 0;
}
