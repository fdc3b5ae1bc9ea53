// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to the module: MimeModule's functions that read a whole message.
#pragma once

#include "mail/MessageRest.h"
#include "mail/MimeReader.h"

#include <string_view>
#include <vector>

namespace sealpost::mail::gmime {

[[nodiscard]] Result<ReadMessage> readMessage(std::string_view bytes,
                                              std::vector<PartRange> &ranges);
[[nodiscard]] Result<std::vector<MessagePart>> readParts(std::string_view entity);

} // namespace sealpost::mail::gmime
