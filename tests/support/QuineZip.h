// SPDX-License-Identifier: GPL-3.0-or-later
// A zip that holds itself, after the structure of R. Cox, "Zip Files All The Way Down" (2010): a
// program of two instructions, "write the next n units" and "write the last n units again", that
// writes what stands before it, itself, and what stands behind it.
#pragma once

#include "support/HandMadeArchives.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sealpost::test {

namespace quine {

inline constexpr std::size_t kUnit = 10; //!< each instruction is as long, and so all is whole units

//! Bits in Deflate's order (RFC 1951 §3.1.1).
class Bits {
public:
    void number(unsigned value, int bits) {
        for (int i = 0; i < bits; ++i) {
            add(value >> static_cast<unsigned>(i) & 1U);
        }
    }
    void code(unsigned value, int bits) { // Huffman codes have their highest bit first
        for (int i = bits; i-- > 0;) {
            add(value >> static_cast<unsigned>(i) & 1U);
        }
    }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::string bytes() const { return m_bytes; }

private:
    void add(unsigned bit) {
        if (m_count % 8 == 0) {
            m_bytes += '\0';
        }
        const auto byte = static_cast<unsigned char>(m_bytes.back()) | bit << m_count % 8;
        m_bytes.back() = static_cast<char>(byte);
        ++m_count;
    }
    std::string m_bytes;
    std::size_t m_count = 0;
};

inline std::string stored(std::size_t size) { // RFC 1951 §3.2.4
    return little(0, 1) + little(size, 2) + little(~size, 2);
}

//! "Write the next n units": an empty block to be as long as a unit, and the head of one.
inline std::string write(std::size_t units) {
    return stored(0) + stored(units * kUnit);
}

//! A value's place among RFC 1951 §3.2.5's ranges, which double every `each` of them.
struct Ranged {
    unsigned index = 0;
    unsigned rest = 0;
    int extraBits = 0;
};
inline Ranged ranged(unsigned value, unsigned first, unsigned each) {
    Ranged at;
    unsigned base = first;
    for (;; ++at.index) {
        at.extraBits = at.index < 2 * each ? 0 : static_cast<int>(at.index / each) - 1;
        const auto width = 1U << static_cast<unsigned>(at.extraBits);
        if (value < base + width) {
            at.rest = value - base;
            return at;
        }
        base += width;
    }
}

inline void match(Bits &bits, unsigned length, unsigned distance) {
    const auto ofLength = ranged(length, 3, 4);
    bits.code(ofLength.index + 1, 7); // symbols from 257 on, those below 280 in seven bits
    bits.number(ofLength.rest, ofLength.extraBits);
    const auto ofDistance = ranged(distance, 1, 2);
    bits.code(ofDistance.index, 5);
    bits.number(ofDistance.rest, ofDistance.extraBits);
}

//! "Write the last n units again": in so many bits that with an empty block it is a unit.
inline std::string repeat(std::size_t units, unsigned last = 0) {
    const auto size = static_cast<unsigned>(units * kUnit);
    for (unsigned first = 0; first < size / 2; ++first) {
        for (int empty = 0; (first == 0 || first >= 3) && empty < 3; ++empty) {
            Bits bits;
            for (int i = 0; i < empty; ++i) {
                bits.number(2, 3); // a block of fixed codes, with nothing but its end
                bits.code(0, 7);
            }
            bits.number(2, 3);
            if (first > 0) {
                match(bits, first, size);
            }
            match(bits, size - first, size);
            bits.code(0, 7);
            bits.number(last, 3); // an empty stored block goes on at a whole byte
            if (bits.count() > 40 && bits.count() <= 48) {
                return bits.bytes() + little(0, 2) + little(0xFFFF, 2);
            }
        }
    }
    return {};
}

//! What to unpack between the two: it gives before + itself + behind.
inline std::string program(const std::string &before, const std::string &behind) {
    const auto writeBefore = write(before.size() / kUnit + 1);
    const auto repeatBefore = repeat(before.size() / kUnit + 1);
    const auto writeBehind = write(behind.size() / kUnit + 1);
    const auto repeatBehind = repeat(behind.size() / kUnit + 1, 1);
    const auto none = write(0);
    const auto one = write(1);
    const auto four = write(4);
    const auto again = repeat(4);
    return writeBefore + before + writeBefore + repeatBefore + one + repeatBefore + one + one +
           four + repeatBefore + one + one + four + again + four + again + four + again + four +
           again + four + again + none + none + writeBehind + again + none + none + writeBehind +
           repeatBehind + behind + repeatBehind;
}

inline std::string withChecksum(std::uint32_t crc) {
    const std::string name = "again0.zip"; // ten bytes: a header of whole units
    const auto made = [&](std::size_t packed, std::size_t size) {
        const auto common = little(20, 2) + little(0, 2) + little(8, 2) + little(0x21'0000, 4) +
                            little(crc, 4) + little(packed, 4) + little(size, 4) +
                            little(name.size(), 2) + little(0, 2);
        const auto before = "PK\3\4" + common + name;
        const auto entry = "PK\1\2" + little(20, 2) + common + little(0, 14) + name;
        const auto behind = entry + "PK\5\6" + little(0, 4) + little(1, 2) + little(1, 2) +
                            little(entry.size(), 4) + little(before.size() + packed, 4) +
                            little(2, 2) + ".."; // a comment, for the same reason
        return std::array{before, program(before, behind), behind};
    };
    const auto sized = made(0, 0);
    const auto packed = sized[1].size();
    const auto whole = made(packed, sized[0].size() + packed + sized[2].size());
    return whole[0] + whole[1] + whole[2];
}

} // namespace quine

//! The zip's checksum stands in it many times: it is the solution of 32 equations over GF(2), since
//! each bit of a text changes its CRC in a way of its own.
inline std::string quineZip() {
    const auto crcWith = [](std::uint32_t crc) { return crc32Of(quine::withChecksum(crc)); };
    const auto none = crcWith(0);
    struct Row {
        std::uint32_t change = 0;
        std::uint32_t bits = 0;
    };
    std::array<Row, 32> rows{}; // by the highest bit of their change
    const auto reduce = [&rows](Row &row) {
        for (int bit = 32; bit-- > 0;) {
            const auto &with = rows.at(static_cast<std::size_t>(bit));
            if ((row.change >> static_cast<unsigned>(bit) & 1U) == 0) {
                continue;
            }
            if (with.change == 0) {
                return bit;
            }
            row = {row.change ^ with.change, row.bits ^ with.bits};
        }
        return -1;
    };
    for (unsigned bit = 0; bit < 32; ++bit) {
        const auto one = 1U << bit;
        Row row{crcWith(one) ^ none ^ one, one};
        if (const auto place = reduce(row); place >= 0) {
            rows.at(static_cast<std::size_t>(place)) = row;
        }
    }
    Row wanted{none, 0};
    return reduce(wanted) < 0 ? quine::withChecksum(wanted.bits) : std::string();
}

} // namespace sealpost::test
