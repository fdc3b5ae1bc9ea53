// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/PracticeWorld.h"

#include "base/Text.h"
#include "practice/PracticeKeychain.h"
#include "practice/PracticePaths.h"
#include "practice/PracticePeople.h"
#include "practice/PracticeResolver.h"
#include "practice/PracticeServer.h"

#include <algorithm>
#include <mutex>
#include <utility>

namespace sealpost::practice {

namespace {

constexpr auto kStage = "practice";
constexpr auto kAccountName = "Practice";
constexpr auto kUserName = "sam.okoro";
constexpr std::size_t kPasswordBytes = 16;
// The port is the system's choice on one address, and has to be free on the other too.
constexpr int kPortAttempts = 20;

//! The account's password; a new one where the keychain has none.
Result<std::string> passwordOf(crypto::Keychain &keychain, const std::string &key) {
    const auto known = keychain.read(key);
    if (!known) {
        return tl::unexpected(known.error());
    }
    if (*known && !(*known)->empty()) {
        return std::string((*known)->view());
    }
    auto made = base::toHex(SecretBytes::random(kPasswordBytes).view());
    if (auto written = keychain.write(key, SecretBytes(std::string_view(made))); !written) {
        return tl::unexpected(written.error());
    }
    return made;
}

Result<mail::Address> addressOf(const PracticePerson &person) {
    return mail::Address::parse(std::string(person.name) + " <" + std::string(person.address) +
                                ">");
}

bool isFurnishedWith(const std::vector<crypto::CertificateInfo> &certificates,
                     const std::string &fingerprint, crypto::PrivateKey key) {
    return std::any_of(certificates.begin(), certificates.end(), [&](const auto &certificate) {
        return certificate.fingerprint == fingerprint &&
               (key == crypto::PrivateKey::Absent || certificate.privateKey == key) &&
               certificate.state != crypto::CertificateState::Untrusted;
    });
}

} // namespace

struct PracticeWorld::Private {
    std::filesystem::path inbox;
    std::unique_ptr<PracticePeople> people;
    std::shared_ptr<const Clock> clock;
    std::shared_ptr<PracticeKeychain> keychain;
    std::shared_ptr<net::DnsResolver> resolver;
    mail::Account account;
    std::string password;
    std::unique_ptr<PracticeServer> submission;
    std::unique_ptr<PracticeServer> goodMx;
    std::unique_ptr<PracticeServer> plainMx;

