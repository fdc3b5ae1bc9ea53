// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/ProfileArchive.h"

#include "runtime/SealedArchive.h"
#include "runtime/StoreKey.h"
#include "store/AccountStore.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <system_error>
#include <vector>

namespace sealpost::runtime {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStage = "profile.archive";
constexpr std::string_view kSecretPrefix = "keychain/";
constexpr std::string_view kFilePrefix = "file/";
constexpr std::string_view kKeyFolder = "gnupg/private-keys-v1.d";
constexpr std::string_view kStoreName = "sealpost.db";

//! A file of its own that goes with it.
class Temporary {
public:
    explicit Temporary(fs::path path) : m_path(std::move(path)) {
        std::error_code error;
        fs::remove_all(m_path, error);
    }
    ~Temporary() {
        std::error_code error;
        fs::remove_all(m_path, error);
    }
    Temporary(const Temporary &) = delete;
    Temporary &operator=(const Temporary &) = delete;
    [[nodiscard]] const fs::path &path() const { return m_path; }

private:
    fs::path m_path;
};

//! Files of a profile that are taken along, beside the store, from its folder.
std::vector<std::string> filesOf(const fs::path &folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto *name : {"policy.toml", "gnupg/pubring.kbx", "gnupg/trustlist.txt"}) {
        if (fs::is_regular_file(folder / name, error)) {
            names.emplace_back(name);
        }
    }
    for (const auto &entry : fs::directory_iterator(folder / kKeyFolder, error)) {
        if (entry.path().extension() == ".key") {
            names.push_back(std::string(kKeyFolder) + '/' + entry.path().filename().string());
        }
    }
    return names;
}

//! Whether a name in an archive is one that filesOf() gives: nothing lands anywhere else.
bool isOurs(const std::string &name) {
    constexpr std::size_t kGrip = 40;
    if (name == kStoreName || name == "policy.toml" || name == "gnupg/pubring.kbx" ||
        name == "gnupg/trustlist.txt") {
        return true;
    }
    const auto prefix = std::string(kKeyFolder) + '/';
    if (!name.starts_with(prefix) || !name.ends_with(".key") ||
        name.size() != prefix.size() + kGrip + 4) {
        return false;
    }
    return std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix.size()), name.end() - 4,
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); });
}

Result<std::vector<std::string>> secretsOf(const std::shared_ptr<store::Database> &database) {
    const auto accounts = store::AccountStore(database).list();
    if (!accounts) {
        return fail(accounts.error());
    }
    std::vector<std::string> names{std::string(kStoreKey), "key-passphrase"};
    for (const auto &account : *accounts) {
        names.push_back(account.keychainKey());
        names.push_back(account.certificateKeychainKey());
    }
    return names;
}

Result<void> addSecrets(ArchiveWriter &writer, crypto::Keychain &keychain,
                        const std::vector<std::string> &names) {
    for (const auto &name : names) {
        const auto secret = keychain.read(name);
        if (!secret) {
            return fail(secret.error());
        }
        if (*secret) {
            auto added = writer.add(std::string(kSecretPrefix) + name, (*secret)->view());
            if (!added) {
                return added;
            }
        } else if (name == kStoreKey) {
            return fail("keychain.locked", kStage, Reaction::FixInput);
        }
    }
    return {};
}

class FileSink final : public base::ByteSink {
public:
    explicit FileSink(const fs::path &file) : m_stream(file, std::ios::binary), m_name(file) {}
    [[nodiscard]] Result<void> write(std::string_view bytes) override {
        m_stream << bytes << std::flush;
        return m_stream
                   ? Result<void>()
                   : fail("profile.unwritable", kStage, Reaction::AskAdmin, {}, m_name.string());
    }

private:
    std::ofstream m_stream;
    fs::path m_name;
};

class SecretSink final : public base::ByteSink {
public:
    explicit SecretSink(std::string &into) : m_into(into) {}
    [[nodiscard]] Result<void> write(std::string_view bytes) override {
        m_into += bytes;
        return {};
    }

private:
    std::string &m_into;
};

//! What an archive holds, while it is being looked at: files in a folder, secrets in memory.
struct Unpacked {
    std::map<std::string, std::string> secrets;
    std::vector<std::string> files;
    ~Unpacked() {
        for (auto &[name, secret] : secrets) {
            base::wipe(secret);
        }
    }
};

