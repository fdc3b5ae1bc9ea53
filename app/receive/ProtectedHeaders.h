// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/RawEntity.h"
#include "receive/OpenedMessage.h"

#include <string>
#include <string_view>
#include <vector>

//! Private to this room.
namespace sealpost::receive {

struct ReadHeaders {
    ShownHeaders headers;
    std::vector<Note> notes;
};

//! The fields that are shown: those inside the layers where they are protected (RFC 9788 §4.3),
//! else the outer ones. `outer`: null for a CMS file; `inner`: the entity inside the layers, null
//! where there are none or they can't be believed. Where a field can't be one person's word (two
//! From fields, two senders), From stays empty.
[[nodiscard]] ReadHeaders shownHeaders(const mail::RawEntity *outer, const mail::RawEntity *inner,
                                       bool encrypted);

//! The text without the hidden fields that stand in front of it (RFC 9788 §4.5.3): all up to and
//! with the first empty line.
[[nodiscard]] std::string withoutLegacyDisplay(std::string_view text);

} // namespace sealpost::receive
