// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/OfficeDocument.h"

#include "scan/AttributeText.h"
#include "scan/XmlTokens.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr auto kSharedStrings = "xl/sharedStrings.xml"sv;
constexpr auto kWorkbook = "xl/workbook.xml"sv;
constexpr auto kWorkbookLinks = "xl/_rels/workbook.xml.rels"sv;
constexpr auto kManifest = "META-INF/manifest.xml"sv;
constexpr auto kSheets = "xl/worksheets/"sv;

template <std::size_t N>
bool isOneOf(std::string_view word, const std::array<std::string_view, N> &words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

//! The text of a word processor's or a presentation's part.
class FlowText {
public:
    std::string of(std::string_view xml) {
        XmlTokens tokens(xml);
        while (tokens.next()) {
            take(tokens);
        }
        return std::move(m_text);
    }

private:
    void take(const XmlTokens &tokens) {
        constexpr std::array kCells = {"tc"sv, "table-cell"sv, "covered-table-cell"sv, "Cell"sv};
        constexpr std::array kRows = {"tr"sv, "table-row"sv, "Row"sv};
        constexpr std::array kParagraphs = {"p"sv, "h"sv, "text"sv};
        constexpr std::array kBreaks = {"br"sv, "cr"sv, "line-break"sv};
        const auto name = tokens.localName();
        switch (tokens.kind()) {
        case XmlTokens::Kind::Text:
            if (!tokens.isIndentation()) {
                m_text += tokens.text();
            }
            return;
        case XmlTokens::Kind::Start:
            takeValues(tokens);
            if (isOneOf(name, kCells)) {
                ++m_cells;
                m_cellStart = m_text.size();
                m_cellValue = tokens.attribute("office:string-value");
                m_cellNumber = tokens.attribute("office:value");
            }
            return;
        case XmlTokens::Kind::Empty:
            takeValues(tokens);
            if (name == "tab") {
                m_text += '\t';
            } else if (tokens.name() == "text:s") {
                m_text += ' ';
            } else if (isOneOf(name, kBreaks) || isOneOf(name, kParagraphs)) {
                m_text += '\n';
            } else if (isOneOf(name, kCells)) {
                m_text += tokens.attribute("office:string-value") + '\t';
            }
            return;
        case XmlTokens::Kind::End:
            if (isOneOf(name, kCells)) {
                m_cells -= m_cells > 0 ? 1 : 0;
                if (m_text.size() == m_cellStart) {
                    m_text += m_cellValue; // a cell that has its text there alone
                }
                m_cellValue.clear();
                takeNumber();
                m_text += '\t';
            } else if (isOneOf(name, kRows)) {
                m_text += '\n';
            } else if (isOneOf(name, kParagraphs)) {
                m_text += m_cells > 0 ? ' ' : '\n'; // a row stays one line
            }
            return;
        }
    }

    //! Of a long number a cell may show a few digits alone: "4.93E+15".
    void takeNumber() {
        constexpr std::size_t kLong = 9;
        if (m_cellNumber.size() >= kLong &&
            m_text.find(m_cellNumber, m_cellStart) == std::string::npos) {
            m_text += ' ' + m_cellNumber;
        }
        m_cellNumber.clear();
    }

    //! What OpenDocument keeps in attributes: formulas, and the lists that cells are checked by.
    void takeValues(const XmlTokens &tokens) {
        if (!tokens.name().starts_with("table:")) {
            return;
        }
        for (const auto *name : {"table:formula", "table:condition"}) {
            if (const auto value = tokens.attribute(name); !value.empty()) {
                m_text += value + ' ';
                m_cellStart = m_text.size();
            }
        }
    }

    std::string m_text;
    int m_cells = 0;
    std::size_t m_cellStart = 0; //!< of the innermost one
    std::string m_cellNumber;
    std::string m_cellValue; //!< what an attribute says that it shows
};

//! Properties and the like: each element's text a line, behind its name: "creator: Jo". Where an
//! element says the name, the value is in one inside it.
std::string namedValues(std::string_view xml) {
    std::string text;
    std::string name;
    bool isSaid = false;
    XmlTokens tokens(xml);
    while (tokens.next()) {
        if (tokens.kind() == XmlTokens::Kind::Start) {
            auto said = tokens.attribute("name");
            said = said.empty() ? tokens.attribute("meta:name") : said;
            if (!said.empty() || !isSaid) {
                isSaid = !said.empty();
                name = isSaid ? said : std::string(tokens.localName());
            }
        } else if (tokens.kind() == XmlTokens::Kind::End && tokens.localName() == "property") {
            isSaid = false;
        } else if (tokens.kind() == XmlTokens::Kind::Text && !tokens.isIndentation()) {
            text += name + ": " + tokens.text() + '\n';
        }
    }
    return text;
}

//! The texts that a workbook's cells point to.
struct SharedStrings {
    std::vector<std::string> all;
    std::vector<bool> used;

    //! None where `index` is no index.
    const std::string *use(std::string_view digits) {
        std::size_t index = 0;
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), index);
        if (parsed.ec != std::errc() || index >= all.size()) {
            return nullptr;
        }
        used[index] = true;
        return &all[index];
    }
    //! What no cell shows: texts of cells that were deleted stay in the file.
    [[nodiscard]] std::string unused() const {
        std::string text;
        for (std::size_t i = 0; i < all.size(); ++i) {
            text += used[i] ? std::string() : all[i] + '\n';
        }
        return text;
    }
};

