// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/StoreKey.h"

#include "store/KeyRotation.h"

#include <system_error>

namespace sealpost::runtime {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStage = "store.key";

Result<SecretBytes> readOrMake(crypto::Keychain &keychain, const fs::path &file) {
    auto found = keychain.read(kStoreKey);
    if (!found) {
        return fail(found.error());
    }
    if (*found) {
        return std::move(**found);
    }
    std::error_code ignored;
    if (fs::exists(file, ignored)) {
        // A locked keyring answers as if it had no entry.
        return fail("keychain.locked", kStage, Reaction::FixInput);
    }
    auto key = SecretBytes::random(crypto::kSealedBoxKeySize);
    if (auto written = keychain.write(kStoreKey, key); !written) {
        return fail(written.error());
    }
    return key;
}

} // namespace

Result<std::shared_ptr<store::Database>> openStore(crypto::Keychain &keychain,
                                                   const fs::path &file) {
    auto key = readOrMake(keychain, file);
    if (!key) {
        return fail(key.error());
    }
    auto opened = store::Database::open(file, std::move(*key));
    if (opened || opened.error().code != "store.wrong-key") {
        return opened;
    }
    // The file went under the next key, and the program ended before the keychain said so.
    auto next = keychain.read(kNextStoreKey);
    if (!next || !*next) {
        return opened;
    }
    auto reopened = store::Database::open(file, (*next)->clone());
    if (reopened) {
        if (auto written = keychain.write(kStoreKey, **next); !written) {
            return fail(written.error());
        }
        (void)keychain.remove(kNextStoreKey);
    }
    return reopened;
}

Result<void> changeStoreKey(crypto::Keychain &keychain,
                            const std::shared_ptr<store::Database> &database) {
    const auto key = SecretBytes::random(crypto::kSealedBoxKeySize);
    if (auto written = keychain.write(kNextStoreKey, key); !written) {
        return written;
    }
    if (auto done = store::rotateKey(database, key); !done) {
        return done;
    }
    if (auto written = keychain.write(kStoreKey, key); !written) {
        return written;
    }
    // Where it stays it is the key of today: no harm.
    (void)keychain.remove(kNextStoreKey);
    return {};
}

} // namespace sealpost::runtime
