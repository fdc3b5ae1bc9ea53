// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/reader/PdfObjects.h"

#include "scan/reader/PdfStrings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <zlib.h>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;
using Kind = ReaderRecord::Kind;

constexpr std::size_t kMostUnpacked = std::size_t{96} * 1024 * 1024; //!< of all streams
constexpr std::size_t kLongestDictionary = std::size_t{16} * 1024;
constexpr auto kSpace = "\0\t\n\f\r "sv;

//! As far as it can be read, and no more than `most`.
std::string inflated(std::string_view bytes, std::size_t most) {
    constexpr std::size_t kStep = std::size_t{64} * 1024;
    std::string out;
    z_stream zip{};
    if (inflateInit(&zip) != Z_OK) {
        return out;
    }
    zip.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    zip.avail_in = static_cast<uInt>(bytes.size());
    int state = Z_OK;
    while (state == Z_OK && out.size() < most) {
        const auto before = out.size();
        out.resize(before + kStep);
        zip.next_out = reinterpret_cast<Bytef *>(out.data() + before);
        zip.avail_out = static_cast<uInt>(kStep);
        state = inflate(&zip, Z_NO_FLUSH);
        out.resize(out.size() - zip.avail_out);
    }
    inflateEnd(&zip);
    return out;
}

//! A name with what ends it: "/Subtype /Image" and "/Subtype/Image" alike.
bool says(std::string_view dictionary, std::string_view key, std::string_view value) {
    for (auto at = dictionary.find(key); at != std::string_view::npos;
         at = dictionary.find(key, at + 1)) {
        auto rest = dictionary.substr(at + key.size());
        rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
        if (rest.starts_with(value)) {
            return true;
        }
    }
    return false;
}

bool has(std::string_view dictionary, std::string_view name) {
    return dictionary.find(name) != std::string_view::npos;
}

int numberOf(std::string_view dictionary, std::string_view key) {
    const auto at = dictionary.find(key);
    auto rest = dictionary.substr(std::min(at, dictionary.size()));
    rest.remove_prefix(std::min(key.size(), rest.size()));
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    int number = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), number);
    return number;
}

bool isPicture(std::string_view dictionary) {
    return says(dictionary, "/Subtype"sv, "/Image"sv);
}

//! Type faces, colours and tables of characters hold no text.
bool isForDrawing(std::string_view dictionary) {
    return isPicture(dictionary) || has(dictionary, "/Length1"sv) ||
           says(dictionary, "/Subtype"sv, "/Type1C"sv) ||
           says(dictionary, "/Subtype"sv, "/CIDFontType0C"sv) ||
           says(dictionary, "/Subtype"sv, "/OpenType"sv) ||
           says(dictionary, "/Type"sv, "/XRef"sv) || has(dictionary, "/Alternate"sv) ||
           has(dictionary, "/FunctionType"sv) || has(dictionary, "/ShadingType"sv);
}

bool isPlainText(std::string_view bytes) {
    const auto sample = bytes.substr(0, 4096);
    const auto odd = std::count_if(sample.begin(), sample.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r';
    });
    return static_cast<std::size_t>(odd) * 50 <= sample.size();
}

bool isDrawing(std::string_view bytes) {
    return has(bytes, "BT"sv) && has(bytes, "ET"sv) && (has(bytes, "Tj"sv) || has(bytes, "TJ"sv));
}

//! A stream and what stands in front of it.
struct Stream {
    std::string_view dictionary;
    std::string_view data;
};

//! Walks over a file: pieces without streams, and streams.
class Pieces {
public:
    explicit Pieces(std::string_view pdf) : m_pdf(pdf) {}

    //! False at the end, where `syntax` is what is left.
    bool next(std::string_view &syntax, Stream &stream) {
        constexpr auto kStream = "stream"sv;
        constexpr auto kEnd = "endstream"sv;
        for (auto at = m_pdf.find(kStream, m_at); at != std::string_view::npos;
             at = m_pdf.find(kStream, at + 1)) {
            auto from = at + kStream.size();
            const auto before = m_pdf.substr(m_at, at - m_at);
            const auto close = before.find_last_not_of(kSpace);
            const bool opens = close != std::string_view::npos && before[close] == '>' &&
                               from < m_pdf.size() && (m_pdf[from] == '\r' || m_pdf[from] == '\n');
            if (!opens) {
                continue;
            }
            from += m_pdf.substr(from).starts_with("\r\n"sv) ? 2 : 1;
            const auto end = std::min(m_pdf.find(kEnd, from), m_pdf.size());
            syntax = before;
            stream.dictionary = dictionaryAtEnd(before);
            stream.data = m_pdf.substr(from, end - from);
            m_at = std::min(end + kEnd.size(), m_pdf.size());
            return true;
        }
        syntax = m_pdf.substr(m_at);
        return false;
    }

private:
    static std::string_view dictionaryAtEnd(std::string_view before) {
        before.remove_prefix(before.size() - std::min(before.size(), kLongestDictionary));
        const auto object = before.rfind("obj"sv);
        return object == std::string_view::npos ? before : before.substr(object);
    }

    std::string_view m_pdf;
    std::size_t m_at = 0;
};

//! The table of where objects start is numbers alone.
std::string withoutTables(std::string_view syntax) {
    std::string left;
    for (auto at = syntax.find("xref"sv); at != std::string_view::npos;
         at = syntax.find("xref"sv)) {
        left += syntax.substr(0, at);
        syntax.remove_prefix(at + 4);
        const auto end = syntax.find_first_not_of("0123456789 \r\nfn"sv);
        syntax.remove_prefix(std::min(end, syntax.size()));
    }
    return left += syntax;
}

