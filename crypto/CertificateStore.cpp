// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateStore.h"

#include "base/Text.h"
#include "crypto/CertificateReader.h"
#include "crypto/CertificateStorePrivate.h"
#include "crypto/GpgAgent.h"
#include "crypto/Pkcs12.h"
#include "crypto/WriteLock.h"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

namespace sealpost::crypto {
namespace {

constexpr auto kPassphraseEntry = "key-passphrase";
constexpr std::size_t kPassphraseBytes = 32;

//! Best first: usable, then expiring, then the rest; the latest end first among equals.
int rank(CertificateState state) {
    switch (state) {
    case CertificateState::Usable:
        return 0;
    case CertificateState::Expiring:
        return 1;
    case CertificateState::RevocationUnknown:
        return 2;
    case CertificateState::None:
    case CertificateState::Expired:
    case CertificateState::NotYetValid:
    case CertificateState::Revoked:
    case CertificateState::Untrusted:
    case CertificateState::WrongUsage:
    case CertificateState::WrongAddress:
    case CertificateState::WeakKey:
        return 3;
    }
    return 3;
}

bool isBetter(const CertificateInfo &a, const CertificateInfo &b) {
    return std::tuple(rank(a.state), -a.notAfter.time_since_epoch().count(), a.fingerprint) <
           std::tuple(rank(b.state), -b.notAfter.time_since_epoch().count(), b.fingerprint);
}

std::string firstAddress(const CertificateInfo &info) {
    return info.addresses.empty() ? std::string() : base::asciiLower(info.addresses.front());
}

std::string hexDigits(std::string_view fingerprint) {
    auto digits = base::asciiLower(fingerprint);
    std::erase_if(digits, [](char c) { return c == ':' || c == ' '; });
    return digits;
}

} // namespace

CertificateStore::Private::Private(CertificateStoreConfig settings, GnupgHome gnupgHome)
    : config(std::move(settings)), home(std::move(gnupgHome)), keybox(home),
      crls(home.file("revocation"), config.fetch, config.clock),
      revocation(crls, config.fetch, config.clock, config.ocspNonce) {}

Result<SecretBytes> CertificateStore::Private::keyPassphrase() const {
    if (!config.keychain) {
        return fail("keychain.missing", "certificates", Reaction::AskAdmin);
    }
    auto found = config.keychain->read(kPassphraseEntry);
    if (!found) {
        return fail(found.error());
    }
    if (!*found || (*found)->empty()) {
        return fail("keychain.locked", "certificates", Reaction::FixInput,
                    "no passphrase for the keys");
    }
    return std::move(**found);
}

Result<SecretBytes> CertificateStore::Private::passphraseOf(std::string_view keygrip) const {
    return home.privateKey(keygrip) == PrivateKey::OnCard ? SecretBytes() : keyPassphrase();
}

Result<SecretBytes> CertificateStore::Private::keyPassphraseForImport() const {
    auto found = keyPassphrase();
    if (found || found.error().code != "keychain.locked" || home.hasAnyKey()) {
        return found;
    }
    auto made = SecretBytes(base::toHex(SecretBytes::random(kPassphraseBytes).view()));
    if (auto written = config.keychain->write(kPassphraseEntry, made); !written) {
        return fail(written.error());
    }
    return made;
}

CertificateAssessor
CertificateStore::Private::assessor(const std::shared_ptr<const KeyboxContent> &content) {
    return {config, home, revocation, content};
}

Result<const StoredCertificate *> CertificateStore::Private::find(const KeyboxContent &content,
                                                                  std::string_view fingerprint) {
    constexpr std::size_t kShortest = 8;
    const auto digits = hexDigits(fingerprint);
    const auto found = digits.size() < kShortest ? std::vector<const StoredCertificate *>()
                                                 : content.startingWith(digits);
    if (found.size() != 1) {
        return fail(found.empty() ? "certificate.not-found" : "certificate.ambiguous",
                    "certificates", Reaction::FixInput, {}, fingerprint);
    }
    return found.front();
}

Result<ImportSummary>
CertificateStore::Private::addCertificates(std::span<const X509Ptr> certificates,
                                           Deadline deadline) {
    if (std::ranges::any_of(certificates, isTooLarge)) {
        return fail("certificate.too-large", "import", Reaction::FixInput);
    }
    const auto added = keybox.import(certificates, deadline);
    if (!added) {
        return fail(added.error());
    }
    const auto content = keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    ImportSummary summary;
    summary.newlyAdded = *added;
    auto judge = assessor(*content);
    std::vector<CertificateInfo> authorities;
    std::set<const StoredCertificate *> seen;
    for (const auto &certificate : certificates) {
        const auto *stored = (*content)->same(certificate.get());
        if (stored == nullptr || !seen.insert(stored).second) {
            continue;
        }
        auto info = judge.assess(*stored, {{}, {}, RevocationCheck::Skipped}, deadline, {});
        if (stored->authority && isSelfSigned(stored->x509.get()) &&
            !judge.isTrustedRoot(*stored)) {
            summary.untrustedRoots.push_back(info.fingerprint);
        }
        (stored->authority ? authorities : summary.certificates).push_back(std::move(info));
    }
    std::ranges::move(authorities, std::back_inserter(summary.certificates));
    return summary;
}

CertificateStore::CertificateStore(std::unique_ptr<Private> data) : d(std::move(data)) {}

CertificateStore::~CertificateStore() {
    d->home.stopDaemons();
}

Result<std::shared_ptr<CertificateStore>> CertificateStore::open(CertificateStoreConfig config) {
    auto home = GnupgHome::prepare(config.gnupgHome);
    if (!home) {
        return fail(home.error());
    }
    if (!config.clock) {
        config.clock = std::make_shared<base::SystemClock>();
    }
    auto data = std::make_unique<Private>(std::move(config), std::move(*home));
    return std::shared_ptr<CertificateStore>(new CertificateStore(std::move(data)));
}

Result<std::vector<CertificateInfo>> CertificateStore::list(Deadline deadline,
                                                            const std::stop_token &stop) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    auto judge = d->assessor(*content);
    std::vector<CertificateInfo> found;
    for (const auto *stored : (*content)->all()) {
        if (stop.stop_requested() || deadline.passed()) {
            return fail("gnupg.deadline", "certificates", Reaction::Retry, "list");
        }
        if (!stored->authority) {
            found.push_back(
                judge.assess(*stored, {{}, {}, RevocationCheck::Skipped}, deadline, stop));
        }
    }
    std::ranges::sort(found, [](const CertificateInfo &a, const CertificateInfo &b) {
        const auto left = firstAddress(a);
        const auto right = firstAddress(b);
        return left != right ? left < right : isBetter(a, b);
    });
    return found;
}