Result<std::unique_ptr<base::ByteSink>> sinkFor(const std::string &name, const fs::path &folder,
                                                Unpacked &unpacked) {
    if (name.starts_with(kSecretPrefix)) {
        return std::make_unique<SecretSink>(unpacked.secrets[name.substr(kSecretPrefix.size())]);
    }
    const auto inner = name.starts_with(kFilePrefix) ? name.substr(kFilePrefix.size()) : "";
    if (!isOurs(inner)) {
        return fail("archive.unreadable", kStage, Reaction::FixInput, "an entry of another kind");
    }
    std::error_code error;
    fs::create_directories((folder / inner).parent_path(), error);
    unpacked.files.push_back(inner);
    return std::make_unique<FileSink>(folder / inner);
}

//! All files into their places, the store last.
Result<void> moveIn(const fs::path &from, const fs::path &to, std::vector<std::string> files) {
    std::stable_partition(files.begin(), files.end(),
                          [](const auto &name) { return name != kStoreName; });
    for (const auto &name : files) {
        std::error_code error;
        fs::create_directories((to / name).parent_path(), error);
        fs::permissions(from / name, fs::perms::owner_read | fs::perms::owner_write, error);
        if (!error) {
            fs::rename(from / name, to / name, error);
        }
        if (error) {
            return fail("profile.unwritable", kStage, Reaction::AskAdmin, error.message(),
                        (to / name).string());
        }
    }
    return {};
}

bool isEmpty(const fs::path &folder) {
    std::error_code error;
    const bool hasKeys =
        fs::exists(folder / kKeyFolder, error) && !fs::is_empty(folder / kKeyFolder, error);
    return !fs::exists(folder / kStoreName, error) && !hasKeys;
}

} // namespace

Result<void> exportProfile(const Profile &profile, crypto::Keychain &keychain,
                           const std::shared_ptr<store::Database> &database, const fs::path &file,
                           const SecretBytes &passphrase) {
    const auto secrets = secretsOf(database);
    if (!secrets) {
        return fail(secrets.error());
    }
    const Temporary copy(profile.folder / "export.tmp");
    if (auto copied = database->copyTo(copy.path()); !copied) {
        return copied;
    }
    auto writer = ArchiveWriter::create(file, passphrase);
    if (!writer) {
        return fail(writer.error());
    }
    if (auto added = addSecrets(**writer, keychain, *secrets); !added) {
        return added;
    }
    for (const auto &name : filesOf(profile.folder)) {
        if (auto added = (*writer)->addFile(std::string(kFilePrefix) + name, profile.folder / name);
            !added) {
            return added;
        }
    }
    auto added =
        (*writer)->addFile(std::string(kFilePrefix) + std::string(kStoreName), copy.path());
    return added ? (*writer)->finish() : added;
}

Result<void> importProfile(const Profile &profile, crypto::Keychain &keychain, const fs::path &file,
                           const SecretBytes &passphrase) {
    if (!isEmpty(profile.folder)) {
        return fail("profile.not-empty", kStage, Reaction::FixInput, {}, profile.folder.string());
    }
    const Temporary folder(profile.folder / "import.tmp");
    std::error_code error;
    fs::create_directory(folder.path(), error);
    fs::permissions(folder.path(), fs::perms::owner_all, error);
    Unpacked unpacked;
    auto read = readArchive(file, passphrase, [&](const std::string &name, std::uint64_t) {
        return sinkFor(name, folder.path(), unpacked);
    });
    if (!read) {
        return read;
    }
    const bool whole =
        unpacked.secrets.contains(std::string(kStoreKey)) &&
        std::find(unpacked.files.begin(), unpacked.files.end(), kStoreName) != unpacked.files.end();
    if (!whole) {
        return fail("archive.unreadable", kStage, Reaction::FixInput, "no store in it");
    }
    for (const auto &[name, secret] : unpacked.secrets) {
        if (auto written = keychain.write(name, SecretBytes(std::string_view(secret))); !written) {
            return written;
        }
    }
    return moveIn(folder.path(), profile.folder, std::move(unpacked.files));
}

} // namespace sealpost::runtime