//! The end of the version before the last one; zero where there is none.
std::size_t endOfEarlier(std::string_view pdf) {
    constexpr auto kEnd = "%%EOF"sv;
    const auto last = pdf.rfind(kEnd);
    if (last == std::string_view::npos || last == 0) {
        return 0;
    }
    const auto earlier = pdf.rfind(kEnd, last - 1);
    if (earlier == std::string_view::npos) {
        return 0;
    }
    // The first part of a file that is made for the web says that it starts at zero.
    const auto start = pdf.rfind("startxref"sv, earlier);
    const bool whole = start != std::string_view::npos && earlier - start < 64 &&
                       numberOf(pdf.substr(start, earlier - start), "startxref"sv) != 0;
    return whole ? earlier + kEnd.size() : 0;
}

class Objects {
public:
    Objects(const PdfTold &told, const std::function<void(const ReaderRecord &)> &write)
        : m_told(told), m_write(write) {}

    void read(std::string_view pdf) {
        Pieces pieces(pdf);
        std::string_view syntax;
        Stream stream;
        while (pieces.next(syntax, stream)) {
            takeSyntax(syntax);
            ++m_number;
            takeStream(stream);
        }
        takeSyntax(syntax);
        if (!m_text.empty()) {
            m_write({Kind::Text, "other text", m_text});
        }
        if (m_tooLarge) {
            m_write({Kind::Skip, "other text", "too-large"});
        }
        if (m_unread) {
            m_write({Kind::Skip, "other text", "not-supported"});
        }
    }

private:
    void takeSyntax(std::string_view syntax) {
        m_text += withoutTables(syntax);
        m_text += '\n';
        m_text += stringsOfObjects(syntax);
    }

    void takeStream(const Stream &stream) {
        if (isForDrawing(stream.dictionary)) {
            return;
        }
        std::string unpacked;
        std::string_view content = stream.data;
        if (says(stream.dictionary, "/Filter"sv, "/FlateDecode"sv) ||
            says(stream.dictionary, "/Filter"sv, "/Fl"sv) || isFlateAlone(stream.dictionary)) {
            unpacked = inflated(stream.data, kMostUnpacked - m_unpacked);
            content = unpacked;
            m_unpacked += unpacked.size();
            m_tooLarge = m_tooLarge || m_unpacked >= kMostUnpacked;
            m_unread = m_unread || (unpacked.empty() && !stream.data.empty());
        } else if (has(stream.dictionary, "/Filter"sv)) {
            m_unread = m_unread || !isOnAPage(stream);
            return;
        }
        takeContent(stream.dictionary, content);
    }

    static bool isFlateAlone(std::string_view dictionary) {
        const auto at = dictionary.find("/Filter"sv);
        const auto open = dictionary.find('[', std::min(at, dictionary.size()));
        const auto close = dictionary.find(']', std::min(open, dictionary.size()));
        if (at == std::string_view::npos || close == std::string_view::npos) {
            return false;
        }
        const auto filters = dictionary.substr(open + 1, close - open - 1);
        return has(filters, "/Fl"sv) && std::count(filters.begin(), filters.end(), '/') == 1;
    }

    //! What draws a page is read from the page.
    static bool isOnAPage(const Stream &stream) { return !has(stream.dictionary, "/Type"sv); }

    void takeContent(std::string_view dictionary, std::string_view content) {
        if (says(dictionary, "/Type"sv, "/EmbeddedFile"sv)) {
            if (m_told.files.find(content) == m_told.files.end()) {
                m_write({Kind::File, "object " + std::to_string(m_number), std::string(content)});
            }
        } else if (says(dictionary, "/Type"sv, "/ObjStm"sv)) {
            m_text += stringsOfObjects(content);
        } else if (has(content, "begincmap"sv)) {
            return; // which characters glyphs are
        } else if (isDrawing(content)) {
            takeNew(stringsOfDrawing(content));
        } else if (isPlainText(content)) {
            (m_text += content) += '\n';
        }
    }

    //! Of lines those that have a word which no page shows.
    void takeNew(std::string_view drawn) {
        while (!drawn.empty()) {
            const auto line = drawn.substr(0, drawn.find('\n'));
            drawn.remove_prefix(std::min(line.size() + 1, drawn.size()));
            auto rest = line;
            bool isNew = false;
            while (!isNew && !rest.empty()) {
                rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
                const auto word = rest.substr(0, rest.find(' '));
                isNew = !word.empty() && m_told.words.find(word) == m_told.words.end();
                rest.remove_prefix(word.size());
            }
            if (isNew) {
                (m_text += line) += '\n';
            }
        }
    }

    const PdfTold &m_told;
    const std::function<void(const ReaderRecord &)> &m_write;
    std::string m_text;
    std::size_t m_unpacked = 0;
    int m_number = 0;
    bool m_tooLarge = false;
    bool m_unread = false;
};

} // namespace

bool hasPictures(std::string_view pdf) {
    constexpr int kSmallestCode = 21; // modules
    Pieces pieces(pdf);
    std::string_view syntax;
    Stream stream;
    while (pieces.next(syntax, stream)) {
        if (isPicture(stream.dictionary) &&
            numberOf(stream.dictionary, "/Width"sv) >= kSmallestCode &&
            numberOf(stream.dictionary, "/Height"sv) >= kSmallestCode) {
            return true;
        }
    }
    return false;
}

void readPdfObjects(std::string_view pdf, const PdfTold &told,
                    const std::function<void(const ReaderRecord &)> &write) {
    Objects(told, write).read(pdf);
    if (const auto end = endOfEarlier(pdf); end > 0) {
        write({Kind::File, "earlier version", std::string(pdf.substr(0, end))});
    }
}

} // namespace sealpost::scan
