// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SaslClient.h"

#include "base/Base64.h"
#include "crypto/OpenSslPtr.h"

#include <algorithm>
#include <array>
#include <gsasl.h>
#include <openssl/crypto.h>
#include <utility>

namespace sealpost::crypto {

namespace {
constexpr std::string_view kStage = "sasl";

struct Mechanism {
    std::string_view name;
    SaslProof proof;
    bool binds = false;
    bool ours = false; //!< made here, for libgsasl has none of OAuth's
};

//! By falling strength.
constexpr std::array kMechanisms = {
    Mechanism{"SCRAM-SHA-256-PLUS", SaslProof::Password, true, false},
    Mechanism{"SCRAM-SHA-1-PLUS", SaslProof::Password, true, false},
    Mechanism{"SCRAM-SHA-256", SaslProof::Password, false, false},
    Mechanism{"SCRAM-SHA-1", SaslProof::Password, false, false},
    Mechanism{"PLAIN", SaslProof::Password, false, false},
    Mechanism{"LOGIN", SaslProof::Password, false, false},
    Mechanism{"OAUTHBEARER", SaslProof::AccessToken, false, true},
    Mechanism{"XOAUTH2", SaslProof::AccessToken, false, true},
    Mechanism{"EXTERNAL", SaslProof::Certificate, false, false},
};

//! One exchange of libgsasl's.
class GsaslExchange final : public SaslClient {
public:
    static Result<std::unique_ptr<SaslClient>>
    start(std::string_view mechanism, const SaslIdentity &identity, const SecretBytes &secret) {
        auto made = std::unique_ptr<GsaslExchange>(new GsaslExchange(mechanism));
        Gsasl *library = nullptr;
        if (gsasl_init(&library) != GSASL_OK) {
            return fail("sasl.setup", kStage, Reaction::Bug);
        }
        made->m_library.reset(library);
        Gsasl_session *session = nullptr;
        if (gsasl_client_start(library, made->m_mechanism.c_str(), &session) != GSASL_OK) {
            return fail("sasl.mechanism", kStage, Reaction::Bug, mechanism);
        }
        made->m_session.reset(session);
        if (const auto set = made->tell(identity, secret); set != GSASL_OK) {
            return fail("sasl.setup", kStage, Reaction::Bug, gsasl_strerror_name(set));
        }
        return made;
    }

    [[nodiscard]] std::string_view mechanism() const override { return m_mechanism; }
    [[nodiscard]] bool speaksFirst() const override { return m_mechanism != "LOGIN"; }
    [[nodiscard]] bool complete() const override { return m_complete; }

    [[nodiscard]] Result<SecretBytes> step(std::string_view challenge) override {
        if (m_complete) {
            // Not asked twice: some mechanisms would say the password again.
            return fail("sasl.challenge", kStage, Reaction::AskAdmin, m_mechanism);
        }
        char *out = nullptr;
        std::size_t size = 0;
        const int code =
            gsasl_step(m_session.get(), challenge.data(), challenge.size(), &out, &size);
        std::string answer;
        if (out != nullptr) {
            answer.assign(out, size);
            OPENSSL_cleanse(out, size);
            gsasl_free(out);
        }
        if (code != GSASL_OK && code != GSASL_NEEDS_MORE) {
            base::wipe(answer);
            // SCRAM's last step is where the server's signature is checked.
            const bool proof = m_steps > 1 && m_mechanism.starts_with("SCRAM");
            return fail(proof ? "sasl.server-proof" : "sasl.challenge", kStage, Reaction::AskAdmin,
                        m_mechanism + " " + text(gsasl_strerror_name(code)));
        }
        ++m_steps;
        // LOGIN is over with its second answer, which libgsasl says as the others do.
        m_complete = code == GSASL_OK;
        return SecretBytes(std::move(answer));
    }

private:
    explicit GsaslExchange(std::string_view mechanism) : m_mechanism(mechanism) {}

    static std::string text(const char *name) { return name == nullptr ? "" : name; }

    int tell(const SaslIdentity &identity, const SecretBytes &secret) {
        const auto set = [this](Gsasl_property property, std::string_view value) {
            return gsasl_property_set_raw(m_session.get(), property, value.data(), value.size());
        };
        int code = set(GSASL_AUTHID, identity.userName);
        if (m_mechanism == "EXTERNAL") {
            // Empty: whoever the certificate names (RFC 4422 appendix A).
            return set(GSASL_AUTHZID, "");
        }
        if (code == GSASL_OK) {
            code = set(GSASL_PASSWORD, secret.view());
        }
        // To a mechanism that does not bind, libgsasl 2.2 takes a binding for an error. So "y" of
        // RFC 5802 §6, "I could have bound", is not said; the list of mechanisms came under TLS.
        const bool binds = m_mechanism.ends_with("-PLUS");
        const auto &[exporter, unique] = identity.binding;
        if (code == GSASL_OK && binds && !exporter.empty()) {
            code = set(GSASL_CB_TLS_EXPORTER, base::toBase64(exporter));
        }
        if (code == GSASL_OK && binds && !unique.empty()) {
            code = set(GSASL_CB_TLS_UNIQUE, base::toBase64(unique));
        }
        return code;
    }

