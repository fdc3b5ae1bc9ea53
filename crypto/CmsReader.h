// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/CertificateInfo.h"
#include "crypto/ReaderCapabilities.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

class CertificateStore;

enum class CmsKind {
    SignedData,
    EnvelopedData,
    AuthEnvelopedData,
    CompressedData,
    Other,      //!< CMS, of a kind that we don't read
    Unreadable, //!< no CMS: damaged, or cut off
};

//! What the mathematics say of one signature; who made it is another question.
enum class SignatureMath {
    Good,
    Changed,          //!< content or attributes are not what was signed
    Unreadable,       //!< the signer's certificate is missing, or its algorithm unknown
    Weak,             //!< a digest that can be forged: MD5, SHA-1
    Bare,             //!< no signed attributes, or the wrong content type: open to substitution
    OtherCertificate, //!< signing-certificate names another than the one that verifies it
};

struct SignatureFacts {
    SignatureMath math = SignatureMath::Unreadable;
    CertificateInfo signer;          //!< assessed for signing mail, for any address
    std::string digest;              //!< "SHA256"
    std::optional<Time> signingTime; //!< what the signer says
    std::string label;               //!< the ESS security label's privacy mark, or its policy
    std::optional<ReaderCapabilities> reads = {}; //!< what the signer says that they can read
    bool signerKnown = false;                     //!< the certificate is in the store
    //! PEM, of a good signature: the signer's certificate, others in the message for the same
    //! address, and what is between them and their roots. For a person who wants to keep them.
    std::string certificates;
};

struct SignedContent {
    std::vector<SignatureFacts> signatures; //!< none: certificates alone
    std::string content;                    //!< empty where the content was given from outside
};

enum class Integrity {
    Proven,  //!< AES-GCM: a change would have shown
    Unknown, //!< AES-CBC and older: anybody on the way can have changed what comes out
};

struct DecryptedContent {
    SecretBytes content;
    Integrity integrity = Integrity::Unknown;
    std::string cipher;      //!< "aes-256-cbc"
    std::string fingerprint; //!< of our certificate that opened it
};

//! Verifies and decrypts; what tests can put something else in the place of. Any thread.
class CmsReader {
public:
    CmsReader() = default;
    CmsReader(const CmsReader &) = delete;
    CmsReader &operator=(const CmsReader &) = delete;
    virtual ~CmsReader() = default;
    //! Of bytes in DER or BER.
    [[nodiscard]] virtual CmsKind kindOf(std::string_view cms) = 0;
    //! The content comes out only where all of it has been read, and authenticated if it can be.
    //! FixInput "cms.unreadable", "cms.no-key" (none of our keys is a recipient's), "cms.decrypt"
    //! (damaged or changed), "cms.weak-tag"; Keychain's and gpg-agent's.
    [[nodiscard]] virtual Result<DecryptedContent> decrypt(std::string_view cms,
                                                           Deadline deadline) = 0;
    //! The content of CompressedData (RFC 3274), which protects nothing. FixInput "cms.unreadable",
    //! "cms.too-large": past 200 MiB, or 250 times its compressed size.
    [[nodiscard]] virtual Result<std::string> uncompress(std::string_view cms) = 0;
    //! `outside`: the content of a detached signature; none: it must be in the message.
    //! FixInput "cms.unreadable", "cms.content" (inside where it must be outside, or the reverse).
    [[nodiscard]] virtual Result<SignedContent> verify(std::string_view cms,
                                                       std::optional<std::string_view> outside,
                                                       Deadline deadline, std::stop_token stop) = 0;
};

//! By OpenSSL, with the store's certificates and keys; imports nothing.
[[nodiscard]] std::unique_ptr<CmsReader> newCmsReader(std::shared_ptr<CertificateStore> store);

} // namespace sealpost::crypto
