// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "crypto/CmsReader.h"
#include "crypto/SmimeEngine.h"
#include "store/AuditJournal.h"
#include "store/SealedFacts.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sealpost::runtime {

//! One signature over the journal, and what came of looking at it.
struct JournalSignature {
    std::int64_t line = 0;  //!< where it stands
    std::int64_t lines = 0; //!< that it vouches for: from the first to this one
    Time time{};
    crypto::SignatureFacts facts;
    //! Empty where it holds; "unreadable", "other-journal" (the line that it names is not the one
    //! that was signed), "signature" (the mathematics), "signer" (whose certificate does not do).
    std::string fault;
};

//! Signs where the journal ends with a person's own key, so that not even who has the store's key
//! can write another past. The signature is a line of the journal itself: "journal.signed", a
//! detached CMS (RFC 5652 §5) over the number of lines and the last one's chain. Any thread.
class JournalSigner {
public:
    JournalSigner(std::shared_ptr<store::AuditJournal> journal, store::SealedFacts facts,
                  std::shared_ptr<crypto::MessageSealer> sealer,
                  std::shared_ptr<crypto::CmsReader> reader, std::shared_ptr<const Clock> clock);

    //! Whether it is time: something was written since the last signature, which is older.
    [[nodiscard]] Result<bool> isDue(std::chrono::hours every) const;
    //! With the certificate of this fingerprint; MessageSealer's and the store's errors.
    [[nodiscard]] Result<void> sign(const std::string &fingerprint, Deadline deadline);
    //! Every signature in the journal, oldest first. That the chain itself holds is
    //! AuditJournal::verify()'s to say.
    [[nodiscard]] Result<std::vector<JournalSignature>> check(Deadline deadline,
                                                              const std::stop_token &stop) const;

private:
    [[nodiscard]] JournalSignature checkOne(const std::vector<store::JournalLine> &lines,
                                            const store::JournalLine &line, Deadline deadline,
                                            const std::stop_token &stop) const;

    std::shared_ptr<store::AuditJournal> m_journal;
    store::SealedFacts m_facts;
    std::shared_ptr<crypto::MessageSealer> m_sealer;
    std::shared_ptr<crypto::CmsReader> m_reader;
    std::shared_ptr<const Clock> m_clock;
};

//! Whether a signature that holds was made by somebody whose certificate did at that time: trusted,
//! for mail, and in date then.
[[nodiscard]] bool vouchesFor(const crypto::SignatureFacts &signature);

} // namespace sealpost::runtime
