// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "crypto/LocalAuthority.h"

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace sealpost::practice {

//! One of the three people of practice mode.
struct PracticePerson {
    std::string_view name;
    std::string_view address;
    std::string_view fileName; //!< in people/, without its suffix
};

//! You: with a certificate and its key (RSA).
inline constexpr PracticePerson kSam{"Sam Okoro", "sam.okoro@justice.practice.example",
                                     "sam-okoro"};
//! Her certificate (EC) is known to Sam.
inline constexpr PracticePerson kJo{"Jo Bloggs", "jo.bloggs@court.practice.example", "jo-bloggs"};
//! No certificate, but a domain with good TLS.
inline constexpr PracticePerson kAlex{"Alex Marsh", "alex.marsh@council.practice.example",
                                      "alex-marsh"};
inline constexpr std::array kPracticePeople = {kSam, kJo, kAlex};

//! The passphrase of the .p12 files in people/, so that a trainer can open what arrived.
inline constexpr std::string_view kPracticePassphrase = "practice";
inline constexpr std::string_view kPracticeCrlUrl = "http://crl.practice.example/practice.crl";

//! The authority and the people's key files in one folder: authority/root.{pem,key},
//! people/*.{p12,pem} and people.json, which is written last.
class PracticePeople {
public:
    //! Takes up what is there, or makes it where there is nothing or not all of it.
    //! AskAdmin "practice.folder" (also for a folder in which files were changed).
    [[nodiscard]] static Result<std::unique_ptr<PracticePeople>>
    open(const std::filesystem::path &folder, Time now);

    [[nodiscard]] std::shared_ptr<const crypto::LocalAuthority> authority() const {
        return m_authority;
    }
    [[nodiscard]] std::filesystem::path rootFile() const;
    [[nodiscard]] Result<std::string> pkcs12(const PracticePerson &person) const;
    [[nodiscard]] Result<std::string> certificatePem(const PracticePerson &person) const;
    [[nodiscard]] const std::string &samFingerprint() const { return m_samFingerprint; }
    [[nodiscard]] const std::string &joFingerprint() const { return m_joFingerprint; }

private:
    PracticePeople() = default;
    std::filesystem::path m_folder;
    std::shared_ptr<const crypto::LocalAuthority> m_authority;
    std::string m_samFingerprint;
    std::string m_joFingerprint;
};

} // namespace sealpost::practice
