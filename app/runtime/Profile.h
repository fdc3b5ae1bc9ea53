// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <QLockFile>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace sealpost::runtime {

//! How long a person's wish to send waits for another Sealpost that sends from the same profile.
inline constexpr std::chrono::seconds kSendingPatience{20};

//! Where one person's Sealpost lives: everything is under one folder.
struct Profile {
    std::filesystem::path folder;
    std::string keychainId; //!< empty for the default profile

    [[nodiscard]] std::filesystem::path database() const { return folder / "sealpost.db"; }
    [[nodiscard]] std::filesystem::path userPolicy() const { return folder / "policy.toml"; }
    [[nodiscard]] std::filesystem::path gnupgHome() const { return folder / "gnupg"; }
    [[nodiscard]] std::filesystem::path sendingLock() const { return folder / "sending.lock"; }
    [[nodiscard]] std::filesystem::path copyingLock() const { return folder / "copying.lock"; }
    [[nodiscard]] std::filesystem::path windowLock() const { return folder / "window.lock"; }
    //! What practice mode's server has filed, and its people's key files.
    [[nodiscard]] std::filesystem::path practice() const { return folder / "practice"; }

    //! The folder given, or the default one of this user (practice mode has one of its own); made
    //! 0700. AskAdmin "profile.unwritable" with the folder as subject.
    [[nodiscard]] static Result<Profile> open(const std::optional<std::filesystem::path> &folder,
                                              bool practice);
    //! The right to send from this profile. Retry "profile.busy": another Sealpost has it, and has
    //! had it for as long as `patience`.
    [[nodiscard]] Result<std::unique_ptr<QLockFile>>
    lockSending(std::chrono::milliseconds patience = {}) const;
    //! The right to put copies into Sent folders: two would put the same one there twice. Retry
    //! "profile.busy".
    [[nodiscard]] Result<std::unique_ptr<QLockFile>> lockCopying() const;
    //! The right to show this profile in a window: two would keep each other's drafts. FixInput
    //! "profile.open-elsewhere": another Sealpost has it.
    [[nodiscard]] Result<std::unique_ptr<QLockFile>> lockWindow() const;
};

} // namespace sealpost::runtime
