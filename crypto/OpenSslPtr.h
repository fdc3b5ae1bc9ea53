// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

namespace sealpost::crypto {

//! Owns an object of OpenSSL's: `OpenSslPtr<X509, X509_free>`. Names no type of OpenSSL's itself.
template <auto kFree> struct OpenSslDeleter {
    template <class T> void operator()(T *object) const { kFree(object); }
};
template <class T, auto kFree> using OpenSslPtr = std::unique_ptr<T, OpenSslDeleter<kFree>>;

} // namespace sealpost::crypto
