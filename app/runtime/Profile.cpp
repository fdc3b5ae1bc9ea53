// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/Profile.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"

#include <QStandardPaths>
#include <system_error>

namespace sealpost::runtime {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStage = "profile";
constexpr std::size_t kIdDigits = 16;

fs::path defaultFolder(bool practice) {
    const auto data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return fs::path(data.toStdU16String()) / (practice ? "sealpost-practice" : "sealpost");
}

Result<std::unique_ptr<QLockFile>> lock(const Profile &profile, const fs::path &file,
                                        std::chrono::milliseconds patience, Error taken) {
    auto lock = std::make_unique<QLockFile>(QString::fromStdU16String(file.u16string()));
    // Held for as long as the work takes: only the end of its process makes it stale.
    lock->setStaleLockTime(0);
    if (lock->tryLock(static_cast<int>(patience.count()))) {
        return lock;
    }
    if (lock->error() == QLockFile::LockFailedError) {
        return fail(std::move(taken));
    }
    return fail("profile.unwritable", kStage, Reaction::AskAdmin, {}, profile.folder.string());
}

} // namespace

Result<Profile> Profile::open(const std::optional<fs::path> &folder, bool practice) {
    Profile profile;
    std::error_code error;
    profile.folder = fs::absolute(folder ? *folder : defaultFolder(practice), error);
    if (!error) {
        const bool made = fs::create_directories(profile.folder, error);
        if (made && !error) {
            fs::permissions(profile.folder, fs::perms::owner_all, error);
        }
    }
    if (error || !fs::is_directory(profile.folder, error)) {
        return fail("profile.unwritable", kStage, Reaction::AskAdmin, error.message(),
                    profile.folder.string());
    }
    if (folder) {
        const auto canonical = fs::canonical(profile.folder, error);
        profile.folder = error ? profile.folder : canonical;
        profile.keychainId =
            base::toHex(crypto::sha256(profile.folder.string())).substr(0, kIdDigits);
    }
    return profile;
}

Result<std::unique_ptr<QLockFile>> Profile::lockSending(std::chrono::milliseconds patience) const {
    return lock(*this, sendingLock(), patience,
                Error{"profile.busy", std::string(kStage), Reaction::Retry, {}, {}});
}

Result<std::unique_ptr<QLockFile>> Profile::lockCopying() const {
    return lock(*this, copyingLock(), {},
                Error{"profile.busy", std::string(kStage), Reaction::Retry, {}, {}});
}

Result<std::unique_ptr<QLockFile>> Profile::lockWindow() const {
    return lock(*this, windowLock(), {},
                Error{"profile.open-elsewhere", std::string(kStage), Reaction::FixInput, {}, {}});
}

} // namespace sealpost::runtime
