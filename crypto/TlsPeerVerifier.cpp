// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/TlsPeerVerifier.h"

#include "base/Text.h"
#include "crypto/OpenSslPtr.h"
#include "crypto/SystemRoots.h"
#include "crypto/X509Facts.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace sealpost::crypto {
namespace {

// The strength of SHA-224 and above; SHA-1 has 63 bits and MD5 39 by OpenSSL's count.
constexpr int kMinimumSignatureBits = 112;

void add(std::vector<PeerProblem> &problems, PeerProblem problem) {
    if (std::ranges::find(problems, problem) == problems.end()) {
        problems.push_back(problem);
    }
}

PeerProblem problemFrom(int error, int depth) {
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return PeerProblem::Expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return PeerProblem::NotYetValid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return PeerProblem::SelfSigned;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
        return PeerProblem::UntrustedRoot;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return PeerProblem::IncompleteChain;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        // A server need not send its root: with an intermediate there, the root is what we lack.
        return depth == 0 ? PeerProblem::IncompleteChain : PeerProblem::UntrustedRoot;
    case X509_V_ERR_INVALID_PURPOSE:
        return PeerProblem::WrongPurpose;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
        return PeerProblem::WeakKey;
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return PeerProblem::WeakSignature;
    case X509_V_ERR_CERT_REVOKED:
        return PeerProblem::Revoked;
    default:
        return PeerProblem::Other;
    }
}

int collect(int ok, X509_STORE_CTX *context) {
    if (ok != 1) {
        auto *problems =
            static_cast<std::vector<PeerProblem> *>(X509_STORE_CTX_get_app_data(context));
        add(*problems, problemFrom(X509_STORE_CTX_get_error(context),
                                   X509_STORE_CTX_get_error_depth(context)));
    }
    return 1; // go on, so that every fault is found; the caller decides by the list
}

bool matchesName(X509 *leaf, std::string_view host) {
    if (isIpLiteral(host)) {
        return X509_check_ip_asc(leaf, std::string(host).c_str(), 0) == 1;
    }
    //= RFC 6125 §6.4.4: the subject's common name does not count where it could be avoided; it
    // never counts here (RFC 9525 §2).
    constexpr unsigned kFlags =
        X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
    return X509_check_host(leaf, host.data(), host.size(), kFlags, nullptr) == 1;
}

bool hasWeakKey(const X509 *certificate, const PeerRequirements &requirements) {
    const auto key = x509::keyOf(certificate);
    switch (key.kind) {
    case x509::KeyKind::Rsa:
        return key.bits < requirements.minimumRsaBits;
    case x509::KeyKind::Ec:
        return key.bits < requirements.minimumEcBits;
    case x509::KeyKind::Edwards:
        return false;
    case x509::KeyKind::Other:
        return true;
    }
    return true;
}

bool hasWeakSignature(X509 *certificate) {
    int strength = 0;
    return X509_get_signature_info(certificate, nullptr, nullptr, &strength, nullptr) != 1 ||
           strength < kMinimumSignatureBits;
}

// A root is trusted by name, not by its own signature or size.
void judgeStrength(const STACK_OF(X509) * chain, const PeerRequirements &requirements,
                   std::vector<PeerProblem> &problems) {
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        auto *certificate = sk_X509_value(chain, i);
        const bool isSelfSigned = X509_self_signed(certificate, 0) == 1;
        if ((i == 0 || !isSelfSigned) && hasWeakKey(certificate, requirements)) {
            add(problems, PeerProblem::WeakKey);
        }
        if (!isSelfSigned && hasWeakSignature(certificate)) {
            add(problems, PeerProblem::WeakSignature);
        }
    }
}

void describe(X509 *leaf, TlsPeerInfo &info) {
    info.subject = x509::nameOf(X509_get_subject_name(leaf));
    info.issuer = x509::nameOf(X509_get_issuer_name(leaf));
    info.sha256 = x509::sha256Of(leaf);
    info.names = x509::dnsNamesOf(leaf);
    info.notBefore = x509::timeOf(X509_get0_notBefore(leaf));
    info.notAfter = x509::timeOf(X509_get0_notAfter(leaf));
    const auto key = x509::keyOf(leaf);
    info.keyType = key.type;
    info.keyBits = key.bits;
    info.signature = x509::signatureOf(leaf);
}

