// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/SealedArchive.h"

#include "base/Units.h"
#include "crypto/PassphraseKey.h"

#include <algorithm>
#include <array>
#include <system_error>

namespace sealpost::runtime {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStage = "archive";
constexpr std::string_view kMark = "Sealpost profile 1\n";
constexpr std::string_view kInner = "inner";
constexpr std::string_view kLast = "last";
constexpr std::size_t kPiece = 256 * base::kKiB;
constexpr std::size_t kLargestBox = kPiece + 64;
constexpr std::size_t kLongestName = 255;

std::string placeOf(std::uint64_t position, std::string_view where) {
    return "profile archive/" + std::to_string(position) + '/' + std::string(where);
}

template <std::size_t kSize> std::string bigEndian(std::uint64_t value) {
    std::string out(kSize, '\0');
    for (auto at = out.rbegin(); at != out.rend(); ++at) {
        *at = static_cast<char>(value & 0xFFU);
        value >>= 8U;
    }
    return out;
}

std::uint64_t number(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) {
        value = value << 8U | static_cast<unsigned char>(byte);
    }
    return value;
}

auto unreadable(std::string_view detail) {
    return fail("archive.unreadable", kStage, Reaction::FixInput, detail);
}

//! The stream inside the boxes.
class Reader {
public:
    Reader(std::istream &stream, SecretBytes key) : m_stream(stream), m_box(std::move(key)) {}

    //! Exactly `size` bytes; at most kPiece.
    Result<std::string> take(std::size_t size) {
        std::string out;
        while (out.size() < size) {
            if (m_at == m_piece.size()) {
                if (auto more = next(); !more) {
                    return fail(more.error());
                }
                continue;
            }
            const auto count = std::min(size - out.size(), m_piece.size() - m_at);
            out.append(m_piece, m_at, count);
            m_at += count;
        }
        return out;
    }
    //! Whether everything has been taken, and the file ends with its last box.
    Result<bool> atEnd() {
        while (m_at == m_piece.size() && !m_last) {
            if (auto more = next(); !more) {
                return fail(more.error());
            }
        }
        return m_at == m_piece.size();
    }

private:
    Result<void> next() {
        std::array<char, 4> length{};
        if (m_last || !m_stream.read(length.data(), length.size())) {
            return unreadable("it ends early");
        }
        const auto size = number({length.data(), length.size()});
        if (size > kLargestBox) {
            return unreadable("a piece is too large");
        }
        std::string box(size, '\0');
        if (!m_stream.read(box.data(), static_cast<std::streamsize>(size))) {
            return unreadable("it ends early");
        }
        m_last = m_stream.peek() == std::istream::traits_type::eof();
        base::wipe(m_piece);
        auto opened = m_box.open(box, placeOf(m_position, m_last ? kLast : kInner));
        if (!opened) {
            // Of the first box it is the passphrase, as far as anybody can tell.
            return m_position == 0 ? fail("archive.wrong-passphrase", kStage, Reaction::FixInput)
                                   : Result<void>(unreadable("a piece was changed"));
        }
        m_piece = std::move(*opened);
        m_at = 0;
        ++m_position;
        return {};
    }

    std::istream &m_stream;
    crypto::SealedBox m_box;
    std::string m_piece;
    std::size_t m_at = 0;
    std::uint64_t m_position = 0;
    bool m_last = false;
};

Result<void> readEntry(Reader &reader, const EntryTaker &taker) {
    const auto nameSize = reader.take(1);
    const auto name = nameSize ? reader.take(number(*nameSize)) : nameSize;
    const auto sizeBytes = name ? reader.take(8) : name;
    if (!sizeBytes) {
        return fail(sizeBytes.error());
    }
    auto rest = number(*sizeBytes);
    auto sink = taker(*name, rest);
    if (!sink) {
        return fail(sink.error());
    }
    while (rest > 0) {
        auto piece = reader.take(std::min<std::uint64_t>(rest, kPiece));
        if (!piece) {
            return fail(piece.error());
        }
        rest -= piece->size();
        auto written = (*sink)->write(*piece);
        base::wipe(*piece);
        if (!written) {
            return written;
        }
    }
    return {};
}

} // namespace

ArchiveWriter::ArchiveWriter(fs::path file, SecretBytes key)
    : m_file(std::move(file)), m_stream(m_file, std::ios::binary | std::ios::trunc),
      m_box(std::move(key)) {}

