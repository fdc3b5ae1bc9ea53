// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/TlsPeerInfo.h"

#include <string_view>

struct x509_st;

namespace sealpost::crypto {

//! What a stapled OCSP response (RFC 6960, DER) says of `leaf` at `now` (the epoch: the present).
//! It counts only where `issuer` signed it, or a responder of its own; without an issuer nothing
//! can be checked. An empty response is Absent.
[[nodiscard]] OcspStaple checkStaple(std::string_view response, x509_st *leaf, x509_st *issuer,
                                     Time now);

//! The same of an answer that was asked for, with the nonce of the question (RFC 9654 §2.1): an
//! answer with another nonce is Invalid, and so is one without, unless `without` lets it be. An
//! empty nonce was not asked for.
enum class AnswerWithoutNonce { Counts, Invalid };
[[nodiscard]] OcspStaple checkAnswer(std::string_view response, x509_st *leaf, x509_st *issuer,
                                     Time now, std::string_view nonce, AnswerWithoutNonce without);

} // namespace sealpost::crypto
