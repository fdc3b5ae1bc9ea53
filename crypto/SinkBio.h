// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "crypto/OpenSslTypes.h"

#include <optional>

namespace sealpost::crypto {

//! An OpenSSL BIO that writes into a ByteSink. Private to this room. Outlives its bio().
class SinkBio {
public:
    explicit SinkBio(base::ByteSink &sink);
    SinkBio(const SinkBio &) = delete;
    SinkBio &operator=(const SinkBio &) = delete;

    [[nodiscard]] BIO *bio() const { return m_bio.get(); }
    //! What the sink said when a write failed.
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }

    [[nodiscard]] int write(std::string_view bytes); //!< for OpenSSL's call-back

private:
    base::ByteSink &m_sink;
    std::optional<Error> m_error;
    BioPtr m_bio;
};

} // namespace sealpost::crypto
