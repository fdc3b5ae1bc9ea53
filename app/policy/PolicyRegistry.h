// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "policy/PolicyParser.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sealpost::policy {

//! Where Windows' group policies write: HKLM\Software\Policies\Sealpost.
inline constexpr std::string_view kRegistryPlace = "HKLM\\Software\\Policies\\Sealpost";

//! What one value of the registry holds, UTF-8; `monostate` for a type that no setting has.
using RegistryValue =
    std::variant<std::monostate, std::uint64_t, std::string, std::vector<std::string>>;

//! A key of the registry with all under it. Names compare as Windows does, without case; they come
//! as they are written.
struct RegistryKey {
    std::map<std::string, RegistryValue> values;
    std::map<std::string, RegistryKey> keys;
};

//! Reads kRegistryPlace; a fake in tests.
class PolicyRegistry {
public:
    PolicyRegistry() = default;
    PolicyRegistry(const PolicyRegistry &) = delete;
    PolicyRegistry &operator=(const PolicyRegistry &) = delete;
    virtual ~PolicyRegistry() = default;
    //! None where the key is not there. AskAdmin "policy.unreadable" where it is and can't be read.
    [[nodiscard]] virtual Result<std::optional<RegistryKey>> read() const = 0;
};

//! The registry's key as a layer. `tls\minimum-version` stands for tls.minimum-version. A switch is
//! a number, 0 or 1; a list is a multi-string, or a key whose values are its items, by name; an
//! array of tables is a key with one key for each entry, by name; a date is a text. Problems have
//! the value's path as source and no line.
[[nodiscard]] PolicyLayer parseRegistry(const RegistryKey &key);

} // namespace sealpost::policy
