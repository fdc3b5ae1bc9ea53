// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/LookupTable.h"
#include "mail/Address.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::assurance {

//! One person of the CJSM directory; of its columns those that a sender needs.
struct CjsmEntry {
    std::string firstName;
    std::string lastName;
    std::string userType;
    std::string organisation;
    std::string secureEmail; //!< lower case, in cjsm.net
    std::string businessType;
    std::string area;
    std::string status; //!< as in the file: "Active", "Locked", …

    //! Only Active is reachable.
    [[nodiscard]] bool active() const;
};

//! A row that was left out, and why.
struct CjsmDamage {
    int line = 0;
    std::string problem; //!< log-safe
};

struct CjsmImport {
    std::size_t entries = 0;
    std::size_t active = 0;
    std::vector<CjsmDamage> damaged; //!< the first thousand of them
    std::size_t damagedCount = 0;
};

//! Which directory is in use.
struct CjsmAbout {
    Time importedAt{};
    std::size_t entries = 0;
    std::size_t active = 0;
};

//! What the directory says of an address or a domain.
struct CjsmAnswer {
    CjsmStatus status = CjsmStatus::NotChecked; //!< Listed, ListedInactive, NotFound, NotChecked
    std::string address;                        //!< the secure address or domain; may be empty
    EvidenceItem evidence;                      //!< "cjsm-directory"
};

//! The CJSM directory that an administrator downloaded and a person imported. Any thread.
//! Absence from it proves nothing: users on trusted government and police domains are not in it.
class CjsmDirectory {
public:
    CjsmDirectory(std::shared_ptr<base::LookupTable> table, std::shared_ptr<const Clock> clock);

    //! Replaces the directory by that of a CSV; damaged rows are left out and told. On an error the
    //! old one stays. FixInput "cjsm.columns" (no column "Secure Email" or "Account Status"),
    //! "cjsm.empty" (no usable row); the table's errors.
    [[nodiscard]] Result<CjsmImport> import(std::string_view csv);
    //! None where none was imported.
    [[nodiscard]] Result<std::optional<CjsmAbout>> about() const;
    //! Who is listed under an address, secure or plain, or under a domain of either form.
    [[nodiscard]] Result<std::vector<CjsmEntry>> entriesOf(const mail::Address &address) const;
    [[nodiscard]] Result<std::vector<CjsmEntry>> entriesOf(const std::string &domain) const;

    [[nodiscard]] CjsmAnswer ask(const mail::Address &address) const;
    [[nodiscard]] CjsmAnswer ask(const std::string &domain) const;

    //! Puts what the directory says of the address, or of the domain, into a report of its domain.
    //! Listed outweighs what DNS said; where only DNS knows, the secure address of `address` is the
    //! guess that follows from it.
    void complete(DomainReport &report, const mail::Address &address) const;
    void complete(DomainReport &report) const;

private:
    std::shared_ptr<base::LookupTable> m_table;
    std::shared_ptr<const Clock> m_clock;
};

//! Reads the rows of a CSV; FixInput "cjsm.columns". Pure.
[[nodiscard]] Result<std::vector<CjsmEntry>> readCjsmCsv(std::string_view csv, CjsmImport &told);

} // namespace sealpost::assurance