ArchiveWriter::~ArchiveWriter() {
    base::wipe(m_pending);
    if (!m_finished) {
        m_stream.close();
        std::error_code error;
        fs::remove(m_file, error);
    }
}

Result<std::unique_ptr<ArchiveWriter>> ArchiveWriter::create(const fs::path &file,
                                                             const SecretBytes &passphrase) {
    const auto salt = SecretBytes::random(crypto::kPassphraseSaltSize);
    auto key = crypto::keyFromPassphrase(passphrase, salt.view());
    if (!key) {
        return fail(key.error());
    }
    std::error_code error;
    if (fs::exists(file, error)) {
        return fail("archive.unwritable", kStage, Reaction::FixInput, "it is there already",
                    file.string());
    }
    std::unique_ptr<ArchiveWriter> writer(new ArchiveWriter(file, std::move(*key)));
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
    writer->m_stream << kMark << salt.view();
    if (!writer->m_stream || error) {
        return fail("archive.unwritable", kStage, Reaction::FixInput, {}, file.string());
    }
    return writer;
}

Result<void> ArchiveWriter::flush(std::string_view piece, std::string_view where) {
    const auto box = m_box.seal(piece, placeOf(m_position, where));
    if (!box) {
        return fail(box.error());
    }
    ++m_position;
    m_stream << bigEndian<4>(box->size()) << *box;
    return m_stream ? Result<void>()
                    : fail("archive.unwritable", kStage, Reaction::FixInput, {}, m_file.string());
}

Result<void> ArchiveWriter::write(std::string_view bytes) {
    m_pending += bytes;
    // One byte at least stays: the last piece has to be told from the others.
    while (m_pending.size() > kPiece) {
        if (auto done = flush(std::string_view(m_pending).substr(0, kPiece), kInner); !done) {
            return done;
        }
        m_pending.erase(0, kPiece);
    }
    return {};
}

Result<void> ArchiveWriter::add(std::string_view name, std::string_view bytes) {
    if (name.size() > kLongestName) {
        return fail("archive.unwritable", kStage, Reaction::Bug, "a name is too long");
    }
    auto written =
        write(bigEndian<1>(name.size()) + std::string(name) + bigEndian<8>(bytes.size()));
    return written ? write(bytes) : written;
}

Result<void> ArchiveWriter::addFile(std::string_view name, const fs::path &file) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    auto rest = in ? static_cast<std::uint64_t>(in.tellg()) : 0;
    in.seekg(0);
    auto done = in ? write(bigEndian<1>(name.size()) + std::string(name) + bigEndian<8>(rest))
                   : fail("archive.unreadable-file", kStage, Reaction::FixInput, {}, file.string());
    std::string piece(kPiece, '\0');
    while (done && rest > 0) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(rest, kPiece));
        if (!in.read(piece.data(), static_cast<std::streamsize>(count))) {
            return fail("archive.unreadable-file", kStage, Reaction::FixInput, {}, file.string());
        }
        rest -= count;
        done = write(std::string_view(piece).substr(0, count));
    }
    base::wipe(piece);
    return done;
}

Result<void> ArchiveWriter::finish() {
    if (auto done = flush(m_pending, kLast); !done) {
        return done;
    }
    m_stream.close();
    m_finished = !m_stream.fail();
    return m_finished ? Result<void>()
                      : fail("archive.unwritable", kStage, Reaction::FixInput, {}, m_file.string());
}

Result<void> readArchive(const fs::path &file, const SecretBytes &passphrase,
                         const EntryTaker &taker) {
    std::ifstream stream(file, std::ios::binary);
    std::string start(kMark.size() + crypto::kPassphraseSaltSize, '\0');
    if (!stream.read(start.data(), static_cast<std::streamsize>(start.size())) ||
        !start.starts_with(kMark)) {
        return unreadable("no profile");
    }
    auto key = crypto::keyFromPassphrase(passphrase, start.substr(kMark.size()));
    if (!key) {
        return fail(key.error());
    }
    Reader reader(stream, std::move(*key));
    for (;;) {
        const auto end = reader.atEnd();
        if (!end) {
            return fail(end.error());
        }
        if (*end) {
            return {};
        }
        if (auto read = readEntry(reader, taker); !read) {
            return read;
        }
    }
}

} // namespace sealpost::runtime
