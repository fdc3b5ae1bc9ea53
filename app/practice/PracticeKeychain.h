// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/Keychain.h"

#include <filesystem>
#include <mutex>

namespace sealpost::practice {

//! Secrets of practice mode in a file (0600) of the practice folder. They protect nothing real;
//! only PracticeWorld makes one. Several processes may use one file.
class PracticeKeychain final : public crypto::Keychain {
public:
    explicit PracticeKeychain(std::filesystem::path file);
    [[nodiscard]] Result<std::optional<SecretBytes>> read(std::string_view key) override;
    [[nodiscard]] Result<void> write(std::string_view key, const SecretBytes &secret) override;
    [[nodiscard]] Result<void> remove(std::string_view key) override;

private:
    std::filesystem::path m_file;
    std::mutex m_mutex;
};

} // namespace sealpost::practice