Result<std::vector<CertificateInfo>> CertificateStore::findForAddress(std::string_view addressSpec,
                                                                      CertificatePurpose purpose,
                                                                      Deadline deadline,
                                                                      std::stop_token stop) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    auto judge = d->assessor(*content);
    std::vector<CertificateInfo> found;
    for (const auto *stored : (*content)->forAddress(addressSpec)) {
        if (purpose == CertificatePurpose::Sign && !d->home.hasKey(stored->keygrip)) {
            continue;
        }
        found.push_back(
            judge.assess(*stored, {purpose, addressSpec, RevocationCheck::Done}, deadline, stop));
    }
    std::ranges::sort(found, isBetter);
    // What a person has chosen comes first even where it can't serve: else a second certificate for
    // the address would take its place unseen.
    if (const auto chosen =
            purpose == CertificatePurpose::Encrypt ? pinnedFor(addressSpec) : std::nullopt) {
        std::stable_partition(found.begin(), found.end(), [&](const CertificateInfo &one) {
            return one.fingerprint == *chosen;
        });
    }
    return found;
}

Result<void> CertificateStore::pin(std::string_view addressSpec, std::string_view fingerprint,
                                   Deadline deadline) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    const auto chosen = Private::find(**content, fingerprint);
    if (!chosen) {
        return fail(chosen.error());
    }
    if (!isForAddress((*chosen)->info, addressSpec)) {
        return fail("certificate.other-address", "certs.pin", Reaction::FixInput, {}, addressSpec);
    }
    return d->config.memory ? d->config.memory->pin(addressSpec, (*chosen)->info.fingerprint)
                            : fail("certificate.no-memory", "certs.pin", Reaction::AskAdmin);
}

