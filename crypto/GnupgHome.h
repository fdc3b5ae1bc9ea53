// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "crypto/CertificateInfo.h"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace sealpost::crypto {

//! A GNUPGHOME of our own: its configuration, its agent's socket, its trusted roots. Private to
//! this room. Any thread. Errors: CertificateStore's.
class GnupgHome {
public:
    //! Makes the folder (0700) and writes gpg-agent.conf, gpgsm.conf and dirmngr.conf.
    //! AskAdmin "gnupg.home", "gnupg.missing".
    [[nodiscard]] static Result<GnupgHome> prepare(const std::filesystem::path &folder);

    [[nodiscard]] std::string folder() const { return m_folder.string(); }
    [[nodiscard]] std::filesystem::path file(const char *name) const { return m_folder / name; }
    [[nodiscard]] const std::string &agentSocket() const { return m_agentSocket; }

    [[nodiscard]] Result<void> startAgent(Deadline deadline) const;
    //! Ends whatever GnuPG runs for this home. No error: there is nobody left to mend it.
    void stopDaemons() const;

    //! Where the key with this keygrip (upper-case hexadecimal) is.
    [[nodiscard]] PrivateKey privateKey(std::string_view keygrip) const;
    [[nodiscard]] bool hasKey(std::string_view keygrip) const;
    //! Whether gpg-agent keeps any key under the keychain's passphrase.
    [[nodiscard]] bool hasAnyKey() const;

    //! SHA-1 fingerprints (upper-case hexadecimal) of trustlist.txt.
    [[nodiscard]] std::set<std::string> trustedRoots() const;
    //! Adds to trustlist.txt and lets a running agent read it again.
    [[nodiscard]] Result<void> trustRoot(std::string_view sha1, Deadline deadline) const;

private:
    explicit GnupgHome(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    [[nodiscard]] Result<void> writeConfiguration() const;
    [[nodiscard]] Result<void> findAgentSocket(Deadline deadline);

    std::filesystem::path m_folder;
    std::string m_agentSocket;
    bool m_socketFolderMade = false;
};

} // namespace sealpost::crypto
