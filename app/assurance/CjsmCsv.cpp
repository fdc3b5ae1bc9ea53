// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/CjsmDirectory.h"
#include "assurance/CsvReader.h"
#include "base/Text.h"

#include <algorithm>
#include <array>
#include <map>

namespace sealpost::assurance {

namespace {

constexpr std::string_view kStage = "cjsm.import";
constexpr std::size_t kMostTold = 1000;
constexpr std::array<std::string_view, 5> kStatuses = {"active", "locked", "new user locked",
                                                       "suspended", "deleted"};

//! "Secure Email", "secure-email" and "SECURE_EMAIL" are one column.
std::string columnKey(std::string_view name) {
    auto key = base::asciiLower(name);
    std::erase_if(key, [](char one) { return one == ' ' || one == '-' || one == '_'; });
    return key;
}

class Columns {
public:
    explicit Columns(const std::vector<std::string> &header) : m_count(header.size()) {
        for (std::size_t i = 0; i < header.size(); ++i) {
            m_places.try_emplace(columnKey(header[i]), i);
        }
    }
    [[nodiscard]] bool has(const char *name) const { return m_places.contains(columnKey(name)); }
    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::string of(const CsvRow &row, const char *name) const {
        const auto place = m_places.find(columnKey(name));
        return place == m_places.end() || place->second >= row.fields.size()
                   ? std::string()
                   : row.fields[place->second];
    }

private:
    std::map<std::string, std::size_t> m_places;
    std::size_t m_count;
};

//! What is wrong with a row; empty: nothing.
std::string problemOf(const CsvRow &row, const Columns &columns, const CjsmEntry &entry) {
    if (!row.problem.empty()) {
        return row.problem;
    }
    const bool surplus =
        row.fields.size() > columns.count() &&
        std::any_of(row.fields.begin() + static_cast<std::ptrdiff_t>(columns.count()),
                    row.fields.end(), [](const auto &field) { return !field.empty(); });
    if (row.fields.size() < columns.count() || surplus) {
        return std::to_string(row.fields.size()) + " columns instead of " +
               std::to_string(columns.count());
    }
    const auto address = mail::Address::parse(entry.secureEmail);
    if (!address || !address->displayName().empty()) {
        return "no address in Secure Email";
    }
    if (address->domain() == "cjsm.net" ||
        !base::isSameOrSubdomain(address->domain(), "cjsm.net")) {
        return "Secure Email is not in cjsm.net";
    }
    const auto status = base::asciiLower(entry.status);
    if (std::find(kStatuses.begin(), kStatuses.end(), status) == kStatuses.end()) {
        return "unknown Account Status";
    }
    for (const auto &field : row.fields) {
        if (std::any_of(field.begin(), field.end(), [](char one) { return one == '\0'; })) {
            return "a NUL";
        }
    }
    return {};
}

CjsmEntry entryOf(const CsvRow &row, const Columns &columns) {
    CjsmEntry entry;
    entry.firstName = columns.of(row, "Firstname");
    entry.lastName = columns.of(row, "Lastname");
    entry.userType = columns.of(row, "UserType");
    entry.organisation = columns.of(row, "Organisation");
    entry.secureEmail = columns.of(row, "Secure Email");
    entry.businessType = columns.of(row, "Business Type");
    entry.area = columns.of(row, "CJ Area");
    entry.status = columns.of(row, "Account Status");
    return entry;
}
} // namespace

Result<std::vector<CjsmEntry>> readCjsmCsv(std::string_view csv, CjsmImport &told) {
    CsvReader reader(csv);
    const auto header = reader.next();
    const Columns columns(header ? header->fields : std::vector<std::string>());
    for (const auto *needed : {"Secure Email", "Account Status"}) {
        if (!columns.has(needed)) {
            return fail("cjsm.columns", kStage, Reaction::FixInput, needed);
        }
    }
    std::vector<CjsmEntry> entries;
    while (const auto row = reader.next()) {
        auto entry = entryOf(*row, columns);
        if (const auto problem = problemOf(*row, columns, entry); !problem.empty()) {
            ++told.damagedCount;
            if (told.damaged.size() < kMostTold) {
                told.damaged.push_back({row->line, problem});
            }
            continue;
        }
        entry.secureEmail = base::asciiLower(mail::Address::parse(entry.secureEmail)->spec());
        told.active += entry.active() ? 1 : 0;
        entries.push_back(std::move(entry));
    }
    told.entries = entries.size();
    return entries;
}

} // namespace sealpost::assurance
