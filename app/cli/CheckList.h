// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "mail/Address.h"

#include <cstdint>
#include <functional>
#include <istream>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sealpost::cli {

//! What `check` was asked about: a domain, or one address in it.
struct CheckItem {
    std::string domain; //!< A-label
    std::optional<mail::Address> address;
};

//! A domain or an address as typed. FixInput "address.…", "domain.…".
[[nodiscard]] Result<CheckItem> checkItemFrom(std::string_view text);

//! Remembers what it has seen in eight bytes each, so that a list of a million lines fits. Two
//! texts can be taken for one another with a chance of about one in thirty million at a million of
//! them.
class SeenTexts {
public:
    SeenTexts();
    //! Whether the text is new.
    [[nodiscard]] bool add(std::string_view text);

private:
    void grow();
    [[nodiscard]] std::size_t placeOf(std::uint64_t hash) const;

    std::vector<std::uint64_t> m_slots; //!< 0: free
    std::size_t m_count = 0;
};

//! A line of a list that can't be used.
struct BadLine {
    std::int64_t number = 0;
    Error error;
};

//! Items one after another: those named first, then those of a list, read as they are asked for.
//! Lines end in LF or CRLF; a byte order mark, blank lines and lines or ends of lines that begin
//! with # are passed over, and so is what was there before. A list in UTF-16 is one bad line. Any
//! thread.
class CheckSource {
public:
    //! `list` may be null; it outlives this. `onBadLine` is called for each line left out.
    CheckSource(std::vector<CheckItem> named, std::istream *list,
                std::function<void(const BadLine &)> onBadLine);
    //! None at the end.
    [[nodiscard]] std::optional<CheckItem> next();
    [[nodiscard]] std::int64_t badLines() const;
    [[nodiscard]] std::int64_t duplicates() const;

private:
    enum class Line { Read, TooLong, End };
    [[nodiscard]] Line readLine(std::string &line);
    [[nodiscard]] std::optional<CheckItem> itemOf(const std::string &line);
    [[nodiscard]] bool isNew(const CheckItem &item);

    mutable std::mutex m_mutex;
    std::vector<CheckItem> m_named;
    std::size_t m_nextNamed = 0;
    std::istream *m_list;
    std::function<void(const BadLine &)> m_onBadLine;
    SeenTexts m_seen;
    std::int64_t m_line = 0;
    bool m_ended = false; //!< before the list's own end
    std::int64_t m_badLines = 0;
    std::int64_t m_duplicates = 0;
};

} // namespace sealpost::cli
