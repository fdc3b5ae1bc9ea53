// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "crypto/GnupgHome.h"
#include "crypto/KeyboxContent.h"
#include "crypto/OpenSslTypes.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace sealpost::crypto {

//! gpgsm's certificates, from its file itself, and again only when that has changed. gpgsm writes
//! another file and renames it, so that what is read is whole. Any thread. Private to this room.
//! Errors: CertificateStore's "gnupg.…".
class Keybox {
public:
    explicit Keybox(const GnupgHome &home) : m_home(home) {}

    [[nodiscard]] Result<std::shared_ptr<const KeyboxContent>> content(Deadline deadline);
    //! How many were new. FixInput "certificate.refused" where gpgsm will not have one of them.
    [[nodiscard]] Result<int> import(std::span<const X509Ptr> certificates, Deadline deadline);

private:
    struct Stamp {
        std::filesystem::file_time_type changed;
        std::uintmax_t size = 0;
        bool operator==(const Stamp &) const = default;
    };
    [[nodiscard]] Stamp stamp() const;
    [[nodiscard]] Result<std::shared_ptr<const KeyboxContent>> load(Deadline deadline) const;
    [[nodiscard]] Result<std::shared_ptr<const KeyboxContent>> exported(Deadline deadline) const;

    const GnupgHome &m_home;
    std::mutex m_mutex;
    Stamp m_stamp;
    std::shared_ptr<const KeyboxContent> m_content;
};

} // namespace sealpost::crypto
