// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Fakes.h"

#include "policy/PolicyLayers.h"
#include "store/AuditJournal.h"
#include "store/CjsmTable.h"
#include "store/Outbox.h"
#include "support/MemoryKeychain.h"

#include <filesystem>
#include <memory>

namespace sealpost::send::testing {

//! Planner and executor on a real store in a folder, with fakes around them.
struct World {
    std::shared_ptr<FixedClock> clock = std::make_shared<FixedClock>();
    std::shared_ptr<FakeReports> reports = std::make_shared<FakeReports>();
    std::shared_ptr<FakeCertificates> certificates = std::make_shared<FakeCertificates>();
    std::shared_ptr<FakeSealer> sealer = std::make_shared<FakeSealer>();
    std::shared_ptr<FakeSubmitter> submitter = std::make_shared<FakeSubmitter>();
    std::shared_ptr<test::MemoryKeychain> keychain = std::make_shared<test::MemoryKeychain>();
    std::shared_ptr<store::Database> database;
    std::shared_ptr<store::Outbox> outbox;
    std::shared_ptr<store::AuditJournal> journal;
    std::shared_ptr<assurance::CjsmDirectory> cjsm;
    std::shared_ptr<store::UsedRecipients> used;
    std::shared_ptr<const receive::MessageOpener> opener;
    policy::Policy policy = policy::builtInPolicy().values;
    std::shared_ptr<const SecretBytes> markKey =
        std::make_shared<const SecretBytes>(std::string(32, 'm'));

    explicit World(const std::filesystem::path &folder) {
        database = store::Database::open(folder / "sealpost.db",
                                         SecretBytes(std::string(crypto::kSealedBoxKeySize, 'k')))
                       .value();
        outbox = std::make_shared<store::Outbox>(database, clock);
        journal = std::make_shared<store::AuditJournal>(database, clock);
        cjsm = std::make_shared<assurance::CjsmDirectory>(
            std::make_shared<store::CjsmTable>(database), clock);
        used = std::make_shared<store::UsedRecipients>(database);
        reports->assurances = {{"court.example", Assurance::Verified},
                               {"council.example", Assurance::Verified},
                               {"oldmail.example", Assurance::None}};
        certificates->add("sam@justice.example");
        certificates->add("jo@court.example");
    }

    [[nodiscard]] SendPlanner planner() const {
        return SendPlanner({scan::Scanner::create().value(), reports, certificates, clock, policy,
                            cjsm, markKey, used, opener});
    }
    [[nodiscard]] SendExecutor executor() const {
        return SendExecutor({sealer, submitter, outbox, journal, keychain, reports, clock,
                             policy.maxMessageSize, policy.submission, nullptr, certificates, used,
                             policy, cjsm});
    }
    [[nodiscard]] std::shared_ptr<const SendPlan> planFor(const mail::Draft &what) const {
        return planner().plan(what, account(), soon(), {}).value();
    }
    [[nodiscard]] static Approvals approve(const SendPlan &plan) {
        Approvals approvals;
        approvals.planDigest = plan.digest;
        return approvals;
    }
};

} // namespace sealpost::send::testing
