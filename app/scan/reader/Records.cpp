// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/reader/Records.h"

#include <cstdint>

namespace sealpost::scan {

namespace {

constexpr std::size_t kHeader = 9;

void appendLength(std::string &into, std::size_t length) {
    for (int i = 0; i < 4; ++i) {
        into += static_cast<char>(length >> (8U * static_cast<unsigned>(i)) & 0xFFU);
    }
}

std::size_t lengthAt(std::string_view bytes, std::size_t at) {
    std::size_t length = 0;
    for (std::size_t i = 4; i-- > 0;) {
        length = length << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return length;
}

} // namespace

std::string toBytes(const ReaderRecord &record) {
    std::string bytes(1, static_cast<char>(record.kind));
    appendLength(bytes, record.name.size());
    appendLength(bytes, record.data.size());
    return bytes + record.name + record.data;
}

bool parseRecords(std::string_view bytes, std::vector<ReaderRecord> &into) {
    while (bytes.size() >= kHeader) {
        const auto name = lengthAt(bytes, 1);
        const auto data = lengthAt(bytes, 5);
        if (bytes.size() - kHeader < name || bytes.size() - kHeader - name < data) {
            return false;
        }
        switch (bytes.front()) {
        case 'T':
        case 'F':
        case 'S':
            into.push_back({static_cast<ReaderRecord::Kind>(bytes.front()),
                            std::string(bytes.substr(kHeader, name)),
                            std::string(bytes.substr(kHeader + name, data))});
            break;
        case 'E':
            return bytes.size() == kHeader;
        default:
            return false;
        }
        bytes.remove_prefix(kHeader + name + data);
    }
    return false;
}

} // namespace sealpost::scan
