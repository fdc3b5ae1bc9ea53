// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "crypto/CmsReader.h"
#include "crypto/OpenSslTypes.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

//! What a SignedData proves by itself, whoever its signers are. Private to this room.
namespace sealpost::crypto {

struct CheckedSignature {
    SignatureFacts facts; //!< without the signer
    X509Ptr signer;       //!< null where no certificate is at hand
};

struct CheckedContent {
    std::vector<CheckedSignature> signatures;
    std::string content; //!< empty where it was given from outside
};

//! `known`: certificates for signers that the message does not bring; may be null.
//! CmsReader::verify's errors.
[[nodiscard]] Result<CheckedContent> checkSignatures(CMS_ContentInfo *message,
                                                     std::optional<std::string_view> outside,
                                                     STACK_OF(X509) * known);

} // namespace sealpost::crypto