SharedStrings sharedStrings(std::string_view xml) {
    std::vector<std::string> strings;
    XmlTokens tokens(xml);
    while (tokens.next()) {
        const auto name = tokens.localName();
        const bool starts =
            tokens.kind() == XmlTokens::Kind::Start || tokens.kind() == XmlTokens::Kind::Empty;
        if (starts && name == "si") {
            strings.emplace_back();
        } else if (tokens.kind() == XmlTokens::Kind::Text && !strings.empty() &&
                   !tokens.isIndentation()) {
            strings.back() += tokens.text();
        }
    }
    const auto count = strings.size();
    return {std::move(strings), std::vector<bool>(count)};
}

//! "9.434765919E9" is how some programs write 9434765919; anything else stays as it is.
std::string withoutExponent(const std::string &number) {
    constexpr double kMost = 1e15; // all whole numbers below are exact
    const auto exponent = number.find('E');
    if (exponent == std::string::npos || exponent == 0 ||
        number.find_first_not_of("0123456789.+E") != std::string::npos) {
        return number;
    }
    double value = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
    if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() ||
        !(value < 10 * kMost) || value != std::floor(value)) {
        return number;
    }
    return std::to_string(static_cast<std::uint64_t>(value));
}

std::string sheetText(std::string_view xml, SharedStrings &strings) {
    std::string text;
    std::string cell;
    bool shared = false;
    XmlTokens tokens(xml);
    while (tokens.next()) {
        const auto name = tokens.localName();
        if (tokens.kind() == XmlTokens::Kind::Start && name == "c") {
            shared = tokens.attribute("t") == "s";
            cell.clear();
        } else if (tokens.kind() == XmlTokens::Kind::Text) {
            cell += tokens.isIndentation() ? std::string() : tokens.text();
        } else if (tokens.kind() == XmlTokens::Kind::End && name == "f") {
            cell += ' '; // a formula, in front of its value
        } else if (tokens.kind() == XmlTokens::Kind::End && name == "c") {
            const auto *known = shared ? strings.use(cell) : nullptr;
            text += (known != nullptr ? *known : withoutExponent(cell)) + '\t';
            cell.clear();
        } else if (tokens.kind() == XmlTokens::Kind::End && name == "row") {
            text += '\n';
        } else if (tokens.kind() == XmlTokens::Kind::End && !cell.empty() && name != "v" &&
                   name != "t" && name != "is" && name != "r") {
            text += cell + '\n'; // headers and footers of the printed page
            cell.clear();
        }
    }
    return text;
}

