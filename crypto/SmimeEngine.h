// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SmimeChoice.h"
#include "crypto/CertificateInfo.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sealpost::crypto {

class CertificateStore;

//! Writes what is signed or encrypted into a sink: the same bytes whenever it is called, so that
//! nobody needs all of them at once.
using ContentWriter = std::function<Result<void>(base::ByteSink &)>;

//! An ESS security label (RFC 2634 §3.2).
struct SecurityLabel {
    std::string policyId;    //!< dotted object identifier
    int classification = 0;  //!< 0 to 255
    std::string privacyMark; //!< UTF-8, at most 128 characters; empty: none
};

struct SigningOrder {
    std::string fingerprint; //!< CertificateInfo::fingerprint, whole
    SmimeDigest digest = SmimeDigest::Sha256;
    RsaSignature rsa = RsaSignature::Pkcs1;
    std::optional<SecurityLabel> label = {};
};

struct EncryptionOrder {
    std::vector<std::string> fingerprints; //!< of the recipients
    ContentCipher cipher = ContentCipher::Aes256Cbc;
    std::optional<RsaTransport> rsaTransport = {}; //!< none: as each certificate says
};

//! Signs and encrypts: what the executor needs of the engine, and what tests put in its place.
class MessageSealer {
public:
    MessageSealer() = default;
    MessageSealer(const MessageSealer &) = delete;
    MessageSealer &operator=(const MessageSealer &) = delete;
    virtual ~MessageSealer() = default;
    //! Detached CMS SignedData (RFC 5652 §5, RFC 8551) over the content, with the signer's chain
    //! but its root; DER. Signed attributes: signing time, message digest, smimeCapabilities,
    //! signing-certificate-v2 (RFC 5035) and the label.
    //! FixInput "smime.no-key" or "certificate.not-found"; "keychain.…"; Retry "gnupg.…";
    //! AskAdmin "smime.sign"; the content's own errors.
    [[nodiscard]] virtual Result<std::string>
    signDetached(const ContentWriter &content, const SigningOrder &order, Deadline deadline) = 0;
    //! The same with the content inside (RFC 8551 §3.5.2); streams BER into `out`.
    [[nodiscard]] virtual Result<void> signOpaque(const ContentWriter &content,
                                                  const SigningOrder &order, Deadline deadline,
                                                  base::ByteSink &out) = 0;
    //! `least`, or a stronger one where the signer's key asks for it: SHA-384 for keys of 384 bits
    //! on a curve, SHA-512 above (RFC 5753 §7; gpgsm checks no weaker ones).
    //! FixInput "certificate.not-found".
    [[nodiscard]] virtual Result<SmimeDigest> digestFor(const std::string &fingerprint,
                                                        SmimeDigest least) = 0;
    //! The strongest cipher that every one of these certificates' owners is known to read: by the
    //! smimeCapabilities in the certificate (RFC 4262), by those in what they signed (RFC 8551
    //! §2.7.1), or because the key is here. FixInput "certificate.not-found".
    [[nodiscard]] virtual Result<ContentCipher>
    cipherFor(std::span<const std::string> fingerprints) = 0;
    //! CMS EnvelopedData (RFC 5652 §6), or AuthEnvelopedData (RFC 5083) with AES-GCM, to every
    //! certificate named; streams BER into `out`, in memory it needs no copy of the message.
    //! One bad recipient fails the whole: nobody is left out silently. FixInput
    //! "certificate.not-found" with the fingerprint as subject; AskAdmin "smime.encrypt"; the
    //! content's and the sink's own errors.
    [[nodiscard]] virtual Result<void>
    encrypt(const ContentWriter &content, const EncryptionOrder &order, base::ByteSink &out) = 0;
};

//! A writer of bytes that outlive it.
[[nodiscard]] ContentWriter contentOf(std::string_view bytes);

//! OpenSSL's CMS, the private keys in gpg-agent (docs/adr/0004). Any thread.
class SmimeEngine final : public MessageSealer {
public:
    explicit SmimeEngine(std::shared_ptr<CertificateStore> store);
    ~SmimeEngine() override;
    [[nodiscard]] Result<std::string> signDetached(const ContentWriter &content,
                                                   const SigningOrder &order,
                                                   Deadline deadline) override;
    [[nodiscard]] Result<void> signOpaque(const ContentWriter &content, const SigningOrder &order,
                                          Deadline deadline, base::ByteSink &out) override;
    [[nodiscard]] Result<SmimeDigest> digestFor(const std::string &fingerprint,
                                                SmimeDigest least) override;
    [[nodiscard]] Result<ContentCipher>
    cipherFor(std::span<const std::string> fingerprints) override;
    [[nodiscard]] Result<void> encrypt(const ContentWriter &content, const EncryptionOrder &order,
                                       base::ByteSink &out) override;

private:
    std::shared_ptr<CertificateStore> m_store;
};

} // namespace sealpost::crypto
