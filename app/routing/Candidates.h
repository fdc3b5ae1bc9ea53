// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "routing/Route.h"

#include <optional>
#include <string>
#include <vector>

namespace sealpost::routing {

//! A route as looked at for one recipient.
struct Candidate {
    bool possible = false;
    std::vector<Reason> reasons; //!< why it can be taken, or why not
    std::vector<Owed> owed;
};

//! Looks at each route for one recipient. Keeps references: the arguments outlive it.
class Candidates {
public:
    Candidates(const MessageFacts &message, const RecipientEvidence &recipient,
               const AccountFacts &account, const policy::Policy &policy, Time now);

    [[nodiscard]] Candidate consider(RouteKind route, const policy::DecisionRow &row) const;

    [[nodiscard]] const RecipientEvidence &recipient() const { return m_recipient; }
    [[nodiscard]] bool isCjsmAddress() const;
    //! Where the route cjsm delivers: the listed or guessed secure address, or the address itself.
    [[nodiscard]] std::string secureAddress() const;
    //! Whether an entry of the exceptions list that has not expired covers the domain.
    [[nodiscard]] bool isExcepted() const { return m_exception != nullptr; }
    //! The report of an entry that would have covered it, had it not expired.
    [[nodiscard]] std::optional<Reason> expiredException() const;
    //! A reason with recipient and domain, and the first host that bears it out.
    [[nodiscard]] Reason aboutDomain(ReasonId id) const;

private:
    //! The route by itself, whatever the person asked for.
    [[nodiscard]] Candidate look(RouteKind route, const policy::DecisionRow &row) const;
    [[nodiscard]] Candidate smime() const;
    [[nodiscard]] Candidate tls(const policy::DecisionRow &row) const;
    [[nodiscard]] Candidate cjsm() const;
    [[nodiscard]] Candidate ome() const;
    [[nodiscard]] bool weakerThanTheOriginal(RouteKind route) const;
    [[nodiscard]] Reason excepted() const;
    [[nodiscard]] Reason aboutCertificate(ReasonId id) const;
    void addRevocation(Candidate &candidate, ReasonId id) const;

    const MessageFacts &m_message;
    const RecipientEvidence &m_recipient;
    const AccountFacts &m_account;
    const policy::Policy &m_policy;
    const policy::TlsException *m_exception = nullptr;
    const policy::TlsException *m_expiredException = nullptr;
};

} // namespace sealpost::routing