PeerCertificate linkOf(const X509 *certificate) {
    const auto key = x509::keyOf(certificate);
    return {x509::nameOf(X509_get_subject_name(certificate)),
            x509::nameOf(X509_get_issuer_name(certificate)),
            x509::timeOf(X509_get0_notBefore(certificate)),
            x509::timeOf(X509_get0_notAfter(certificate)),
            key.type,
            key.bits,
            x509::signatureOf(certificate),
            x509::sha256Of(certificate)};
}

std::string derOf(const X509 *certificate) {
    unsigned char *bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    if (size <= 0) {
        return {};
    }
    std::string der(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

void describeChain(const X509 *leaf, const STACK_OF(X509) * sent, TlsPeerInfo &info) {
    const auto describe = [&](const X509 *certificate) {
        info.chain.push_back(derOf(certificate));
        info.links.push_back(linkOf(certificate));
    };
    info.chain.clear();
    info.links.clear();
    for (int i = 0; i < sk_X509_num(sent); ++i) {
        describe(sk_X509_value(sent, i));
    }
    if (info.chain.empty()) {
        describe(leaf);
    }
}

//! The second of a chain that was built, whether or not it ends well; a self-signed one is its own.
std::shared_ptr<X509> issuerIn(const STACK_OF(X509) * chain) {
    X509 *issuer = nullptr;
    if (sk_X509_num(chain) > 1) {
        issuer = sk_X509_value(chain, 1);
    } else if (sk_X509_num(chain) == 1 && X509_self_signed(sk_X509_value(chain, 0), 1) == 1) {
        issuer = sk_X509_value(chain, 0);
    }
    if (issuer == nullptr || X509_up_ref(issuer) != 1) {
        return nullptr;
    }
    return {issuer, X509_free};
}

std::vector<std::string> matchedNames(X509 *leaf, const PeerRequirements &requirements) {
    std::vector<std::string> matched;
    const auto look = [&](const std::string &name) {
        if (isHostNameOrIp(name) && matchesName(leaf, name) &&
            std::ranges::find(matched, name) == matched.end()) {
            matched.push_back(name);
        }
    };
    look(requirements.host);
    std::ranges::for_each(requirements.furtherNames, look);
    return matched;
}

} // namespace

bool certificateMatches(std::string_view certificateDer, std::string_view host) {
    const auto *at = reinterpret_cast<const unsigned char *>(certificateDer.data());
    const OpenSslPtr<X509, X509_free> leaf(
        d2i_X509(nullptr, &at, static_cast<long>(certificateDer.size())));
    const bool matches = leaf && isHostNameOrIp(host) && matchesName(leaf.get(), host);
    ERR_clear_error();
    return matches;
}

bool isIpLiteral(std::string_view host) {
    const OpenSslPtr<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> address(
        a2i_IPADDRESS(std::string(host).c_str()));
    ERR_clear_error();
    return address != nullptr;
}

bool isHostNameOrIp(std::string_view host) {
    constexpr std::string_view kCharacters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    constexpr std::size_t kLongest = 253;
    if (host.empty() || host.size() > kLongest) {
        return false;
    }
    if (host.find_first_not_of(kCharacters) == std::string_view::npos) {
        const auto labels = base::split(host, '.');
        return std::ranges::none_of(labels, [](const auto &label) { return label.empty(); });
    }
    return host.find('\0') == std::string_view::npos && isIpLiteral(host);
}

namespace {
using Roots = std::shared_ptr<X509_STORE>;

//! Roots that were read a moment ago. To read some hundred of them for each of many connections
//! costs more than the handshakes; a change of the roots counts after a few minutes.
class RootsCache {
public:
    [[nodiscard]] Roots get(const std::string &key) {
        const std::lock_guard lock(m_mutex);
        const auto found = m_held.find(key);
        const bool isCurrent =
            found != m_held.end() && std::chrono::steady_clock::now() < found->second.until;
        return isCurrent ? found->second.roots : nullptr;
    }
    void put(const std::string &key, const Roots &roots) {
        constexpr std::size_t kMost = 4;
        const std::lock_guard lock(m_mutex);
        if (m_held.size() >= kMost) {
            m_held.clear();
        }
        m_held[key] = {roots, std::chrono::steady_clock::now() + std::chrono::minutes(5)};
    }

private:
    struct Held {
        Roots roots;
        std::chrono::steady_clock::time_point until;
    };
    std::mutex m_mutex;
    std::map<std::string, Held> m_held;
};

//! Which roots these are: the system's, or a file as it stands at present.
std::string rootsKey(const std::optional<std::string> &caFile) {
    if (!caFile) {
        return {};
    }
    std::error_code error;
    const auto written = std::filesystem::last_write_time(*caFile, error);
    const auto size = std::filesystem::file_size(*caFile, error);
    return *caFile + '\n' + std::to_string(written.time_since_epoch().count()) + '\n' +
           std::to_string(size);
}

bool useSystemRoots(X509_STORE *roots) {
    const auto folder = hashedRootsFolder();
    if (folder.empty()) {
        return X509_STORE_set_default_paths(roots) == 1;
    }
    auto *lookup = X509_STORE_add_lookup(roots, X509_LOOKUP_hash_dir());
    return lookup != nullptr && X509_LOOKUP_add_dir(lookup, folder.c_str(), X509_FILETYPE_PEM) == 1;
}

RootsCache &rootsCache() {
    // Never destroyed: OpenSSL has cleaned up before, when the program ends.
    static auto &cache = *new RootsCache; // NOLINT(cppcoreguidelines-owning-memory)
    return cache;
}
} // namespace

Result<TlsPeerVerifier> TlsPeerVerifier::create(const std::optional<std::string> &caFile) {
    const auto key = rootsKey(caFile);
    if (auto held = rootsCache().get(key)) {
        return TlsPeerVerifier(std::move(held));
    }
    std::shared_ptr<X509_STORE> roots(X509_STORE_new(), X509_STORE_free);
    const bool loaded = roots && (caFile ? X509_STORE_load_file(roots.get(), caFile->c_str()) == 1
                                         : useSystemRoots(roots.get()));
    ERR_clear_error();
    if (!loaded) {
        return fail("tls.ca-file", "tls", Reaction::AskAdmin,
                    caFile ? "no certificate in the file of roots" : "no system roots",
                    caFile.value_or(""));
    }
    rootsCache().put(key, roots);
    return TlsPeerVerifier(std::move(roots));
}

std::shared_ptr<x509_st> TlsPeerVerifier::judge(x509_st *leaf, stack_st_X509 *sent,
                                                const PeerRequirements &requirements,
                                                TlsPeerInfo &info) const {
    describe(leaf, info);
    describeChain(leaf, sent, info);
    std::shared_ptr<X509> issuer;
    std::vector<PeerProblem> problems;
    const OpenSslPtr<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
    if (context && X509_STORE_CTX_init(context.get(), m_roots.get(), leaf, sent) == 1 &&
        X509_STORE_CTX_set_default(context.get(), "ssl_server") == 1) {
        if (requirements.now != Time{}) {
            X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(context.get()),
                                       requirements.now.time_since_epoch().count());
        }
        X509_STORE_CTX_set_app_data(context.get(), &problems);
        X509_STORE_CTX_set_verify_cb(context.get(), collect);
        if (X509_verify_cert(context.get()) != 1) {
            add(problems, PeerProblem::Other); // broke off by itself: memory, or a malformed chain
        }
        info.chainValid = problems.empty();
        const auto *built = X509_STORE_CTX_get0_chain(context.get());
        judgeStrength(built, requirements, problems);
        issuer = issuerIn(built);
    } else {
        info.chainValid = false;
        add(problems, PeerProblem::Other);
    }
    info.matchedNames = matchedNames(leaf, requirements);
    info.nameMatches = !info.matchedNames.empty() && info.matchedNames.front() == requirements.host;
    if (!info.nameMatches) {
        add(problems, PeerProblem::NameMismatch);
    }
    ERR_clear_error();
    info.problems = std::move(problems);
    return issuer;
}

} // namespace sealpost::crypto