    std::string m_mechanism;
    OpenSslPtr<Gsasl, gsasl_done> m_library;
    OpenSslPtr<Gsasl_session, gsasl_finish> m_session; // before its library at the end
    int m_steps = 0;
    bool m_complete = false;
};

//! OAUTHBEARER (RFC 7628) and XOAUTH2 (its forerunner at Google and Microsoft): one response, and
//! one more where the server says why it refuses.
class OAuthExchange final : public SaslClient {
public:
    OAuthExchange(std::string_view mechanism, const SaslIdentity &identity,
                  const SecretBytes &token)
        : m_mechanism(mechanism),
          m_first(isBearer() ? bearer(identity, token) : xoauth2(identity, token)) {}

    [[nodiscard]] std::string_view mechanism() const override { return m_mechanism; }
    [[nodiscard]] bool speaksFirst() const override { return true; }
    [[nodiscard]] bool complete() const override { return m_said && !m_refused; }

    [[nodiscard]] Result<SecretBytes> step(std::string_view /*challenge*/) override {
        if (!std::exchange(m_said, true)) {
            return std::move(m_first);
        }
        if (std::exchange(m_refused, true)) {
            return fail("sasl.challenge", kStage, Reaction::AskAdmin, m_mechanism);
        }
        //= RFC 7628 §3.2.3: the client answers the error with a lone %x01.
        return isBearer() ? SecretBytes(std::string_view("\x01")) : SecretBytes();
    }

private:
    [[nodiscard]] bool isBearer() const { return m_mechanism == "OAUTHBEARER"; }

    //! As gs2-header's authzid has it (RFC 5801 §4).
    static std::string saslName(std::string_view name) {
        std::string out;
        for (const char c : name) {
            if (c == ',') {
                out += "=2C";
            } else if (c == '=') {
                out += "=3D";
            } else {
                out += c;
            }
        }
        return out;
    }

    static SecretBytes bearer(const SaslIdentity &identity, const SecretBytes &token) {
        std::string text = "n,a=" + saslName(identity.userName) + ",\x01host=" + identity.host +
                           "\x01port=" + std::to_string(identity.port) + "\x01";
        return withToken(std::move(text), token);
    }

    static SecretBytes xoauth2(const SaslIdentity &identity, const SecretBytes &token) {
        return withToken("user=" + identity.userName + "\x01", token);
    }

    static SecretBytes withToken(std::string text, const SecretBytes &token) {
        constexpr std::string_view kBefore = "auth=Bearer ";
        text.reserve(text.size() + kBefore.size() + token.size() + 2);
        text += kBefore;
        text += token.view();
        text += "\x01\x01";
        return SecretBytes(std::move(text));
    }

    std::string m_mechanism;
    SecretBytes m_first;
    bool m_said = false;
    bool m_refused = false;
};

//! What ends a field in one of the mechanisms.
bool sayable(std::string_view text) {
    return text.find('\0') == std::string_view::npos && text.find('\x01') == std::string_view::npos;
}

const Mechanism *find(std::string_view name) {
    const auto *const found = std::find_if(kMechanisms.begin(), kMechanisms.end(),
                                           [&](const auto &one) { return one.name == name; });
    return found == kMechanisms.end() ? nullptr : found;
}

} // namespace

std::string_view strongestMechanism(std::span<const std::string> offered, SaslProof proof,
                                    bool hasBinding) {
    for (const auto &one : kMechanisms) {
        if (one.proof == proof && (hasBinding || !one.binds) &&
            std::find(offered.begin(), offered.end(), one.name) != offered.end()) {
            return one.name;
        }
    }
    return {};
}

Result<std::unique_ptr<SaslClient>> SaslClient::start(std::string_view mechanism,
                                                      const SaslIdentity &identity,
                                                      const SecretBytes &secret) {
    const auto *known = find(mechanism);
    if (known == nullptr) {
        return fail("sasl.mechanism", kStage, Reaction::Bug, mechanism);
    }
    const bool needsSecret = known->proof != SaslProof::Certificate;
    if (!sayable(identity.userName) || !sayable(secret.view()) ||
        (needsSecret && (identity.userName.empty() || secret.empty()))) {
        return fail("sasl.identity", kStage, Reaction::FixInput);
    }
    if (known->binds && identity.binding.empty()) {
        return fail("sasl.mechanism", kStage, Reaction::Bug, "nothing to bind to");
    }
    if (known->ours) {
        return std::make_unique<OAuthExchange>(mechanism, identity, secret);
    }
    return GsaslExchange::start(mechanism, identity, secret);
}

} // namespace sealpost::crypto