//! "xl/worksheets/sheet2.xml" → "Pay (hidden)".
std::map<std::string, std::string> sheetNames(std::string_view workbook, std::string_view links) {
    std::map<std::string, std::string> pathOfId;
    XmlTokens relations(links);
    while (relations.next()) {
        if (relations.kind() != XmlTokens::Kind::Text && relations.localName() == "Relationship") {
            auto target = relations.attribute("Target");
            target.starts_with('/') ? target.erase(0, 1) : target.insert(0, "xl/");
            pathOfId[relations.attribute("Id")] = target;
        }
    }
    std::map<std::string, std::string> names;
    XmlTokens sheets(workbook);
    while (sheets.next()) {
        if (sheets.kind() != XmlTokens::Kind::Text && sheets.localName() == "sheet") {
            const bool hidden = sheets.attribute("state").find("idden") != std::string::npos;
            names[pathOfId[sheets.attribute("r:id")]] =
                sheets.attribute("name") + (hidden ? " (hidden)" : "");
        }
    }
    return names;
}

std::string_view partOf(const std::map<std::string, std::string> &parts, std::string_view path) {
    const auto found = parts.find(std::string(path));
    return found == parts.end() ? std::string_view() : std::string_view(found->second);
}

std::string textOf(const std::string &path, std::string_view xml, SharedStrings &strings) {
    if (path.starts_with("docProps/") || path == "meta.xml") {
        return namedValues(xml);
    }
    return path.starts_with(kSheets) ? sheetText(xml, strings) : FlowText().of(xml);
}

} // namespace

bool OfficeDocument::reads(std::string_view path) {
    constexpr std::array kFolders = {"word/"sv, "xl/"sv, "ppt/"sv, "docProps/"sv, "visio/"sv};
    constexpr std::array kFiles = {"content.xml"sv, "meta.xml"sv, "styles.xml"sv, kManifest,
                                   kWorkbookLinks};
    return isOneOf(path, kFiles) ||
           (path.ends_with(".xml") &&
            std::any_of(kFolders.begin(), kFolders.end(),
                        [&](std::string_view folder) { return path.starts_with(folder); }));
}

std::string OfficeDocument::flowText(std::string_view xml) {
    return FlowText().of(xml);
}

bool OfficeDocument::isInOneFile(std::string_view bytes) {
    constexpr std::size_t kStart = 1024;
    constexpr std::array kTelling = {"<?mso-application"sv, "<office:document"sv, "<pkg:package"sv,
                                     "<svg"sv};
    const auto start = bytes.substr(0, kStart);
    return start.find('<') < 4 && // a mark of UTF-8 may stand in front
           std::any_of(kTelling.begin(), kTelling.end(), [&](std::string_view mark) {
               return start.find(mark) != std::string_view::npos;
           });
}

void OfficeDocument::add(std::string path, std::string content) {
    while (m_parts.contains(path)) {
        path += " (again)";
    }
    m_parts.emplace(std::move(path), std::move(content));
}

bool OfficeDocument::isEncrypted() const {
    return partOf(m_parts, kManifest).find("encryption-data") != std::string_view::npos;
}

void OfficeDocument::texts(const Take &take) const {
    auto strings = sharedStrings(partOf(m_parts, kSharedStrings));
    const auto names = sheetNames(partOf(m_parts, kWorkbook), partOf(m_parts, kWorkbookLinks));
    for (const auto &[path, xml] : m_parts) {
        if (path == kManifest || path == kSharedStrings) {
            continue;
        }
        const auto name = names.find(path);
        const auto shown = name == names.end() ? path : path + ' ' + name->second;
        const auto text = textOf(path, xml, strings);
        const bool empty = text.find_first_not_of(" \t\n") == std::string::npos;
        take(shown, empty ? xml : text, Shown::Yes);
        const bool declares = xml.find("<!ENTITY") != std::string::npos; // texts, under a name
        if (const auto aside = declares ? xml : attributeText(xml); !aside.empty()) {
            take(shown, aside, Shown::No);
        }
    }
    if (const auto left = strings.unused(); !left.empty()) {
        take(std::string(kSharedStrings), left, Shown::Yes);
    }
}

} // namespace sealpost::scan
