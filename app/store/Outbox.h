// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Clock.h"
#include "base/Result.h"
#include "base/Units.h"
#include "store/Database.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::store {

enum class OutboxState {
    Writing,    //!< the message is being written; incomplete, so never sent
    Queued,     //!< complete and encrypted; nothing handed over
    Submitting, //!< a dialogue with the server has begun; the last dot has not been sent
    Committing, //!< the last dot is about to be sent, or was: its reply is not known
    Accepted,
    Deferred,  //!< may be tried again
    Uncertain, //!< was Committing when the program or the line ended: a person decides
    Failed,    //!< refused for good
};

[[nodiscard]] constexpr std::string_view toString(OutboxState state) {
    switch (state) {
    case OutboxState::Writing:
        return "writing";
    case OutboxState::Queued:
        return "queued";
    case OutboxState::Submitting:
        return "submitting";
    case OutboxState::Committing:
        return "committing";
    case OutboxState::Accepted:
        return "accepted";
    case OutboxState::Deferred:
        return "deferred";
    case OutboxState::Uncertain:
        return "uncertain";
    case OutboxState::Failed:
        return "failed";
    }
    return "writing";
}

//! What is known of one transmission in the outbox; all of it is sealed in the file.
struct OutboxEntry {
    std::int64_t id = 0;
    OutboxState state = OutboxState::Writing;
    Time created{};
    Time changed{};
    std::string account;
    std::string route; //!< base::toString(RouteKind)
    std::string envelopeFrom;
    std::vector<std::string> recipients;
    std::vector<std::string> tlsSuffices; //!< route tls: the assurance words that it needs
    std::string messageId;
    std::string planDigest;
    std::string receiptJson; //!< once there is one
    std::string lastError;   //!< Error::code of the last try
    ByteCount size = 0;
    int attempts = 0;
    Time nextTry{}; //!< Deferred: not by itself before; the epoch: not by itself at all
    Time
        decidedUntil{}; //!< the plan's expiry: after it, what was decided has to be looked at again
    std::vector<std::string> encryptedFor; //!< route smime: a fingerprint for each recipient
    std::vector<std::string> settled;      //!< recipients for whom it has ended, one way or another
    std::vector<std::string> refused{};    //!< of them, those that were refused for good
    std::vector<std::string> writtenAs{};  //!< for each recipient, the address that was written
    std::string contentDigest{};           //!< of what it says, whoever gets it; until Accepted
    std::string draftId{};                 //!< of the draft that it came from; may be empty
    std::string draftJson{};               //!< the same, as written; empty once Accepted
    bool copied = false;                   //!< it is in the account's Sent folder
    int copyTries = 0;                     //!< to put it there, that failed
    Time nextCopy{};                       //!< not before

    //! Recipients that a next try is for.
    [[nodiscard]] std::vector<std::string> waiting() const;
    //! The addresses, as written, of those who must not be sent it anew: who has it or may have it,
    //! and who is going to be tried again.
    [[nodiscard]] std::vector<std::string> spokenFor() const;
};

//! How a try ended.
struct OutboxResult {
    OutboxState state = OutboxState::Deferred;
    std::string receiptJson;
    std::string lastError;
    std::optional<Time> nextTry{};           //!< Deferred; none: not by itself
    std::vector<std::string> newlySettled{}; //!< recipients for whom it has ended now
    std::vector<std::string> newlyRefused{}; //!< of them, those that were refused for good
};

//! Messages on their way, encrypted in the file before a byte of them goes out. A message is kept
//! as a sequence of sealed chunks, so that a large one needs no memory.
class Outbox {
public:
    Outbox(std::shared_ptr<Database> database, std::shared_ptr<const Clock> clock);
    ~Outbox();

    //! Takes one message in: bytes by write(), then commit(), or nothing of it stays.
    class Writer final : public base::ByteSink {
    public:
        ~Writer() override; //!< without commit(): removes what was written
        [[nodiscard]] Result<void> write(std::string_view bytes) override;
        //! The entry is Queued and durable when this returns; its id.
        [[nodiscard]] Result<std::int64_t> commit();

    private:
        friend class Outbox;
        struct Private;
        explicit Writer(std::unique_ptr<Private> d);
        std::unique_ptr<Private> d;
    };

    [[nodiscard]] Result<std::unique_ptr<Writer>> add(const OutboxEntry &entry);
    //! Durable when it returns. Bug "outbox.transition" where `state` can't follow the entry's:
    //! Queued, Deferred → Submitting, Failed; Submitting → Committing, Deferred, Failed, Queued;
    //! Committing → Accepted, Deferred, Failed, Uncertain; Uncertain → Queued, Accepted, Failed (a
    //! person's decision).
    [[nodiscard]] Result<void> setState(std::int64_t id, OutboxState state,
                                        std::string_view lastError = {});
    //! The state after a try, with its receipt; as setState().
    [[nodiscard]] Result<void> finish(std::int64_t id, const OutboxResult &result);
    //! It was not tried, and is Deferred for this reason; none: not by itself. FixInput
    //! "outbox.not-waiting" where it is neither Queued nor Deferred.
    [[nodiscard]] Result<void> postpone(std::int64_t id, std::string_view lastError,
                                        std::optional<Time> nextTry);
    //! It is in the account's Sent folder now.
    [[nodiscard]] Result<void> markCopied(std::int64_t id);
    //! To put it there has failed, and is tried again then.
    [[nodiscard]] Result<void> postponeCopy(std::int64_t id, Time next);
    //! All entries, oldest first.
    [[nodiscard]] Result<std::vector<OutboxEntry>> list() const;
    //! Those that have not ended: all but Accepted and Failed, oldest first.
    [[nodiscard]] Result<std::vector<OutboxEntry>> open() const;
    //! At most `most` entries, newest first, from the newest or from before one of these.
    [[nodiscard]] Result<std::vector<OutboxEntry>> page(std::optional<std::int64_t> before,
                                                        int most) const;
    //! FixInput "outbox.not-found".
    [[nodiscard]] Result<OutboxEntry> entry(std::int64_t id) const;
    //! Streams the message; AskAdmin "store.damaged" where a chunk is missing, changed or
    //! reordered. Bug "outbox.incomplete" while it is Writing.
    [[nodiscard]] Result<std::unique_ptr<base::ByteSource>> message(std::int64_t id) const;
    //! Removes an entry and its message.
    [[nodiscard]] Result<void> remove(std::int64_t id);

    //! Removes what ended, one way or the other, on a day before this one's; how many.
    [[nodiscard]] Result<std::int64_t> removeSettled(Time before);

    //! After a start: Writing entries are removed (they were never complete), Submitting become
    //! Queued (nothing was handed over), Committing become Uncertain. The entries that were changed
    //! as they are now, the removed ones as Writing. For the one program that may send from this
    //! profile, before it sends.
    [[nodiscard]] Result<std::vector<OutboxEntry>> recover();
    //! Whether there is anything that recover() would change.
    [[nodiscard]] Result<bool> needsRecovery();

private:
    std::shared_ptr<Database> m_database;
    std::shared_ptr<const Clock> m_clock;
};

} // namespace sealpost::store