    [[nodiscard]] Result<void> prepareAccount();
    [[nodiscard]] Result<void> startSubmission(const crypto::TlsServerConfig &tls);
    [[nodiscard]] Result<void> startExchangers(const crypto::TlsServerConfig &tls);
};

PracticeWorld::PracticeWorld(std::unique_ptr<Private> data) : d(std::move(data)) {}

PracticeWorld::~PracticeWorld() {
    for (auto *server : {d->submission.get(), d->goodMx.get(), d->plainMx.get()}) {
        server->requestStop();
    }
}

Result<std::unique_ptr<PracticeWorld>> PracticeWorld::start(const std::filesystem::path &folder,
                                                            std::shared_ptr<const Clock> clock) {
    auto data = std::make_unique<Private>();
    auto people = PracticePeople::open(folder, clock->now());
    if (!people) {
        return tl::unexpected(people.error());
    }
    data->people = std::move(*people);
    data->clock = std::move(clock);
    data->inbox = folder / "inbox";
    data->keychain = std::make_shared<PracticeKeychain>(folder / "keychain.json");
    data->resolver = makePracticeResolver();
    if (auto prepared = data->prepareAccount(); !prepared) {
        return tl::unexpected(prepared.error());
    }
    auto hosts = practiceTlsHosts();
    hosts.insert(hosts.begin(), std::string(kSubmissionHost));
    const auto identity = data->people->authority()->issueServer(hosts, data->clock->now());
    if (!identity) {
        return tl::unexpected(identity.error());
    }
    const crypto::TlsServerConfig tls{identity->certificateChainPem, identity->privateKeyPem};
    auto started = data->startSubmission(tls);
    if (started) {
        started = data->startExchangers(tls);
    }
    if (!started) {
        return tl::unexpected(started.error());
    }
    return std::unique_ptr<PracticeWorld>(new PracticeWorld(std::move(data)));
}

Result<void> PracticeWorld::Private::prepareAccount() {
    auto address = addressOf(kSam);
    if (!address) {
        return tl::unexpected(address.error());
    }
    account.name = kAccountName;
    account.address = std::move(*address);
    account.host = kSubmissionHost;
    account.tls = mail::SubmissionTls::Implicit;
    account.userName = kUserName;
    account.provider = mail::ProviderKind::Practice;
    auto known = passwordOf(*keychain, account.keychainKey());
    if (!known) {
        return tl::unexpected(known.error());
    }
    password = std::move(*known);
    return {};
}

Result<void> PracticeWorld::Private::startSubmission(const crypto::TlsServerConfig &tls) {
    auto filing = PracticeInbox::open(inbox);
    if (!filing) {
        return tl::unexpected(filing.error());
    }
    PracticeServerConfig config;
    config.role = ServerRole::Submission;
    config.hostName = kSubmissionHost;
    config.tls = tls;
    config.userName = account.userName;
    config.password = password;
    config.inbox = std::move(*filing);
    auto server = PracticeServer::start(std::move(config), "127.0.0.1", Port{0});
    if (!server) {
        return tl::unexpected(server.error());
    }
    submission = std::move(*server);
    account.port = submission->port();
    return {};
}

Result<void> PracticeWorld::Private::startExchangers(const crypto::TlsServerConfig &tls) {
    Error last{"net.listen", kStage, Reaction::AskAdmin, {}, {}};
    for (int attempt = 0; attempt < kPortAttempts; ++attempt) {
        PracticeServerConfig config;
        config.role = ServerRole::MailExchanger;
        config.hostName = "mx.court.practice.example";
        config.tls = tls;
        auto good = PracticeServer::start(config, std::string(kGoodMxAddress), Port{0});
        if (!good) {
            return tl::unexpected(good.error());
        }
        config.role = ServerRole::PlainMailExchanger;
        config.hostName = "mx.oldmail.practice.example";
        auto plain = PracticeServer::start(config, std::string(kPlainMxAddress), (*good)->port());
        if (plain) {
            goodMx = std::move(*good);
            plainMx = std::move(*plain);
            return {};
        }
        last = plain.error();
    }
    return tl::unexpected(last);
}

std::shared_ptr<crypto::Keychain> PracticeWorld::keychain() const {
    return d->keychain;
}

std::shared_ptr<net::DnsResolver> PracticeWorld::resolver() const {
    return d->resolver;
}

std::string PracticeWorld::caFile() const {
    return toQString(d->people->rootFile()).toStdString();
}

crypto::UrlFetcher PracticeWorld::crlFetcher() const {
    struct Source {
        std::mutex mutex;
        std::shared_ptr<const crypto::LocalAuthority> authority;
        std::shared_ptr<const Clock> clock;
    };
    auto source = std::make_shared<Source>();
    source->authority = d->people->authority();
    source->clock = d->clock;
    return
        [source](const std::string &url, Deadline, const std::stop_token &) -> Result<std::string> {
            if (url != kPracticeCrlUrl) {
                return fail("http.failed", kStage, Reaction::Retry, "not in practice mode");
            }
            const std::scoped_lock guard(source->mutex);
            return source->authority->crl(source->clock->now());
        };
}

Port PracticeWorld::smtpPort() const {
    return d->goodMx->port();
}

mail::Account PracticeWorld::account() const {
    return d->account;
}

std::string PracticeWorld::accountPassword() const {
    return d->password;
}

Result<void> PracticeWorld::furnish(crypto::CertificateStore &store, Deadline deadline) const {
    const auto known = store.list(deadline, {});
    if (!known) {
        return tl::unexpected(known.error());
    }
    if (isFurnishedWith(*known, d->people->samFingerprint(), crypto::PrivateKey::InAgent) &&
        isFurnishedWith(*known, d->people->joFingerprint(), crypto::PrivateKey::Absent)) {
        return {};
    }
    const auto key = d->people->pkcs12(kSam);
    const auto jo = key ? d->people->certificatePem(kJo) : key;
    if (!jo) {
        return tl::unexpected(jo.error());
    }
    const auto imported = store.importPkcs12(*key, SecretBytes(kPracticePassphrase), deadline);
    if (!imported) {
        return tl::unexpected(imported.error());
    }
    const auto &authority = *d->people->authority();
    const auto others = store.importCertificates(*jo + authority.rootPem(), deadline);
    if (!others) {
        return tl::unexpected(others.error());
    }
    return store.trustRoot(authority.rootFingerprint(), deadline);
}

std::vector<mail::Address> PracticeWorld::acquaintances() const {
    std::vector<mail::Address> known;
    for (const auto &person : kPracticePeople) {
        if (auto address = mail::Address::parse(person.address)) {
            known.push_back(std::move(*address));
        }
    }
    return known;
}

std::filesystem::path PracticeWorld::inbox() const {
    return d->inbox;
}

} // namespace sealpost::practice
