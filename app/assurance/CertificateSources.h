// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "crypto/CertificatePicker.h"
#include "mail/Address.h"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::assurance {

//! Where an organisation keeps other people's certificates (policy's certificates.*).
struct CertificateSources {
    std::vector<std::string> directories; //!< "ldaps://host/base"
    std::vector<std::string> bundles;     //!< absolute folders, or https:// URLs
    std::optional<std::string> caFile;    //!< PEM, for both; empty: the system's
    std::chrono::milliseconds patience{
        5'000}; //!< for each source, so that none holds up the others
};

enum class SourceKind {
    KeyRing,
    Dns,       //!< SMIMEA, proven by DNSSEC
    Directory, //!< LDAP, as policy names it
    Bundle,    //!< a folder or an address that policy names
    System,    //!< the operating system's own store
};

[[nodiscard]] constexpr std::string_view toString(SourceKind kind) {
    switch (kind) {
    case SourceKind::KeyRing:
        return "key-ring";
    case SourceKind::Dns:
        return "smimea";
    case SourceKind::Directory:
        return "directory";
    case SourceKind::Bundle:
        return "bundle";
    case SourceKind::System:
        return "system";
    }
    return "key-ring";
}

struct FoundCertificate {
    SourceKind kind = SourceKind::Directory;
    std::string place; //!< as policy writes it
    crypto::PickedCertificate certificate;
};

//! A source that gave no answer.
struct SourceTrouble {
    std::string place;
    Error error;
};

struct FoundCertificates {
    std::vector<FoundCertificate> found; //!< each once, from the first source that has it
    std::vector<SourceTrouble> troubles;
};

//! Asks every source in turn. Nothing that is found is trusted for where it was found.
[[nodiscard]] FoundCertificates findCertificates(const CertificateSources &sources,
                                                 const mail::Address &address, Deadline deadline,
                                                 const std::stop_token &stop);

//! The certificate files in a folder (PEM, DER, PKCS#7 by their names; not in folders inside it),
//! at most 10,000 of 1 MiB each, one after the other. AskAdmin "bundle.folder" with the folder as
//! subject.
[[nodiscard]] Result<void>
eachCertificateFile(const std::string &folder,
                    const std::function<void(const std::string &bytes)> &take);

} // namespace sealpost::assurance
