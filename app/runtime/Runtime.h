// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/CertificateSources.h"
#include "assurance/CjsmDirectory.h"
#include "assurance/DomainAssessor.h"
#include "base/Clock.h"
#include "crypto/CertificateStore.h"
#include "crypto/Keychain.h"
#include "crypto/SmimeEngine.h"
#include "crypto/SystemKeyStore.h"
#include "net/DnsResolver.h"
#include "policy/PolicyLayers.h"
#include "runtime/ForwardingCheck.h"
#include "runtime/PolicyFiles.h"
#include "runtime/Profile.h"
#include "scan/Scanner.h"
#include "send/SendExecutor.h"
#include "send/SendPlanner.h"
#include "store/AccountStore.h"
#include "store/AuditJournal.h"
#include "store/DraftStore.h"
#include "store/Outbox.h"
#include "submit/AccountFinder.h"
#include "submit/TokenKeeper.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace sealpost::runtime {

enum class Mode { Real, Practice };

struct RuntimeOptions {
    Mode mode = Mode::Real;
    std::optional<std::filesystem::path> profile;
    std::optional<std::filesystem::path> policyFile; //!< instead of the profile's user policy
    std::filesystem::path machinePolicyFolder = "/etc/sealpost";
    std::shared_ptr<const policy::PolicyRegistry> registry; //!< empty: the system's, if it has one
    std::shared_ptr<crypto::Keychain> keychain;             //!< empty: the operating system's
    std::shared_ptr<crypto::SystemKeyStore> systemKeys{};   //!< empty: the operating system's
    std::shared_ptr<const Clock> clock;                     //!< empty: the system's
    std::string resolver;                                   //!< SEALPOST_RESOLVER: "address[@port]"
    std::string trustAnchor;                                //!< SEALPOST_TRUST_ANCHOR: file
    std::string caFile;                                     //!< SEALPOST_CA_FILE: PEM
    std::string privateNetworks;  //!< SEALPOST_PRIVATE_NETWORKS: "10.53.0.0/24,fd00::/8"
    std::size_t probesAtOnce = 8; //!< dialogues with mail servers
    bool refreshAhead = false;    //!< reports before they expire: for a program that stays

    //! With the settings from the environment.
    [[nodiscard]] static RuntimeOptions fromEnvironment();
};

//! The one place where everything is put together, for window, command line and tests. Its parts
//! are made when they are first asked for, so that a scan needs no keychain and a check no key
//! ring. Any thread; the parts outlive the calls that got them.
class Runtime {
public:
    //! Profile and policy alone; a broken policy is an error of the parts that need one
    //! (effectivePolicy() and what stands on it). In practice mode also the practice world.
    [[nodiscard]] static Result<std::shared_ptr<Runtime>> open(RuntimeOptions options);
    ~Runtime();
    Runtime(const Runtime &) = delete;
    Runtime &operator=(const Runtime &) = delete;

    [[nodiscard]] Mode mode() const;
    [[nodiscard]] const Profile &profile() const;
    [[nodiscard]] std::shared_ptr<const Clock> clock() const;

    [[nodiscard]] Result<policy::EffectivePolicy> effectivePolicy();
    //! Every place that policies come from, looked at anew.
    [[nodiscard]] PolicyReading policyReading(Asking asking);
    [[nodiscard]] Result<std::shared_ptr<const scan::Scanner>> scanner();
    [[nodiscard]] Result<std::shared_ptr<net::DnsResolver>> resolver();
    //! With the store's cache where the store opens, else without one. While it opens, DNS is asked
    //! about the domains that will be wanted first.
    [[nodiscard]] Result<std::shared_ptr<assurance::ReportSource>>
    assessor(std::span<const std::string> first = {});
    //! The imported CJSM directory; empty of entries where none was imported.
    [[nodiscard]] Result<std::shared_ptr<assurance::CjsmDirectory>> cjsmDirectory();
    [[nodiscard]] std::shared_ptr<crypto::Keychain> keychain();
    [[nodiscard]] Result<std::shared_ptr<crypto::CertificateStore>> certificates();
    //! Where policy says that other people's certificates are.
    [[nodiscard]] Result<assurance::CertificateSources> certificateSources();
    //! The operating system's own store of certificates and keys (docs/adr/0015); empty where it
    //! has none, and in practice mode.
    [[nodiscard]] std::shared_ptr<crypto::SystemKeyStore> systemKeys();
    //! Opens the store; the first call of a process also recovers the outbox, where no other
    //! Sealpost is sending from this profile.
    [[nodiscard]] Result<std::shared_ptr<store::Database>> database();
    [[nodiscard]] Result<std::shared_ptr<store::AccountStore>> accounts();
    [[nodiscard]] Result<std::shared_ptr<store::DraftStore>> drafts();
    [[nodiscard]] Result<std::shared_ptr<store::Outbox>> outbox();
    [[nodiscard]] Result<std::shared_ptr<store::AuditJournal>> journal();
    [[nodiscard]] Result<std::shared_ptr<submit::Submitter>> submitter();
    //! Access tokens of accounts with OAuth, and how a person signs in for them.
    [[nodiscard]] std::shared_ptr<submit::TokenKeeper> tokens();
    //! The rules of the account's mailbox that send mail on, from Account::sieveServer.
    //! checkForwarding()'s errors; FixInput "sieve.not-configured", "sieve.password-needed", and
    //! readCredentials()'s.
    [[nodiscard]] Result<ForwardingReport>
    forwardingReport(const mail::Account &account, Deadline deadline, const std::stop_token &stop);
    //! AccountFinder::find(), with this computer's DNS and HTTPS.
    [[nodiscard]] Result<submit::FoundAccount>
    findAccount(const mail::Address &address, Deadline deadline, const std::stop_token &stop);
    [[nodiscard]] Result<std::shared_ptr<send::SendPlanner>> planner();
    [[nodiscard]] Result<std::shared_ptr<send::SendExecutor>> executor();

    //! PEM roots of TLS instead of the system's, where there are such.
    [[nodiscard]] std::optional<std::string> tlsRoots();

    //! How a person's own mail servers are reached.
    [[nodiscard]] net::NetworkWay networkWay();

    //! In practice mode: where its server files what it gets; else empty.
    [[nodiscard]] std::filesystem::path practiceInbox() const;

private:
    [[nodiscard]] std::shared_ptr<const SecretBytes> findingMarks();

    struct Private;
    explicit Runtime(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::runtime
