// SPDX-License-Identifier: GPL-3.0-or-later
// What RuntimeComposeService does with received messages and with chains of certificates.
#include "receive/KeepSigners.h"
#include "receive/MessageOpener.h"
#include "ui/RuntimeTasks.h"

namespace sealpost::ui {
namespace {

constexpr ByteCount kMostMessageBytes = 200 * base::kMiB;
constexpr std::chrono::minutes kOpenDeadline{2};
constexpr std::chrono::minutes kExamineDeadline{1};

} // namespace

Result<std::string> readMessageFile(const std::filesystem::path &path) {
    auto loaded = mail::readAttachment({path, path.filename().string()}, kMostMessageBytes);
    if (!loaded) {
        return fail(loaded.error());
    }
    return std::move(loaded->content);
}

Result<ReceivedPtr> openNow(runtime::Runtime &runtime, std::string bytes,
                            const std::stop_token &stop) {
    const auto store = runtime.certificates();
    if (!store) {
        return fail(store.error());
    }
    const receive::MessageOpener opener(crypto::newCmsReader(*store));
    auto opened = opener.open(bytes, Deadline::after(kOpenDeadline), stop);
    if (!opened) {
        return fail(opened.error());
    }
    return std::make_shared<ReceivedMessage>(ReceivedMessage{std::move(*opened), std::move(bytes)});
}

Result<ImportResult> keepSignersNow(runtime::Runtime &runtime,
                                    const receive::OpenedMessage &message) {
    const auto store = runtime.certificates();
    if (!store) {
        return fail(store.error());
    }
    auto summary = receive::keepSigners(**store, message, Deadline::after(kExamineDeadline));
    if (!summary) {
        return fail(summary.error());
    }
    return ImportResult{std::move(summary->certificates), summary->newlyAdded, 0};
}

Result<KeyRing> keyRingNow(runtime::Runtime &runtime, const std::stop_token &stop) {
    const auto store = runtime.certificates();
    if (!store) {
        return fail(store.error());
    }
    auto all = (*store)->list(Deadline::after(kExamineDeadline), stop);
    if (!all) {
        return fail(all.error());
    }
    KeyRing ring{std::move(*all)};
    std::set<std::string> seen;
    for (const auto &one : ring.certificates) {
        for (const auto &address : one.addresses) {
            const auto pinned =
                seen.insert(address).second ? (*store)->pinnedFor(address) : std::nullopt;
            if (pinned) {
                ring.pinned.insert(*pinned);
            }
        }
    }
    return ring;
}

Result<ImportResult> keepNow(runtime::Runtime &runtime, const std::string &bytes) {
    const auto store = runtime.certificates();
    auto summary = store ? (*store)->importCertificates(bytes, Deadline::after(kExamineDeadline))
                         : fail(store.error());
    if (!summary) {
        return fail(summary.error());
    }
    return ImportResult{std::move(summary->certificates), summary->newlyAdded, 0};
}

Result<void> pinNow(runtime::Runtime &runtime, const std::string &addressSpec,
                    const std::string &fingerprint) {
    const auto store = runtime.certificates();
    if (!store) {
        return fail(store.error());
    }
    return fingerprint.empty()
               ? (*store)->unpin(addressSpec)
               : (*store)->pin(addressSpec, fingerprint, Deadline::after(kExamineDeadline));
}

Result<std::vector<crypto::ChainReport>> examineNow(runtime::Runtime &runtime,
                                                    const ExaminedCertificates &what,
                                                    const std::stop_token &stop) {
    const auto store = runtime.certificates();
    if (!store) {
        return fail(store.error());
    }
    crypto::CertificateStore::Examined asked{what.address, what.bytes,
                                             what.bytes.empty() ? what.fingerprint : ""};
    if (!what.file.empty()) {
        auto bytes = readSmallFile(what.file);
        if (!bytes) {
            return fail(bytes.error());
        }
        asked.file = std::move(*bytes);
    }
    return (*store)->examine(asked, Deadline::after(kExamineDeadline), stop);
}

//! By the way it fetches the revocation lists that a first message would wait for.
Result<std::vector<crypto::RenewalDue>> renewalsNow(runtime::Runtime &runtime,
                                                    const std::stop_token &stop) {
    const auto effective = runtime.effectivePolicy();
    const auto accounts = runtime.accounts();
    const auto store = runtime.certificates();
    if (!effective || !accounts || !store) {
        return fail(!effective ? effective.error() : !accounts ? accounts.error() : store.error());
    }
    const auto known = (*accounts)->list();
    if (!known) {
        return fail(known.error());
    }
    std::vector<crypto::CertificateInfo> own;
    for (const auto &account : *known) {
        auto found =
            (*store)->findForAddress(account.address.spec(), crypto::CertificatePurpose::Sign,
                                     Deadline::after(kExamineDeadline), stop);
        if (!found) {
            return fail(found.error());
        }
        std::move(found->begin(), found->end(), std::back_inserter(own));
    }
    return crypto::renewalsDue(own, runtime.clock()->now(),
                               effective->policy.certificates.renewalReminder);
}

} // namespace sealpost::ui
