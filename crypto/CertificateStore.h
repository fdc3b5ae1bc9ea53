// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/CardSummary.h"
#include "crypto/CertificateInfo.h"
#include "crypto/ChainReport.h"
#include "crypto/CorrespondentMemory.h"
#include "crypto/Keychain.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

enum class CertificatePurpose { Sign, Encrypt };

//! Finds assessed certificates: what the planner needs of a store, and what tests put in its place.
class CertificateFinder {
public:
    CertificateFinder() = default;
    CertificateFinder(const CertificateFinder &) = delete;
    CertificateFinder &operator=(const CertificateFinder &) = delete;
    virtual ~CertificateFinder() = default;
    //! Every certificate for the address (an addr-spec, domain as A-label) and purpose, the best
    //! first (usable, then latest end); but before all the one that a person has chosen, whatever
    //! its state. For Sign, only those with a private key. Empty: none.
    [[nodiscard]] virtual Result<std::vector<CertificateInfo>>
    findForAddress(std::string_view addressSpec, CertificatePurpose purpose, Deadline deadline,
                   std::stop_token stop) = 0;
};

//! Fetches a CRL from an http or https URL; runtime puts net's client in.
using UrlFetcher =
    std::function<Result<std::string>(const std::string &url, Deadline deadline, std::stop_token)>;

//! Whether a question to a responder has a nonce (RFC 9654).
enum class OcspNonce {
    Required, //!< an answer without it is none
    Sent,     //!< an answer that has one must have ours
    No,
};

struct CertificateStoreConfig {
    std::filesystem::path gnupgHome; //!< made 0700 where missing; short (sockets: 100 characters)
    std::shared_ptr<Keychain> keychain; //!< holds the passphrase of all keys, "key-passphrase"
    std::shared_ptr<const Clock> clock; //!< empty: the system's
    UrlFetcher fetch;                   //!< empty: revocation stays unknown where no CRL is at hand
    std::chrono::days expiryWarning{30};
    int minimumRsaBits = 2048;
    int minimumEcBits = 256;
    OcspNonce ocspNonce = OcspNonce::Sent;
    std::shared_ptr<CorrespondentMemory> memory = {}; //!< empty: nothing is remembered
};

enum class KeyKind { Rsa3072, Rsa4096, P256, P384, P521 };

//! A certificate that somebody wants for their own address.
struct RequestOrder {
    std::string address;      //!< addr-spec
    std::string name;         //!< common name
    std::string organisation; //!< may be empty
    KeyKind key = KeyKind::Rsa3072;
};

//! What an import brought in.
struct ImportSummary {
    std::vector<CertificateInfo> certificates; //!< end entities first
    int newlyAdded = 0;
    int privateKeys = 0; //!< that were not there before
    //! SHA-256 of the roots among them that are not trusted: an import trusts nothing (trustRoot).
    std::vector<std::string> untrustedRoots;
};

//! gpgsm's certificates and gpg-agent's keys in a GNUPGHOME of our own; chains and revocation are
//! judged here (docs/adr/0007). Calls block; any thread. Of the network they use config.fetch
//! alone, and no longer than the deadline.
//! Errors of all calls: AskAdmin "gnupg.missing" (no gpgsm or gpg-agent), Retry "gnupg.failed",
//! Retry "gnupg.deadline", and Keychain's.
class CertificateStore final : public CertificateFinder {
public:
    //! Prepares the GNUPGHOME (gpg-agent.conf, gpgsm.conf, dirmngr.conf). AskAdmin "gnupg.home":
    //! the folder can't be used, or its path is too long for sockets.
    [[nodiscard]] static Result<std::shared_ptr<CertificateStore>>
    open(CertificateStoreConfig config);
    //! Ends the agent that serves this GNUPGHOME.
    ~CertificateStore() override;

    //! All certificates that are not authorities', by address, assessed without revocation (that
    //! may go to the network for each). WrongUsage only where one can neither sign nor be encrypted
    //! to: see CertificateInfo::signing and encryption.
    [[nodiscard]] Result<std::vector<CertificateInfo>> list(Deadline deadline,
                                                            const std::stop_token &stop);
    [[nodiscard]] Result<std::vector<CertificateInfo>>
    findForAddress(std::string_view addressSpec, CertificatePurpose purpose, Deadline deadline,
                   std::stop_token stop) override;
    //! By SHA-256 or SHA-1 fingerprint (a prefix of at least 8 digits that is unique; case, colons
    //! and spaces don't matter), assessed in full but for an address.
    //! FixInput "certificate.not-found", "certificate.ambiguous".
    [[nodiscard]] Result<CertificateInfo> show(std::string_view fingerprint, Deadline deadline,
                                               std::stop_token stop);
    //! Like show, for one address and purpose: WrongAddress where the certificate is for another.
    [[nodiscard]] Result<CertificateInfo> assessFor(std::string_view fingerprint,
                                                    std::string_view addressSpec,
                                                    CertificatePurpose purpose, Deadline deadline,
                                                    std::stop_token stop);