Result<void> CertificateStore::unpin(std::string_view addressSpec) {
    return d->config.memory ? d->config.memory->pin(addressSpec, {})
                            : fail("certificate.no-memory", "certs.unpin", Reaction::AskAdmin);
}

std::optional<std::string> CertificateStore::pinnedFor(std::string_view addressSpec) const {
    const auto chosen = d->config.memory ? d->config.memory->pinned(addressSpec)
                                         : Result<std::optional<std::string>>(std::nullopt);
    return chosen.value_or(std::nullopt);
}

void CertificateStore::learn(const CertificateInfo &owner, const ReaderCapabilities &reads,
                             Time signedAt) {
    for (const auto &address : owner.addresses) {
        if (d->config.memory) {
            // What can't be kept is learnt again from the next message.
            (void)d->config.memory->learn(address, reads, signedAt);
        }
    }
}

Result<CertificateInfo> CertificateStore::show(std::string_view fingerprint, Deadline deadline,
                                               std::stop_token stop) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    return Private::find(**content, fingerprint).transform([&](const StoredCertificate *stored) {
        return d->assessor(*content).assess(*stored, {}, deadline, stop);
    });
}

Result<CertificateInfo> CertificateStore::assessFor(std::string_view fingerprint,
                                                    std::string_view addressSpec,
                                                    CertificatePurpose purpose, Deadline deadline,
                                                    std::stop_token stop) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    return Private::find(**content, fingerprint).transform([&](const StoredCertificate *stored) {
        return d->assessor(*content).assess(*stored, {purpose, addressSpec, RevocationCheck::Done},
                                            deadline, stop);
    });
}

Result<ImportSummary> CertificateStore::importCertificates(std::string_view bytes,
                                                           Deadline deadline) {
    const auto certificates = parseCertificates(bytes);
    if (!certificates) {
        return fail(certificates.error());
    }
    WriteLock lock(d->home);
    if (auto taken = lock.take(deadline); !taken) {
        return fail(taken.error());
    }
    return d->addCertificates(*certificates, deadline);
}

Result<ImportSummary> CertificateStore::importPkcs12(std::string_view bytes,
                                                     const SecretBytes &passphrase,
                                                     Deadline deadline) {
    auto content = parsePkcs12(bytes, passphrase);
    if (!content) {
        return fail(content.error());
    }
    WriteLock lock(d->home);
    if (auto taken = lock.take(deadline); !taken) {
        return fail(taken.error());
    }
    const auto keyPassphrase = d->keyPassphraseForImport();
    if (!keyPassphrase) {
        return fail(keyPassphrase.error());
    }
    auto agent = GpgAgent::connect(d->home, deadline);
    if (!agent) {
        return fail(agent.error());
    }
    // Keys first: a certificate without its key would look like somebody else's.
    int added = 0;
    std::vector<X509Ptr> certificates = std::move(content->others);
    for (auto &identity : content->identities) {
        const auto imported = agent->importKey(identity.key, *keyPassphrase);
        if (!imported) {
            return fail(imported.error());
        }
        added += *imported == KeyImport::Added ? 1 : 0;
        certificates.push_back(std::move(identity.certificate));
    }
    auto summary = d->addCertificates(certificates, deadline);
    if (summary) {
        summary->privateKeys = added;
    }
    return summary;
}

Result<void> CertificateStore::trustRoot(std::string_view fingerprint, Deadline deadline) {
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    const auto root = Private::find(**content, fingerprint);
    if (!root) {
        return fail(root.error());
    }
    if (!(*root)->authority || !isSelfSigned((*root)->x509.get())) {
        return fail("certificate.not-a-root", "trust", Reaction::FixInput, {}, fingerprint);
    }
    WriteLock lock(d->home);
    if (auto taken = lock.take(deadline); !taken) {
        return taken;
    }
    if (d->home.trustedRoots().contains((*root)->info.sha1)) {
        return {};
    }
    return d->home.trustRoot((*root)->info.sha1, deadline);
}

} // namespace sealpost::crypto
