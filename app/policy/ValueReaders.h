// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/TomlDocument.h"

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

//! From TOML values to the policy's types, each with its checks. What is wrong goes to `problems`.
namespace sealpost::policy {

//! Where one value is read to, and where its mistakes go.
struct Reading {
    std::string key; //!< dotted
    std::vector<PolicyProblem> &problems;

    void problem(const SourcePosition &position, std::string_view code, std::string allowed = {},
                 std::string meant = {}) const;
};

//! Inclusive.
struct IntegerRange {
    std::int64_t least;
    std::int64_t most;
};

//! The candidate that is nearest to `word`, where one is near enough to have been meant; else
//! empty. A candidate whose last dotted part is the word's last part is nearer than any other.
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string> candidates);

[[nodiscard]] std::optional<bool> readBoolean(const TomlValue &value, const Reading &reading);
[[nodiscard]] std::optional<std::int64_t> readInteger(const TomlValue &value, IntegerRange range,
                                                      const Reading &reading);
//! One of `words`.
[[nodiscard]] std::optional<std::string>
readWord(const TomlValue &value, std::span<const std::string> words, const Reading &reading);
//! A list of `words`, each at most once.
[[nodiscard]] std::optional<std::vector<std::string>>
readWords(const TomlValue &value, std::span<const std::string> words, const Reading &reading);
//! A text that is not blank and has no control characters.
[[nodiscard]] std::optional<std::string> readText(const TomlValue &value, const Reading &reading);
//! Plain text of one or several lines; no HTML.
[[nodiscard]] std::optional<std::string> readParagraph(const TomlValue &value,
                                                       const Reading &reading);
//! A GUID in lower case, or an empty text for none.
[[nodiscard]] std::optional<std::string> readGuid(const TomlValue &value, const Reading &reading);
//! A header field for outgoing mail, "Name: value" in ASCII (RFC 5322 §2.2), whose name starts with
//! "X-", so that it can't stand in for a field that mail itself needs.
[[nodiscard]] std::optional<std::string> readHeaderField(const TomlValue &value,
                                                         const Reading &reading);
//! A list of texts as of readText().
[[nodiscard]] std::optional<std::vector<std::string>> readTexts(const TomlValue &value,
                                                                const Reading &reading);
//! A host or domain name of A-labels (RFC 5890 §2.3.2.1), lower case, without a last dot.
[[nodiscard]] std::optional<std::string> readDomain(const TomlValue &value, const Reading &reading);
[[nodiscard]] std::optional<std::set<std::string>> readDomains(const TomlValue &value,
                                                               const Reading &reading);
//! A dotted object identifier (X.660), or an empty text for none.
[[nodiscard]] std::optional<std::string> readObjectIdentifier(const TomlValue &value,
                                                              const Reading &reading);
//! "https://host/…", or an empty text for none.
[[nodiscard]] std::optional<std::string> readUrl(const TomlValue &value, const Reading &reading);
//! SHA-256 fingerprints; lower-case hexadecimal without colons comes out.
[[nodiscard]] std::optional<std::set<std::string>> readFingerprints(const TomlValue &value,
                                                                    const Reading &reading);
//! Networks and addresses, in the form of base::IpNetwork::text().
[[nodiscard]] std::optional<std::set<std::string>> readNetworks(const TomlValue &value,
                                                                const Reading &reading);
[[nodiscard]] std::optional<Time> readMoment(const TomlValue &value, const Reading &reading);

//! An entry of an array of tables, all of whose `fields` are there and no others; in their order.
[[nodiscard]] std::optional<std::vector<const TomlValue *>>
readFields(const TomlValue &entry, std::span<const std::string> fields, const Reading &reading);

} // namespace sealpost::policy
