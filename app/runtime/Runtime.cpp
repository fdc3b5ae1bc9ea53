// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/Runtime.h"

#include "assurance/AskAhead.h"
#include "base/IpNetwork.h"
#include "base/Text.h"
#include "crypto/CmsReader.h"
#include "net/HttpsClient.h"
#include "practice/PracticeWorld.h"
#include "runtime/Lazy.h"
#include "runtime/StoreKey.h"
#include "runtime/SystemRegistry.h"
#include "store/CjsmTable.h"
#include "store/Correspondents.h"
#include "store/ReportCache.h"
#include "submit/SmtpSubmitter.h"

#include <algorithm>
#include <cstdlib>
#include <future>
#include <thread>
#include <vector>

namespace sealpost::runtime {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStage = "runtime";
constexpr auto kFurnishDeadline = std::chrono::seconds(30);
constexpr auto kBundleDeadline = std::chrono::seconds(10);
constexpr std::size_t kMostAskedAhead = 4;
constexpr ByteCount kLargestBundle = 2 * base::kMiB;

std::string environment(const char *name) {
    const char *value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

std::optional<std::string> unlessEmpty(const std::string &text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

crypto::OcspNonce nonceOf(policy::OcspNonce choice) {
    switch (choice) {
    case policy::OcspNonce::Required:
        return crypto::OcspNonce::Required;
    case policy::OcspNonce::Sent:
        return crypto::OcspNonce::Sent;
    case policy::OcspNonce::No:
        return crypto::OcspNonce::No;
    }
    return crypto::OcspNonce::Required;
}

//! The store, opened when it is first asked for; outlives the runtime where a part holds it.
class SharedDatabase {
public:
    SharedDatabase(Profile profile, std::shared_ptr<crypto::Keychain> keychain,
                   std::shared_ptr<const Clock> clock)
        : m_profile(std::move(profile)), m_keychain(std::move(keychain)),
          m_clock(std::move(clock)) {}

    [[nodiscard]] Result<std::shared_ptr<store::Database>> get() {
        return m_database.get([this] { return open(); });
    }

private:
    Result<std::shared_ptr<store::Database>> open();
    void recoverOutbox(const std::shared_ptr<store::Database> &opened) const;

    Profile m_profile;
    std::shared_ptr<crypto::Keychain> m_keychain;
    std::shared_ptr<const Clock> m_clock;
    Lazy<std::shared_ptr<store::Database>> m_database;
};

Result<std::shared_ptr<store::Database>> SharedDatabase::open() {
    auto opened = openStore(*m_keychain, m_profile.database());
    if (opened) {
        recoverOutbox(*opened);
    }
    return opened;
}

//! What an end in mid-send left behind. Not while another Sealpost sends: its entries are its own.
void SharedDatabase::recoverOutbox(const std::shared_ptr<store::Database> &opened) const {
    store::Outbox outbox(opened, m_clock);
    // Most starts find nothing: they need neither the lock, which waits for the disk, nor to write.
    if (const auto needed = outbox.needsRecovery(); needed && !*needed) {
        return;
    }
    const auto lock = m_profile.lockSending();
    if (!lock) {
        return;
    }
    const auto recovered = outbox.recover();
    if (!recovered) {
        return;
    }
    store::AuditJournal journal(opened, m_clock);
    for (const auto &entry : *recovered) {
        (void)journal.append("outbox.recovered",
                             {{"outbox", std::to_string(entry.id)},
                              {"message-id", entry.messageId},
                              {"state", std::string(store::toString(entry.state))}});
    }
}

//! Submits to this process's own practice server, whichever process wrote the account's port down.
class PracticeSubmitter final : public submit::Submitter {
public:
    PracticeSubmitter(std::shared_ptr<submit::Submitter> below, mail::Account own)
        : m_below(std::move(below)), m_own(std::move(own)) {}
    [[nodiscard]] std::vector<submit::SubmitOutcome>
    submit(const mail::Account & /*account*/, const submit::Credentials &credentials,
           std::span<const submit::Submission> submissions, Deadline deadline,
           std::stop_token stop) override {
        return m_below->submit(m_own, credentials, submissions, deadline, std::move(stop));
    }
    [[nodiscard]] submit::SubmitOutcome test(const mail::Account & /*account*/,
                                             const submit::Credentials &credentials,
                                             Deadline deadline, std::stop_token stop) override {
        return m_below->test(m_own, credentials, deadline, std::move(stop));
    }

private:
    std::shared_ptr<submit::Submitter> m_below;
    mail::Account m_own;
};

} // namespace

RuntimeOptions RuntimeOptions::fromEnvironment() {
    RuntimeOptions options;
    options.resolver = environment("SEALPOST_RESOLVER");
    options.trustAnchor = environment("SEALPOST_TRUST_ANCHOR");
    options.caFile = environment("SEALPOST_CA_FILE");
    options.privateNetworks = environment("SEALPOST_PRIVATE_NETWORKS");
    return options;
}

struct Runtime::Private {
    RuntimeOptions options;
    Profile profile;
    std::shared_ptr<const Clock> clock;
    std::shared_ptr<crypto::Keychain> keychain;
    std::unique_ptr<practice::PracticeWorld> world; //!< practice mode alone

    Lazy<policy::EffectivePolicy> policy;
    Lazy<std::shared_ptr<const scan::Scanner>> scanner;
    Lazy<std::shared_ptr<net::DnsResolver>> resolver;
    Lazy<std::shared_ptr<assurance::ReportSource>> assessor;
    Lazy<std::shared_ptr<crypto::CertificateStore>> certificates;
    std::shared_ptr<SharedDatabase> database;
    Lazy<std::shared_ptr<store::AccountStore>> accounts;
    Lazy<std::shared_ptr<submit::TokenKeeper>> tokens;
    Lazy<std::shared_ptr<send::SendPlanner>> planner;
    Lazy<std::shared_ptr<send::SendExecutor>> executor;
    std::jthread askingAhead; //!< last: it ends first

    //! SEALPOST_…'s value, unless the policy forbids it.
    [[nodiscard]] static std::string overridden(const policy::Policy &effective,
                                                const std::string &value) {
        return effective.allowTestOverrides ? value : std::string();
    }
    [[nodiscard]] std::optional<std::string> caFile(const policy::Policy &effective) const {
        return world ? std::optional(world->caFile())
                     : unlessEmpty(overridden(effective, options.caFile));
    }
    //! The practice world's servers are on this computer; a lab's are where its variable says.
    void addPrivateNetworks(policy::Policy &effective) const {
        const std::string more =
            world ? "127.0.0.0/8" : overridden(effective, options.privateNetworks);
        for (const auto &text : base::split(more, ',')) {
            if (const auto network = base::IpNetwork::parse(base::trimmed(text))) {
                effective.privateNetworks.insert(network->text());
            }
        }
    }
    void askAhead(std::shared_future<Result<std::shared_ptr<net::DnsResolver>>> making,
                  const policy::Policy &effective, std::span<const std::string> domains);
    [[nodiscard]] OrganisationBundle::Fetch bundleFetch(const policy::Policy &machine) const;
    Result<std::shared_ptr<crypto::CertificateStore>> openCertificates(const policy::Policy &);
};

void Runtime::Private::askAhead(
    std::shared_future<Result<std::shared_ptr<net::DnsResolver>>> making,
    const policy::Policy &effective, std::span<const std::string> domains) {
    std::vector<std::string> few(domains.begin(), domains.end());
    few.resize(std::min(few.size(), kMostAskedAhead));
    if (few.empty()) {
        return;
    }
    askingAhead = std::jthread(
        [making = std::move(making), effective, few = std::move(few)](const std::stop_token &stop) {
            const auto &made = making.get();
            for (std::size_t i = 0; made && i < few.size() && !stop.stop_requested(); ++i) {
                assurance::askAhead(**made, effective, few[i], stop);
            }
        });
}

OrganisationBundle::Fetch Runtime::Private::bundleFetch(const policy::Policy &machine) const {
    return [ca = caFile(machine)](const std::string &url) {
        net::HttpRequest request;
        request.url = url;
        request.limit = kLargestBundle;
        request.caFile = ca;
        return net::httpGet(request, Deadline::after(kBundleDeadline), {});
    };
}

Result<std::shared_ptr<crypto::CertificateStore>>
Runtime::Private::openCertificates(const policy::Policy &effective) {
    crypto::CertificateStoreConfig config;
    config.gnupgHome = profile.gnupgHome();
    config.keychain = keychain;
    config.clock = clock;
    config.expiryWarning = effective.expiryWarning;
    config.minimumRsaBits = effective.tlsMinimum.rsaBits;
    config.minimumEcBits = effective.tlsMinimum.ecBits;
    config.ocspNonce = nonceOf(effective.certificates.ocspNonce);
    config.memory =
        std::make_shared<store::Correspondents>([database = database] { return database->get(); });
    if (world) {
        config.fetch = world->crlFetcher();
    } else {
        config.fetch = [ca = caFile(effective)](const std::string &url, Deadline deadline,
                                                std::stop_token stop) {
            net::HttpRequest request;
            request.url = url;
            request.caFile = ca;
            return net::httpGet(request, deadline, std::move(stop));
        };
    }
    auto store = crypto::CertificateStore::open(std::move(config));
    if (store && world) {
        if (auto furnished = world->furnish(**store, Deadline::after(kFurnishDeadline));
            !furnished) {
            return fail(furnished.error());
        }
    }
    return store;
}

Runtime::Runtime(std::unique_ptr<Private> parts) : d(std::move(parts)) {}
Runtime::~Runtime() = default;

Result<std::shared_ptr<Runtime>> Runtime::open(RuntimeOptions options) {
    auto parts = std::make_unique<Private>();
    const bool practice = options.mode == Mode::Practice;
    auto profile = Profile::open(options.profile, practice);
    if (!profile) {
        return fail(profile.error());
    }
    parts->profile = std::move(*profile);
    parts->clock = options.clock ? options.clock : std::make_shared<base::SystemClock>();
    if (practice) {
        auto world = practice::PracticeWorld::start(parts->profile.practice(), parts->clock);
        if (!world) {
            return fail(world.error());
        }
        parts->world = std::move(*world);
    }
    parts->keychain =
        options.keychain ? options.keychain
        : practice
            ? parts->world->keychain()
            : std::shared_ptr<crypto::Keychain>(crypto::makeOsKeychain(parts->profile.keychainId));
    parts->database =
        std::make_shared<SharedDatabase>(parts->profile, parts->keychain, parts->clock);
    parts->options = std::move(options);
    return std::shared_ptr<Runtime>(new Runtime(std::move(parts)));
}

Mode Runtime::mode() const {
    return d->options.mode;
}
const Profile &Runtime::profile() const {
    return d->profile;
}
std::shared_ptr<const Clock> Runtime::clock() const {
    return d->clock;
}
std::shared_ptr<crypto::Keychain> Runtime::keychain() {
    return d->keychain;
}

Result<policy::EffectivePolicy> Runtime::effectivePolicy() {
    return d->policy.get([this] { return policyReading(Asking::WhenDue).effective; });
}

PolicyReading Runtime::policyReading(Asking asking) {
    PolicyPlaces places;
    places.machineFolder = d->options.machinePolicyFolder;
    places.registry = d->options.registry ? d->options.registry : systemRegistry();
    places.chosen = d->options.policyFile;
    places.userPolicy = d->profile.userPolicy();
    if (!d->world) {
        places.bundle = [this, asking](const policy::Policy &machine) -> Result<BundleReading> {
            const auto opened = database();
            if (!opened) {
                return fail(opened.error());
            }
            OrganisationBundle bundle(d->bundleFetch(machine), store::SealedFacts(*opened),
                                      d->clock);
            return bundle.read(machine.organisation, asking);
        };
    }
    return readPolicies(places);
}

Result<std::shared_ptr<const scan::Scanner>> Runtime::scanner() {
    return d->scanner.get([this]() -> Result<std::shared_ptr<const scan::Scanner>> {
        const auto effective = effectivePolicy();
        if (!effective) {
            return fail(effective.error());
        }
        const auto &bounds = effective->policy.scan;
        const scan::ScanLimits limits{bounds.maxDepth, bounds.maxItems, bounds.maxTotal,
                                      bounds.maxItem, bounds.maxRatio};
        return scan::Scanner::create({limits, bounds.rules, d->profile.folder.string()});
    });
}

Result<std::shared_ptr<net::DnsResolver>> Runtime::resolver() {
    return d->resolver.get([this]() -> Result<std::shared_ptr<net::DnsResolver>> {
        if (d->world) {
            return d->world->resolver();
        }
        const auto effective = effectivePolicy();
        if (!effective) {
            return fail(effective.error());
        }
        const auto &policy = effective->policy;
        auto made = net::makeUnboundResolver({Private::overridden(policy, d->options.resolver),
                                              Private::overridden(policy, d->options.trustAnchor)});
        if (!made) {
            return fail(made.error());
        }
        return std::shared_ptr<net::DnsResolver>(std::move(*made));
    });
}

Result<std::shared_ptr<assurance::ReportSource>>
Runtime::assessor(std::span<const std::string> first) {
    return d->assessor.get([this, first]() -> Result<std::shared_ptr<assurance::ReportSource>> {
        const auto effective = effectivePolicy();
        if (!effective) {
            return fail(effective.error());
        }
        // The keychain takes its time; the resolver is made meanwhile.
        const auto makingResolver =
            std::async(std::launch::async, [this] { return resolver(); }).share();
        d->askAhead(makingResolver, effective->policy, first);
        const auto opened = database();
        const auto &dns = makingResolver.get();
        if (!dns) {
            return fail(dns.error());
        }
        assurance::AssessorConfig config;
        config.resolver = *dns;
        config.clock = d->clock;
        config.policy = effective->policy;
        d->addPrivateNetworks(config.policy);
        config.probesAtOnce = d->options.probesAtOnce;
        config.refreshAhead = d->options.refreshAhead;
        config.caFile = d->caFile(effective->policy);
        if (d->world) {
            config.smtpPort = d->world->smtpPort();
        }
        if (opened) {
            config.cache = std::make_shared<store::ReportCache>(*opened);
        }
        return std::make_shared<assurance::DomainAssessor>(std::move(config));
    });
}

Result<std::shared_ptr<crypto::CertificateStore>> Runtime::certificates() {
    return d->certificates.get([this]() -> Result<std::shared_ptr<crypto::CertificateStore>> {
        const auto effective = effectivePolicy();
        if (!effective) {
            return fail(effective.error());
        }
        return d->openCertificates(effective->policy);
    });
}

Result<assurance::CertificateSources> Runtime::certificateSources() {
    const auto effective = effectivePolicy();
    if (!effective) {
        return fail(effective.error());
    }
    if (d->world) {
        return assurance::CertificateSources{}; // practice asks nobody outside
    }
    const auto &places = effective->policy.certificates;
    assurance::CertificateSources sources;
    sources.directories = places.directories;
    sources.bundles = places.bundles;
    sources.caFile = d->caFile(effective->policy);
    return sources;
}

std::shared_ptr<crypto::SystemKeyStore> Runtime::systemKeys() {
    if (d->world) {
        return nullptr; // practice has people of its own
    }
    return d->options.systemKeys
               ? d->options.systemKeys
               : std::shared_ptr<crypto::SystemKeyStore>(crypto::systemKeyStore());
}

Result<std::shared_ptr<store::Database>> Runtime::database() {
    return d->database->get();
}

Result<std::shared_ptr<store::AccountStore>> Runtime::accounts() {
    return d->accounts.get([this]() -> Result<std::shared_ptr<store::AccountStore>> {
        const auto opened = database();
        if (!opened) {
            return fail(opened.error());
        }
        auto accounts = std::make_shared<store::AccountStore>(*opened);
        if (d->world) {
            // The practice server's port is of this run, so the account is written anew.
            const auto account = d->world->account();
            (void)accounts->remove(account.name);
            if (auto added = accounts->add(account); !added) {
                return fail(added.error());
            }
            const SecretBytes password{std::string_view(d->world->accountPassword())};
            if (auto kept = d->keychain->write(account.keychainKey(), password); !kept) {
                return fail(kept.error());
            }
        }
        return accounts;
    });
}

Result<std::shared_ptr<assurance::CjsmDirectory>> Runtime::cjsmDirectory() {
    const auto opened = database();
    if (!opened) {
        return fail(opened.error());
    }
    return std::make_shared<assurance::CjsmDirectory>(std::make_shared<store::CjsmTable>(*opened),
                                                      d->clock);
}

Result<std::shared_ptr<store::DraftStore>> Runtime::drafts() {
    const auto opened = database();
    if (!opened) {
        return fail(opened.error());
    }
    return std::make_shared<store::DraftStore>(*opened);
}

Result<std::shared_ptr<store::Outbox>> Runtime::outbox() {
    const auto opened = database();
    if (!opened) {
        return fail(opened.error());
    }
    return std::make_shared<store::Outbox>(*opened, d->clock);
}

Result<std::shared_ptr<store::AuditJournal>> Runtime::journal() {
    const auto opened = database();
    if (!opened) {
        return fail(opened.error());
    }
    return std::make_shared<store::AuditJournal>(*opened, d->clock);
}

Result<std::shared_ptr<submit::Submitter>> Runtime::submitter() {
    const auto effective = effectivePolicy();
    if (!effective) {
        return fail(effective.error());
    }
    const auto dns = resolver();
    if (!dns) {
        return fail(dns.error());
    }
    submit::SubmitterConfig config;
    config.resolver = *dns;
    const auto &rules = effective->policy.submission;
    config.trust.caFile = d->caFile(effective->policy);
    config.trust.minimumTls = rules.minimumVersion;
    config.trust.way = networkWay();
    for (const auto &host : rules.daneHosts) {
        config.hosts.try_emplace(host, config.trust).first->second.dane = true;
    }
    for (const auto &[host, file] : rules.pinned) {
        config.hosts.try_emplace(host, config.trust).first->second.caFile = file;
    }
    auto made = std::make_shared<submit::SmtpSubmitter>(std::move(config));
    if (d->world) {
        return std::make_shared<PracticeSubmitter>(std::move(made), d->world->account());
    }
    return made;
}

//! The key of what a person says is wrongly found; empty without a store to keep it in.
std::shared_ptr<const SecretBytes> Runtime::findingMarks() {
    const auto opened = database();
    return opened ? std::make_shared<const SecretBytes>(
                        (*opened)->box().derive("sealpost finding marks"))
                  : nullptr;
}

std::shared_ptr<submit::TokenKeeper> Runtime::tokens() {
    // One for all: two that renew at once would use one refresh token twice.
    return *d->tokens.get([this]() -> Result<std::shared_ptr<submit::TokenKeeper>> {
        return std::make_shared<submit::TokenKeeper>(d->keychain,
                                                     submit::OAuthWeb::real(tlsRoots()), d->clock);
    });
}

Result<ForwardingReport> Runtime::forwardingReport(const mail::Account &account, Deadline deadline,
                                                   const std::stop_token &stop) {
    const auto server = sieveServerFrom(account.sieveServer);
    if (!server) {
        return fail("sieve.not-configured", kStage, Reaction::FixInput, {}, account.name);
    }
    if (account.signIn != mail::SignIn::Password || account.userName.empty()) {
        return fail("sieve.password-needed", kStage, Reaction::FixInput, {}, account.name);
    }
    const auto effective = effectivePolicy();
    if (!effective) {
        return fail(effective.error());
    }
    const auto dns = resolver();
    if (!dns) {
        return fail(dns.error());
    }
    const auto reports = assessor();
    if (!reports) {
        return fail(reports.error());
    }
    const auto credentials =
        submit::readCredentials(*d->keychain, nullptr, account, deadline, stop);
    if (!credentials) {
        return fail(credentials.error());
    }
    const ForwardingParts parts{**dns, **reports, effective->policy, d->caFile(effective->policy)};
    return checkForwarding(parts, *server, account, credentials->secret, deadline, stop);
}

Result<submit::FoundAccount> Runtime::findAccount(const mail::Address &address, Deadline deadline,
                                                  const std::stop_token &stop) {
    const auto dns = resolver();
    if (!dns) {
        return fail(dns.error());
    }
    constexpr ByteCount kLargestDescription = 64 * base::kKiB;
    const auto get = [practises = d->world != nullptr,
                      roots = tlsRoots()](const std::string &url, Deadline within,
                                          std::stop_token stopped) -> Result<std::string> {
        if (practises) {
            return fail("http.failed", "account.find", Reaction::Retry, "practice mode");
        }
        net::HttpRequest request;
        request.url = url;
        request.limit = kLargestDescription;
        request.caFile = roots;
        return net::httpGet(request, within, std::move(stopped));
    };
    return submit::AccountFinder(*dns, get).find(address, deadline, stop);
}

Result<std::shared_ptr<send::SendPlanner>> Runtime::planner() {
    return d->planner.get([this]() -> Result<std::shared_ptr<send::SendPlanner>> {
        const auto effective = effectivePolicy();
        if (!effective) {
            return fail(effective.error());
        }
        const auto finder = certificates();
        if (!finder) {
            return fail(finder.error());
        }
        const auto reports = assessor();
        if (!reports) {
            return fail(reports.error());
        }
        const auto contents = scanner();
        if (!contents) {
            return fail(contents.error());
        }
        // Without a store there is no directory either, and what DNS says has to do; and everybody
        // is a stranger.
        const auto directory = cjsmDirectory();
        const auto opened = database();
        const auto used = opened ? std::make_shared<store::UsedRecipients>(*opened) : nullptr;
        if (d->world && used) {
            (void)used->add(d->world->acquaintances());
        }
        send::PlannerParts parts{
            *contents,
            *reports,
            *finder,
            d->clock,
            effective->policy,
            directory ? *directory : nullptr,
            findingMarks(),
            used,
            std::make_shared<receive::MessageOpener>(crypto::newCmsReader(*finder))};
        return std::make_shared<send::SendPlanner>(std::move(parts));
    });
}

Result<std::shared_ptr<send::SendExecutor>> Runtime::executor() {
    return d->executor.get([this]() -> Result<std::shared_ptr<send::SendExecutor>> {
        const auto effective = effectivePolicy();
        if (!effective) {
            return fail(effective.error());
        }
        const auto finder = certificates();
        if (!finder) {
            return fail(finder.error());
        }
        const auto sender = submitter();
        if (!sender) {
            return fail(sender.error());
        }
        const auto queue = outbox();
        if (!queue) {
            return fail(queue.error());
        }
        const auto lines = journal();
        if (!lines) {
            return fail(lines.error());
        }
        const auto reports = assessor();
        if (!reports) {
            return fail(reports.error());
        }
        const auto opened = database();
        if (!opened) {
            return fail(opened.error());
        }
        const auto directory = cjsmDirectory();
        if (!directory) {
            return fail(directory.error());
        }
        return std::make_shared<send::SendExecutor>(send::ExecutorParts{
            std::make_shared<crypto::SmimeEngine>(*finder), *sender, *queue, *lines, d->keychain,
            *reports, d->clock, effective->policy.maxMessageSize, effective->policy.submission,
            tokens(), *finder, std::make_shared<store::UsedRecipients>(*opened), effective->policy,
            *directory});
    });
}

net::NetworkWay Runtime::networkWay() {
    const auto effective = effectivePolicy();
    const bool byProxy =
        effective && effective->policy.submission.systemProxy && d->world == nullptr;
    return byProxy ? net::NetworkWay::SystemProxy : net::NetworkWay::Direct;
}

std::optional<std::string> Runtime::tlsRoots() {
    const auto effective = effectivePolicy();
    return effective ? d->caFile(effective->policy) : std::nullopt;
}

fs::path Runtime::practiceInbox() const {
    return d->world ? d->world->inbox() : fs::path();
}

} // namespace sealpost::runtime
