// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/SigningCertificate.h"

namespace sealpost::runtime {

Result<std::string> signingCertificate(crypto::CertificateStore &store,
                                       const mail::Account &account, std::string_view fingerprint,
                                       Deadline deadline, const std::stop_token &stop) {
    const auto found = store.assessFor(fingerprint, account.address.spec(),
                                       crypto::CertificatePurpose::Sign, deadline, stop);
    if (!found) {
        return fail(found.error());
    }
    if (!found->isOwn()) {
        return fail("smime.no-key", "account.edit", Reaction::FixInput);
    }
    const bool fits = found->state != crypto::CertificateState::WrongAddress &&
                      found->state != crypto::CertificateState::WrongUsage;
    return fits ? Result<std::string>(found->fingerprint)
                : fail("account.other-certificate", "account.edit", Reaction::FixInput, {},
                       account.address.spec());
}

Result<void> signWith(Runtime &runtime, const std::string &account, const std::string &fingerprint,
                      Deadline deadline, const std::stop_token &stop) {
    const auto accounts = runtime.accounts();
    auto known = accounts ? (*accounts)->find(account) : fail(accounts.error());
    if (!known) {
        return fail(known.error());
    }
    known->signingFingerprint.clear();
    if (!fingerprint.empty()) {
        const auto store = runtime.certificates();
        auto whole = store ? signingCertificate(**store, *known, fingerprint, deadline, stop)
                           : fail(store.error());
        if (!whole) {
            return fail(whole.error());
        }
        known->signingFingerprint = std::move(*whole);
    }
    return (*accounts)->change(*known);
}

} // namespace sealpost::runtime
