// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gpgme++/context.h>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

//! A line that tells something beside the data: "S PADDING 0".
struct AgentStatus {
    std::string keyword;
    std::string arguments;
};

//! One command to gpg-agent. `answers` are what it may ask for, by name; anything else it asks is
//! cancelled. What it sends goes to `out` and `statuses`, where they are there. Private to this
//! room.
[[nodiscard]] GpgME::Error transact(GpgME::Context &context, const std::string &command,
                                    const std::map<std::string_view, std::string_view> &answers,
                                    std::string *out, std::vector<AgentStatus> *statuses = nullptr);

} // namespace sealpost::crypto
