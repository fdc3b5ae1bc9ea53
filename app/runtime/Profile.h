// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <QLockFile>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace sealpost::runtime {

//! Where one person's Sealpost lives: everything is under one folder.
struct Profile {
    std::filesystem::path folder;
    std::string keychainId; //!< empty for the default profile

    [[nodiscard]] std::filesystem::path database() const { return folder / "sealpost.db"; }
    [[nodiscard]] std::filesystem::path userPolicy() const { return folder / "policy.toml"; }
    [[nodiscard]] std::filesystem::path gnupgHome() const { return folder / "gnupg"; }
    [[nodiscard]] std::filesystem::path sendingLock() const { return folder / "sending.lock"; }
    //! What practice mode's server has filed, and its people's key files.
    [[nodiscard]] std::filesystem::path practice() const { return folder / "practice"; }

    //! The folder given, or the default one of this user (practice mode has one of its own); made
    //! 0700. AskAdmin "profile.unwritable" with the folder as subject.
    [[nodiscard]] static Result<Profile> open(const std::optional<std::filesystem::path> &folder,
                                              bool practice);
    //! The right to send from this profile. Retry "profile.busy": another Sealpost has it.
    [[nodiscard]] Result<std::unique_ptr<QLockFile>> lockSending() const;
};

} // namespace sealpost::runtime
