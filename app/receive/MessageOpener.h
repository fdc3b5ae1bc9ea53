// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "crypto/CmsReader.h"
#include "receive/OpenedMessage.h"

#include <memory>
#include <stop_token>
#include <string_view>

namespace sealpost::receive {

//! Verifies, decrypts and takes apart a received message. It believes only layers that surround the
//! whole message: what is signed or encrypted somewhere inside is neither opened nor counted, so
//! that no answer or picture can carry a stranger's plain text away (EFAIL) and no signed part
//! lends its name to an unsigned one ("Johnny, you are fired"). Nothing is fetched but revocation
//! lists; nothing is written. Any thread.
class MessageOpener {
public:
    explicit MessageOpener(std::shared_ptr<crypto::CmsReader> cms) : m_cms(std::move(cms)) {}

    //! A message (.eml), a CMS file (.p7m, .p7s; DER or PEM). What is wrong with it is in the
    //! notes; an error is only what is no message at all: FixInput "mime.not-a-message",
    //! "mime.too-deep", "mime.too-many-parts".
    [[nodiscard]] Result<OpenedMessage> open(std::string_view bytes, Deadline deadline,
                                             std::stop_token stop) const;

private:
    std::shared_ptr<crypto::CmsReader> m_cms;
};

} // namespace sealpost::receive