    //! PEM (one or several), DER or PKCS#7. FixInput "certificate.unreadable",
    //! "certificate.refused" (gpgsm will not have it: its signature is wrong, say).
    [[nodiscard]] Result<ImportSummary> importCertificates(std::string_view bytes,
                                                           Deadline deadline);
    //! A PKCS#12 file (RSA or EC; PBES2 or the legacy RC2 and 3DES forms): its key goes into
    //! gpg-agent under the keychain's passphrase, its certificates into gpgsm.
    //! FixInput "pkcs12.unreadable", "pkcs12.wrong-passphrase", "pkcs12.no-key",
    //! "pkcs12.no-certificate" (none that matches a key), "pkcs12.unsupported-key" (with the
    //! algorithm as detail), "keychain.locked" where there are keys already but the keychain shows
    //! no passphrase for them. Importing the same file twice is no error.
    [[nodiscard]] Result<ImportSummary>
    importPkcs12(std::string_view bytes, const SecretBytes &passphrase, Deadline deadline);
    //! Trusts a root that is in the store. FixInput "certificate.not-found",
    //! "certificate.not-a-root".
    [[nodiscard]] Result<void> trustRoot(std::string_view fingerprint, Deadline deadline);

    //! Everything that is wrong with a certificate and with those above it, for each that is meant:
    //! all for an address, those of a file (which is not imported), or one by its fingerprint.
    //! "certificate.unreadable", and show()'s.
    struct Examined {
        std::string address; //!< an addr-spec; with a file or fingerprint: must match too
        std::string file;    //!< bytes of PEM, DER or PKCS#7
        std::string fingerprint;
    };
    [[nodiscard]] Result<std::vector<ChainReport>> examine(const Examined &what, Deadline deadline,
                                                           const std::stop_token &stop);
    //! Fetches the certificates that are missing above one from where the chain itself names
    //! (caIssuers, RFC 5280 §4.2.2.1): at most four, of 64 KiB each, and only what has really
    //! signed the one below. They are imported and not trusted. How many came; show()'s errors.
    [[nodiscard]] Result<int> fetchIssuers(std::string_view fingerprint, Deadline deadline,
                                           const std::stop_token &stop);

    //! Fetches the revocation lists above certificates before a message needs them, where they end
    //! within `ahead` (CrlCache::refresh): at most 64, each within its own time. Responders are not
    //! asked: they would learn whom somebody writes to, and when. Unknown fingerprints are passed
    //! over, and chains that are not in order: nobody asks about those.
    struct Refresh {
        int lists = 0; //!< that were looked at
        int fetched = 0;
        int failed = 0;
    };
    [[nodiscard]] Result<Refresh> refreshRevocation(std::span<const std::string> fingerprints,
                                                    std::chrono::seconds ahead, Deadline deadline,
                                                    const std::stop_token &stop);

    //! Reads the smart card or token in the reader, through scdaemon: its keys sign and decrypt
    //! from then on, asking for its PIN by the system's pinentry, and its certificates are
    //! imported. Of keys without one, the certificates can be imported from files. FixInput
    //! "card.missing" (none in the reader, or no reader), "card.pin", "card.cancelled"; AskAdmin
    //! "card.no-support" (no scdaemon), "card.no-pinentry", "card.blocked", "card.unsupported": all
    //! signing and decrypting with such a key has them too.
    [[nodiscard]] Result<CardSummary> readCard(Deadline deadline);
    //! Makes a key in gpg-agent, which it never leaves, and a request for it: PEM, to be given to
    //! an authority. The certificate that comes back finds its key when it is imported. AskAdmin
    //! "smime.sign"; "keychain.…".
    [[nodiscard]] Result<std::string> requestCertificate(const RequestOrder &order,
                                                         Deadline deadline);
    //! The certificate and its chain, PEM. show()'s errors.
    [[nodiscard]] Result<std::string> exportCertificates(std::string_view fingerprint,
                                                         Deadline deadline);
    //! The same with its private key, as PKCS#12 with AES-256. FixInput "smime.no-key",
    //! "card.no-export" (a card gives no key away).
    [[nodiscard]] Result<std::string> exportPkcs12(std::string_view fingerprint,
                                                   const SecretBytes &filePassphrase,
                                                   Deadline deadline);
    //! For good. Whoever removes a key can no longer read what was encrypted to it.
    enum class Removal { CertificateAlone, WithKey };
    [[nodiscard]] Result<void> remove(std::string_view fingerprint, Removal what,
                                      Deadline deadline);

    //! Makes one certificate the one that counts for an address, until unpin(). show()'s errors,
    //! FixInput "certificate.other-address", the memory's; AskAdmin "certificate.no-memory".
    [[nodiscard]] Result<void> pin(std::string_view addressSpec, std::string_view fingerprint,
                                   Deadline deadline);
    [[nodiscard]] Result<void> unpin(std::string_view addressSpec);
    //! Its fingerprint; none where none is chosen, or where that can't be found out.
    [[nodiscard]] std::optional<std::string> pinnedFor(std::string_view addressSpec) const;
    //! Remembers what the owner of a certificate says that they can read.
    void learn(const CertificateInfo &owner, const ReaderCapabilities &reads, Time signedAt);

    struct Private;
    [[nodiscard]] Private &internals() { return *d; } //!< for SmimeEngine and AgentKey

private:
    explicit CertificateStore(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::crypto
