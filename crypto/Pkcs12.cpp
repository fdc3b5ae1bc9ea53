// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/Pkcs12.h"

#include "crypto/KeySexp.h"

#include <algorithm>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <optional>

namespace sealpost::crypto {
namespace {

constexpr auto kStage = "import";
constexpr long kMostIterations = 50'000'000; // some seconds; a file may ask for 2³¹

void freeSafes(STACK_OF(PKCS7) * safes) {
    sk_PKCS7_pop_free(safes, PKCS7_free);
}
void freeBags(STACK_OF(PKCS12_SAFEBAG) * bags) {
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
using BagsPtr = OpenSslPtr<STACK_OF(PKCS12_SAFEBAG), freeBags>;
using LibraryPtr = OpenSslPtr<OSSL_LIB_CTX, OSSL_LIB_CTX_free>;
using Pkcs8Ptr = OpenSslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using Pkcs12Ptr = OpenSslPtr<PKCS12, PKCS12_free>;
using SafesPtr = OpenSslPtr<STACK_OF(PKCS7), freeSafes>;

tl::unexpected<Error> failed(std::string_view code, std::string_view detail = {}) {
    ERR_clear_error();
    return fail(code, kStage, Reaction::FixInput, detail);
}

//! OpenSSL with the legacy algorithms, in a context of its own: nothing else may use RC2.
class LegacyLibrary {
public:
    LegacyLibrary() : m_library(OSSL_LIB_CTX_new()) {
        if (m_library) {
            m_default = OSSL_PROVIDER_load(m_library.get(), "default");
            m_legacy = OSSL_PROVIDER_load(m_library.get(), "legacy");
            ERR_clear_error(); // without the legacy provider modern files can still be read
        }
    }
    ~LegacyLibrary() {
        for (auto *provider : {m_legacy, m_default}) {
            if (provider != nullptr) {
                OSSL_PROVIDER_unload(provider);
            }
        }
    }
    LegacyLibrary(const LegacyLibrary &) = delete;
    LegacyLibrary &operator=(const LegacyLibrary &) = delete;
    [[nodiscard]] OSSL_LIB_CTX *get() const { return m_library.get(); }

private:
    LibraryPtr m_library;
    OSSL_PROVIDER *m_default = nullptr;
    OSSL_PROVIDER *m_legacy = nullptr;
};

//! What a passphrase looks like to OpenSSL: an empty one comes in two encodings.
struct Passphrase {
    const char *text = nullptr;
    int size = 0;
};

class Reader {
public:
    explicit Reader(const SecretBytes &passphrase) : m_terminated(terminated(passphrase)) {}

    Result<Pkcs12Content> read(std::string_view bytes) {
        return open(bytes)
            .and_then([this] { return findPassphrase(); })
            .and_then([this] { return readSafes(); })
            .and_then([this] { return match(); });
    }

private:
    static SecretBytes terminated(const SecretBytes &passphrase) {
        return SecretBytes(std::string(passphrase.view()) + '\0');
    }

    Result<void> open(std::string_view bytes) {
        const auto bio = readerOf(bytes);
        PKCS12 *file = PKCS12_init_ex(NID_pkcs7_data, m_library.get(), nullptr);
        if (!bio || file == nullptr) {
            return failed("pkcs12.unreadable");
        }
        const bool decoded = d2i_PKCS12_bio(bio.get(), &file) != nullptr;
        m_file.reset(file); // a failure has freed it and made it null, or left it alone
        if (!decoded) {
            return failed("pkcs12.unreadable");
        }
        return {};
    }

    Result<void> findPassphrase() {
        const Passphrase given{m_terminated.view().data(),
                               static_cast<int>(m_terminated.size()) - 1};
        if (PKCS12_mac_present(m_file.get()) != 1) {
            m_passphrase = given;
            return {};
        }
        const ASN1_INTEGER *iterations = nullptr;
        PKCS12_get0_mac(nullptr, nullptr, nullptr, &iterations, m_file.get());
        if (iterations != nullptr &&
            (ASN1_INTEGER_get(iterations) < 0 || ASN1_INTEGER_get(iterations) > kMostIterations)) {
            return failed("pkcs12.unreadable", "iterations");
        }
        for (const auto &candidate : {given, Passphrase{nullptr, 0}}) {
            const bool tried = candidate.text == nullptr && given.size != 0;
            if (!tried && PKCS12_verify_mac(m_file.get(), candidate.text, candidate.size) == 1) {
                m_passphrase = candidate;
                return {};
            }
        }
        return failed("pkcs12.wrong-passphrase");
    }

    Result<void> readSafes() {
        const SafesPtr safes(PKCS12_unpack_authsafes(m_file.get()));
        if (!safes) {
            return failed("pkcs12.unreadable", takeOpenSslError());
        }
        for (int i = 0; i < sk_PKCS7_num(safes.get()); ++i) {
            auto *safe = sk_PKCS7_value(safes.get(), i);
            const int kind = OBJ_obj2nid(safe->type);
            if (kind != NID_pkcs7_data && kind != NID_pkcs7_encrypted) {
                continue;
            }
            const BagsPtr bags(
                kind == NID_pkcs7_data
                    ? PKCS12_unpack_p7data(safe)
                    : PKCS12_unpack_p7encdata(safe, m_passphrase.text, m_passphrase.size));
            if (!bags) {
                return cannotDecrypt();
            }
            if (auto done = readBags(bags.get(), 0); !done) {
                return done;
            }
        }
        return {};
    }

    //! Without a MAC, the first thing that can't be decrypted is what shows a wrong passphrase.
    [[nodiscard]] tl::unexpected<Error> cannotDecrypt() const {
        return PKCS12_mac_present(m_file.get()) == 1
                   ? failed("pkcs12.unreadable", takeOpenSslError())
                   : failed("pkcs12.wrong-passphrase");
    }

    Result<void> readBags(const STACK_OF(PKCS12_SAFEBAG) * bags, int depth) {
        constexpr int kDeepest = 8;
        if (depth > kDeepest) {
            return failed("pkcs12.unreadable", "nesting");
        }
        for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
            if (auto done = readBag(sk_PKCS12_SAFEBAG_value(bags, i), depth); !done) {
                return done;
            }
        }
        return {};
    }

    Result<void> readBag(const PKCS12_SAFEBAG *bag, int depth) {
        switch (PKCS12_SAFEBAG_get_nid(bag)) {
        case NID_keyBag:
            return addKey(PKCS12_SAFEBAG_get0_p8inf(bag));
        case NID_pkcs8ShroudedKeyBag: {
            const Pkcs8Ptr key(PKCS12_decrypt_skey_ex(bag, m_passphrase.text, m_passphrase.size,
                                                      m_library.get(), nullptr));
            return key ? addKey(key.get()) : Result<void>(cannotDecrypt());
        }
        case NID_certBag:
            return addCertificate(X509Ptr(PKCS12_SAFEBAG_get1_cert(bag)));
        case NID_safeContentsBag:
            return readBags(PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
        default:
            return {};
        }
    }

    Result<void> addKey(const PKCS8_PRIV_KEY_INFO *info) {
        KeyPtr key(EVP_PKCS82PKEY_ex(info, m_library.get(), nullptr));
        if (!key) {
            return failed("pkcs12.unsupported-key", takeOpenSslError());
        }
        const bool known = std::ranges::any_of(m_keys, [&key](const KeyPtr &other) {
            return EVP_PKEY_eq(key.get(), other.get()) == 1;
        });
        if (!known) {
            m_keys.push_back(std::move(key));
        }
        return {};
    }

    //! By way of its bytes, so that it does not belong to the library context that goes away.
    Result<void> addCertificate(const X509Ptr &certificate) {
        unsigned char *encoded = nullptr;
        const int size = certificate ? i2d_X509(certificate.get(), &encoded) : 0;
        const unsigned char *at = encoded;
        X509Ptr copy(size > 0 ? d2i_X509(nullptr, &at, size) : nullptr);
        OPENSSL_free(encoded);
        if (!copy) {
            return failed("pkcs12.unreadable", "certificate");
        }
        m_certificates.push_back(std::move(copy));
        return {};
    }

    Result<Pkcs12Content> match() {
        if (m_keys.empty()) {
            return failed("pkcs12.no-key");
        }
        Pkcs12Content content;
        for (const auto &key : m_keys) {
            auto expression = sexp::privateKey(key.get());
            if (!expression) {
                return fail(expression.error());
            }
            // Keys of two library contexts can't be compared, so their names in the agent are.
            const auto own = std::ranges::find_if(m_certificates, [&](const X509Ptr &candidate) {
                return sexp::keygrip(X509_get0_pubkey(candidate.get())) == sexp::keygrip(key.get());
            });
            if (own == m_certificates.end()) {
                return failed("pkcs12.no-certificate");
            }
            content.identities.push_back({std::move(*expression), std::move(*own)});
            m_certificates.erase(own);
        }
        content.others = std::move(m_certificates);
        return content;
    }

    LegacyLibrary m_library; // first: outlives what was made in it
    SecretBytes m_terminated;
    Passphrase m_passphrase;
    Pkcs12Ptr m_file;
    std::vector<KeyPtr> m_keys;
    std::vector<X509Ptr> m_certificates;
};

} // namespace

Result<Pkcs12Content> parsePkcs12(std::string_view bytes, const SecretBytes &passphrase) {
    return Reader(passphrase).read(bytes);
}

} // namespace sealpost::crypto
