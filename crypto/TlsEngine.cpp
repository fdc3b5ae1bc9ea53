// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/TlsEngine.h"

#include "base/Text.h"
#include "crypto/OcspStapleCheck.h"
#include "crypto/OpenSslPtr.h"
#include "crypto/TlsPeerVerifier.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <utility>

namespace sealpost::crypto {
namespace {

using SslContext = std::shared_ptr<SSL_CTX>;
using Certificate = OpenSslPtr<X509, X509_free>;

//= RFC 9325 §4.1: no null encryption, nothing below 112 bits, no RSA key transport.
constexpr const char *kEnforcedCiphers =
    "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:ECDHE+AES:DHE+AES:!aNULL:!eNULL:!DSS:!PSK";
// A probe wants to see what a poor server has; but without a certificate there is nothing to see.
constexpr const char *kRecordedCiphers = "ALL:!aNULL:!eNULL:!PSK:!SRP";
constexpr int kEnforcedLevel = 2; // 112 bits
constexpr int kRecordedLevel = 0;
constexpr int kModernVersion = 12;
constexpr int kOldestVersion = 10;

int protocolFrom(int version) {
    switch (version) {
    case 10:
        return TLS1_VERSION;
    case 11:
        return TLS1_1_VERSION;
    case 13:
        return TLS1_3_VERSION;
    default:
        return TLS1_2_VERSION;
    }
}

auto brokenSetup(std::string_view what) {
    ERR_clear_error();
    return fail("tls.setup", "tls", Reaction::Bug, what);
}

OpenSslPtr<BIO, BIO_free_all> reading(std::string_view text) {
    return OpenSslPtr<BIO, BIO_free_all>(
        BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

bool useChain(SSL_CTX *context, std::string_view pem) {
    const auto in = reading(pem);
    const Certificate leaf(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1) {
        return false;
    }
    while (Certificate next{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}) {
        if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) {
            return false;
        }
    }
    ERR_clear_error(); // the last read's "no start line" is the end of the text
    return true;
}

bool useKey(SSL_CTX *context, std::string_view pem) {
    const auto in = reading(pem);
    const OpenSslPtr<EVP_PKEY, EVP_PKEY_free> key(
        PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1 &&
           SSL_CTX_check_private_key(context) == 1;
}

bool setVersions(SSL_CTX *context, int least, int most) {
    return SSL_CTX_set_min_proto_version(context, protocolFrom(least)) == 1 &&
           SSL_CTX_set_max_proto_version(context, protocolFrom(most)) == 1;
}

SslContext makeContext(const SSL_METHOD *method) {
    SslContext context(SSL_CTX_new(method), SSL_CTX_free);
    if (context) {
        //= RFC 9325 §3.3 and §3.5: no compression, no renegotiation.
        SSL_CTX_set_options(context.get(),
                            SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
        SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
        SSL_CTX_set_num_tickets(context.get(), 0);
    }
    return context;
}

SslContext makeClientContext(bool enforced, int least) {
    auto context = makeContext(TLS_client_method());
    if (!context) {
        return {};
    }
    SSL_CTX_set_security_level(context.get(), enforced ? kEnforcedLevel : kRecordedLevel);
    if (!enforced) {
        // Servers without RFC 5746 are to be seen by a probe too.
        SSL_CTX_set_options(context.get(), SSL_OP_LEGACY_SERVER_CONNECT);
    } else {
        SSL_CTX_clear_options(context.get(), SSL_OP_LEGACY_SERVER_CONNECT);
    }
    const bool good =
        setVersions(context.get(), least, 13) &&
        SSL_CTX_set_cipher_list(context.get(), enforced ? kEnforcedCiphers : kRecordedCiphers) == 1;
    return good ? std::move(context) : SslContext();
}

//! The alert that tells the peer why it was refused is chosen by this error.
int verifyErrorFor(const std::vector<PeerProblem> &problems) {
    switch (problems.empty() ? PeerProblem::Other : problems.front()) {
    case PeerProblem::Expired:
        return X509_V_ERR_CERT_HAS_EXPIRED;
    case PeerProblem::NotYetValid:
        return X509_V_ERR_CERT_NOT_YET_VALID;
    case PeerProblem::SelfSigned:
    case PeerProblem::UntrustedRoot:
    case PeerProblem::IncompleteChain:
        return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
    case PeerProblem::NameMismatch:
        return X509_V_ERR_HOSTNAME_MISMATCH;
    case PeerProblem::WrongPurpose:
        return X509_V_ERR_INVALID_PURPOSE;
    case PeerProblem::WeakKey:
        return X509_V_ERR_EE_KEY_TOO_SMALL;
    case PeerProblem::WeakSignature:
        return X509_V_ERR_CA_MD_TOO_WEAK;
    case PeerProblem::Revoked:
        return X509_V_ERR_CERT_REVOKED;
    case PeerProblem::DaneMismatch:
        return X509_V_ERR_DANE_NO_MATCH;
    case PeerProblem::OldProtocol:
    case PeerProblem::WeakCipher:
    case PeerProblem::Other:
        return X509_V_ERR_CERT_REJECTED;
    }
    return X509_V_ERR_CERT_REJECTED;
}

std::string wordsOf(const std::vector<PeerProblem> &problems) {
    std::vector<std::string> words;
    words.reserve(problems.size());
    for (const auto problem : problems) {
        words.emplace_back(toString(problem));
    }
    return base::join(words, ",");
}

int numberOf(std::string_view version) {
    if (version == "TLSv1.3") {
        return 13;
    }
    if (version == "TLSv1.2") {
        return 12;
    }
    return version == "TLSv1.1" ? 11 : 10;
}

std::string groupOf(SSL *ssl) {
    if (const auto id = SSL_get_negotiated_group(ssl); id != 0) {
        const char *name = SSL_group_to_name(ssl, static_cast<int>(id));
        return name != nullptr ? name : "";
    }
    EVP_PKEY *shared = nullptr; // finite-field Diffie-Hellman of TLS 1.2 has no named group
    if (SSL_get_peer_tmp_key(ssl, &shared) != 1) {
        return {};
    }
    const OpenSslPtr<EVP_PKEY, EVP_PKEY_free> key(shared);
    return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_DH
               ? "dh" + std::to_string(EVP_PKEY_get_bits(key.get()))
               : std::string();
}

//! What the list of ciphers that are enforced would not have let through.
//= RFC 9325 §4.1 and §4.2: nothing below 112 bits, forward secrecy; 3DES falls to Sweet32.
bool hasWeakCipher(SSL *ssl) {
    constexpr int kLeastBits = 112;
    const auto *cipher = SSL_get_current_cipher(ssl);
    if (cipher == nullptr || SSL_CIPHER_get_bits(cipher, nullptr) < kLeastBits) {
        return true;
    }
    const int kind = SSL_CIPHER_get_cipher_nid(cipher);
    if (kind == NID_des_ede3_cbc || kind == NID_rc4 ||
        SSL_CIPHER_get_kx_nid(cipher) == NID_kx_rsa) {
        return true;
    }
    EVP_PKEY *shared = nullptr;
    if (SSL_get_peer_tmp_key(ssl, &shared) != 1) {
        return false;
    }
    const OpenSslPtr<EVP_PKEY, EVP_PKEY_free> key(shared);
    return EVP_PKEY_get_security_bits(key.get()) < kLeastBits;
}

bool isVersionReason(int reason) {
    constexpr std::array kReasons = {
        SSL_R_UNSUPPORTED_PROTOCOL,   SSL_R_WRONG_SSL_VERSION,
        SSL_R_VERSION_TOO_LOW,        SSL_R_VERSION_TOO_HIGH,
        SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION};
    return std::ranges::find(kReasons, reason) != kReasons.end();
}

//! What OpenSSL says of its failure; never holds data of the peer's.
struct Failure {
    int reason = 0;
    std::string words;
    [[nodiscard]] bool isAlert() const { return reason >= SSL_AD_REASON_OFFSET; }
};

Failure lastFailure() {
    const auto error = ERR_peek_error();
    Failure failure;
    failure.reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
    if (failure.isAlert()) {
        failure.words = SSL_alert_desc_string_long(failure.reason - SSL_AD_REASON_OFFSET);
    } else if (const char *words = ERR_reason_error_string(error); words != nullptr) {
        failure.words = words;
    }
    ERR_clear_error();
    return failure;
}

Error handshakeError(const Failure &failure) {
    const char *code = "tls.handshake";
    if (isVersionReason(failure.reason)) {
        code = "tls.version";
    } else if (failure.isAlert()) {
        code = "tls.alert";
    }
    return {code, "tls.handshake", Reaction::AskAdmin, failure.words, {}};
}

//! Key and chain that a server may ask for.
Result<void> useClientCertificate(SSL_CTX *context, const ClientCertificate &shown) {
    if (!useChain(context, shown.chainPem) || !useKey(context, shown.keyPem.view())) {
        ERR_clear_error();
        return fail("tls.client-certificate", "tls", Reaction::AskAdmin);
    }
    return {};
}

//! A server of ours asks for a certificate of that authority.
bool askForCertificate(SSL_CTX *context, std::string_view authorityPem) {
    const auto in = reading(authorityPem);
    const Certificate authority(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!authority || X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context, authority.get()) != 1) {
        return false;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return true;
}

} // namespace

struct TlsEngine::Private {
    enum class State { Shaking, Open, Failed };

    SslContext context;
    OpenSslPtr<SSL, SSL_free> ssl;
    BIO *fromWire = nullptr; // both belong to ssl
    BIO *toWire = nullptr;
    std::optional<TlsClientConfig> client;
    std::optional<TlsPeerVerifier> verifier;
    std::shared_ptr<X509> issuer; // of the peer's certificate
    std::string ocspResponse;     // of a server
    TlsPeerInfo peer;
    Error error; // of a failed state
    State state = State::Shaking;
    bool certificateJudged = false;
    bool certificateRefused = false;
    bool wireEnded = false;
    bool ended = false;

    static Result<std::unique_ptr<Private>> make(SslContext from);
    static SslContext newClientContext(bool enforced, int least);
    static SslContext sharedClientContext(bool enforced, int least);
    static SslContext clientContext(const TlsClientConfig &config);
    // Many connections may have the one context: these find theirs by its SSL.
    static Private *of(const SSL *ssl) { return static_cast<Private *>(SSL_get_app_data(ssl)); }
    static int onCertificate(X509_STORE_CTX *store, void *none);
    static int onStaple(SSL *ssl, void *none);
    static int onStapleWanted(SSL *ssl, void *none);
    int judge(X509_STORE_CTX *store);
    void judgeByDane();
    [[nodiscard]] bool judgeStaple();
    Result<void> prepareClient();
    Result<Progress> finish();
    tl::unexpected<Error> failed(Error reason);
    tl::unexpected<Error> broken(std::string_view stage);
    [[nodiscard]] Result<void> requireOpen(std::string_view stage) const;
};

Result<std::unique_ptr<TlsEngine::Private>> TlsEngine::Private::make(SslContext from) {
    auto d = std::make_unique<Private>();
    d->context = std::move(from);
    d->ssl.reset(SSL_new(d->context.get()));
    OpenSslPtr<BIO, BIO_free_all> in(BIO_new(BIO_s_mem()));
    OpenSslPtr<BIO, BIO_free_all> out(BIO_new(BIO_s_mem()));
    if (!d->ssl || !in || !out) {
        return brokenSetup("SSL_new");
    }
    BIO_set_mem_eof_return(in.get(), -1); // an empty buffer is "not yet"; feedEnd() is the end
    BIO_set_mem_eof_return(out.get(), -1);
    d->fromWire = in.get();
    d->toWire = out.get();
    SSL_set_bio(d->ssl.get(), in.release(), out.release());
    SSL_set_app_data(d->ssl.get(), d.get());
    return d;
}

SslContext TlsEngine::Private::newClientContext(bool enforced, int least) {
    auto context = makeClientContext(enforced, least);
    if (context) {
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
        SSL_CTX_set_cert_verify_callback(context.get(), onCertificate, nullptr);
        SSL_CTX_set_tlsext_status_cb(context.get(), onStaple);
    }
    return context;
}

//! The context of all connections with these settings, none of which changes it: to make one costs
//! a good part of a handshake.
SslContext TlsEngine::Private::sharedClientContext(bool enforced, int least) {
    struct Held {
        std::mutex mutex;
        std::map<std::pair<bool, int>, SslContext> contexts;
    };
    // Never destroyed: OpenSSL has cleaned up before, when the program ends.
    static auto &held = *new Held; // NOLINT(cppcoreguidelines-owning-memory)
    const std::lock_guard lock(held.mutex);
    auto &context = held.contexts[{enforced, least}];
    if (!context) {
        context = newClientContext(enforced, least);
    }
    return context;
}

SslContext TlsEngine::Private::clientContext(const TlsClientConfig &config) {
    const bool enforced = config.check == PeerCheck::Enforce;
    // The least that Enforce accepts is TLS 1.2, whatever was asked for.
    const int least = enforced ? std::max(config.minimumVersion, kModernVersion) : kOldestVersion;
    // A certificate to be shown belongs to one connection.
    return config.certificate ? newClientContext(enforced, least)
                              : sharedClientContext(enforced, least);
}

int TlsEngine::Private::onCertificate(X509_STORE_CTX *store, void * /*none*/) {
    const auto *ssl = static_cast<const SSL *>(
        X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    return of(ssl)->judge(store);
}

int TlsEngine::Private::judge(X509_STORE_CTX *store) {
    issuer = verifier->judge(X509_STORE_CTX_get0_cert(store), X509_STORE_CTX_get0_untrusted(store),
                             {client->host, client->furtherNames, client->minimumRsaBits,
                              client->minimumEcBits, client->now},
                             peer);
    if (!client->tlsa.empty()) {
        judgeByDane();
    }
    certificateJudged = true;
    certificateRefused = client->check == PeerCheck::Enforce && !peer.problems.empty();
    X509_STORE_CTX_set_error(store, certificateRefused ? verifyErrorFor(peer.problems) : X509_V_OK);
    return certificateRefused ? 0 : 1;
}

//! The records stand in the place of the public authorities: what those would find fault with does
//! not count where a record vouches, and all they vouch for does not where none does.
void TlsEngine::Private::judgeByDane() {
    auto names = client->furtherNames;
    names.insert(names.begin(), client->host);
    const auto now = client->now == Time{} ? base::SystemClock().now() : client->now;
    const auto verdict = verifyDane(client->tlsa, peer.chain, names, now);
    if (verdict.outcome != DaneOutcome::Match) {
        peer.problems.push_back(PeerProblem::DaneMismatch);
        return;
    }
    std::erase_if(peer.problems, [](PeerProblem problem) {
        return problem != PeerProblem::WeakKey && problem != PeerProblem::WeakSignature &&
               problem != PeerProblem::Revoked;
    });
}

int TlsEngine::Private::onStaple(SSL *ssl, void * /*none*/) {
    return of(ssl)->judgeStaple() ? 1 : 0;
}

//! Whether the handshake may go on. A response that says nothing is recorded and no more: servers
//! with an old one in stock are common, and to leave it out would have done them no harm.
//= RFC 6066 §8: a response that is not satisfactory ends the handshake.
bool TlsEngine::Private::judgeStaple() {
    const unsigned char *bytes = nullptr;
    const long size = SSL_get_tlsext_status_ocsp_resp(ssl.get(), &bytes);
    const std::string_view response(reinterpret_cast<const char *>(bytes),
                                    bytes != nullptr && size > 0 ? static_cast<std::size_t>(size)
                                                                 : 0);
    peer.ocsp =
        checkStaple(response, SSL_get0_peer_certificate(ssl.get()), issuer.get(), client->now);
    if (peer.ocsp.state == OcspState::Revoked) {
        peer.chainValid = false;
        peer.problems.push_back(PeerProblem::Revoked);
        certificateRefused = client->check == PeerCheck::Enforce;
    }
    return !certificateRefused;
}

int TlsEngine::Private::onStapleWanted(SSL *ssl, void * /*none*/) {
    const auto &response = of(ssl)->ocspResponse;
    auto *copy = static_cast<unsigned char *>(OPENSSL_memdup(response.data(), response.size()));
    if (copy == nullptr) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(response.size())); // owns it now
    return SSL_TLSEXT_ERR_OK;
}

tl::unexpected<Error> TlsEngine::Private::failed(Error reason) {
    state = State::Failed;
    error = std::move(reason);
    return fail(error);
}

tl::unexpected<Error> TlsEngine::Private::broken(std::string_view stage) {
    return failed({"tls.broken", std::string(stage), Reaction::Retry, lastFailure().words, {}});
}

Result<void> TlsEngine::Private::requireOpen(std::string_view stage) const {
    switch (state) {
    case State::Open:
        return {};
    case State::Failed:
        return fail(error);
    case State::Shaking:
        break;
    }
    return fail("tls.state", stage, Reaction::Bug, "before the handshake");
}

Result<TlsEngine::Progress> TlsEngine::Private::finish() {
    if (client && !certificateJudged) {
        return failed({"tls.handshake", "tls.handshake", Reaction::AskAdmin, "no certificate", {}});
    }
    peer.version = SSL_get_version(ssl.get());
    const char *cipher = SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl.get()));
    peer.cipher = cipher != nullptr ? cipher : "";
    peer.group = groupOf(ssl.get());
    if (client && numberOf(peer.version) < client->minimumVersion) {
        peer.problems.push_back(PeerProblem::OldProtocol);
    }
    if (client && hasWeakCipher(ssl.get())) {
        peer.problems.push_back(PeerProblem::WeakCipher);
    }
    ERR_clear_error();
    state = State::Open;
    return Progress::Done;
}

Result<void> TlsEngine::Private::prepareClient() {
    SSL_set_verify(ssl.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_set_tlsext_status_type(ssl.get(), TLSEXT_STATUSTYPE_ocsp) != 1) {
        return brokenSetup("status_request");
    }
    //= RFC 6066 §3: no IP literal in server_name.
    const auto &name = client->serverName.empty() ? client->host : client->serverName;
    if (!isIpLiteral(name) && SSL_set_tlsext_host_name(ssl.get(), name.c_str()) != 1) {
        return brokenSetup("server_name");
    }
    SSL_set_connect_state(ssl.get());
    return {};
}

TlsEngine::TlsEngine(std::unique_ptr<Private> priv) : d(std::move(priv)) {}

TlsEngine::~TlsEngine() = default;

Result<std::unique_ptr<TlsEngine>> TlsEngine::client(const TlsClientConfig &config) {
    if (!isHostNameOrIp(config.host)) {
        return fail("tls.host", "tls", Reaction::AskAdmin, "not a host name", config.host);
    }
    auto verifier = TlsPeerVerifier::create(config.caFile);
    if (!verifier) {
        return fail(std::move(verifier.error()));
    }
    auto context = Private::clientContext(config);
    if (!context) {
        return brokenSetup("client context");
    }
    if (config.certificate) {
        if (auto used = useClientCertificate(context.get(), *config.certificate); !used) {
            return fail(std::move(used.error()));
        }
    }
    auto d = Private::make(std::move(context));
    if (!d) {
        return fail(std::move(d.error()));
    }
    auto &engine = **d;
    engine.client = config;
    engine.verifier = std::move(*verifier);
    if (auto prepared = engine.prepareClient(); !prepared) {
        return fail(std::move(prepared.error()));
    }
    return std::unique_ptr<TlsEngine>(new TlsEngine(std::move(*d)));
}

Result<std::unique_ptr<TlsEngine>> TlsEngine::server(const TlsServerConfig &config) {
    auto context = makeContext(TLS_server_method());
    if (!context) {
        return brokenSetup("server context");
    }
    const bool modern = config.strength == ServerStrength::Modern;
    SSL_CTX_set_security_level(context.get(), modern ? kEnforcedLevel : kRecordedLevel);
    const int least =
        modern ? std::max(config.minimumVersion, kModernVersion) : config.minimumVersion;
    if (!setVersions(context.get(), least, config.maximumVersion) ||
        SSL_CTX_set_cipher_list(context.get(), modern ? kEnforcedCiphers : kRecordedCiphers) != 1) {
        return brokenSetup("server context");
    }
    if (!useChain(context.get(), config.certificateChainPem) ||
        !useKey(context.get(), config.privateKeyPem)) {
        ERR_clear_error();
        return fail("tls.server-certificate", "tls", Reaction::Bug, "chain or key");
    }
    if (!config.clientCaPem.empty() && !askForCertificate(context.get(), config.clientCaPem)) {
        return brokenSetup("client authority");
    }
    auto d = Private::make(std::move(context));
    if (!d) {
        return fail(std::move(d.error()));
    }
    auto &engine = **d;
    if (!config.ocspResponse.empty()) {
        engine.ocspResponse = config.ocspResponse;
        SSL_CTX_set_tlsext_status_cb(engine.context.get(), Private::onStapleWanted);
    }
    SSL_set_accept_state(engine.ssl.get());
    return std::unique_ptr<TlsEngine>(new TlsEngine(std::move(*d)));
}

void TlsEngine::feed(std::string_view wireBytes) {
    std::size_t written = 0;
    if (!wireBytes.empty() && !d->wireEnded) {
        BIO_write_ex(d->fromWire, wireBytes.data(), wireBytes.size(), &written);
    }
}

void TlsEngine::feedEnd() {
    d->wireEnded = true;
}

std::string TlsEngine::takeOutput() {
    std::string bytes(BIO_ctrl_pending(d->toWire), '\0');
    std::size_t count = 0;
    if (!bytes.empty()) {
        BIO_read_ex(d->toWire, bytes.data(), bytes.size(), &count);
    }
    bytes.resize(count);
    return bytes;
}

Result<TlsEngine::Progress> TlsEngine::handshake() {
    if (d->state != Private::State::Shaking) {
        return d->state == Private::State::Open ? Result<Progress>(Progress::Done) : fail(d->error);
    }
    ERR_clear_error();
    const int outcome = SSL_do_handshake(d->ssl.get());
    if (outcome == 1) {
        return d->finish();
    }
    const int why = SSL_get_error(d->ssl.get(), outcome);
    if (why == SSL_ERROR_WANT_READ && !d->wireEnded) {
        return Progress::NeedsInput;
    }
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_ZERO_RETURN) {
        return d->failed({"tls.closed", "tls.handshake", Reaction::Retry, {}, {}});
    }
    const auto failure = lastFailure();
    if (d->certificateRefused) {
        return d->failed({"tls.certificate", "tls.handshake", Reaction::AskAdmin,
                          wordsOf(d->peer.problems), d->client->host});
    }
    return d->failed(handshakeError(failure));
}

Result<std::size_t> TlsEngine::read(std::span<char> into) {
    if (auto open = d->requireOpen("tls.read"); !open) {
        return fail(std::move(open.error()));
    }
    if (into.empty() || d->ended) {
        return std::size_t{0};
    }
    ERR_clear_error();
    std::size_t count = 0;
    const int outcome = SSL_read_ex(d->ssl.get(), into.data(), into.size(), &count);
    if (outcome == 1) {
        return count;
    }
    const int why = SSL_get_error(d->ssl.get(), outcome);
    if (why == SSL_ERROR_ZERO_RETURN || (why == SSL_ERROR_WANT_READ && d->wireEnded)) {
        d->ended = true;
        return std::size_t{0};
    }
    if (why == SSL_ERROR_WANT_READ) {
        return std::size_t{0};
    }
    return d->broken("tls.read");
}

Result<void> TlsEngine::write(std::string_view plainBytes) {
    if (auto open = d->requireOpen("tls.write"); !open) {
        return open;
    }
    if (plainBytes.empty()) {
        return {};
    }
    ERR_clear_error();
    std::size_t count = 0;
    if (SSL_write_ex(d->ssl.get(), plainBytes.data(), plainBytes.size(), &count) != 1 ||
        count != plainBytes.size()) {
        return d->broken("tls.write");
    }
    return {};
}

void TlsEngine::close() {
    if (d->state == Private::State::Open) {
        ERR_clear_error();
        SSL_shutdown(d->ssl.get());
        ERR_clear_error();
    }
}

bool TlsEngine::closed() const {
    return d->ended ||
           (d->wireEnded && SSL_pending(d->ssl.get()) == 0 && BIO_ctrl_pending(d->fromWire) == 0);
}

const TlsPeerInfo &TlsEngine::peer() const {
    return d->peer;
}

ChannelBinding TlsEngine::channelBinding() const {
    ChannelBinding binding;
    auto *ssl = d->ssl.get();
    if (d->state != Private::State::Open) {
        return binding;
    }
    //= RFC 9266 §2: 32 bytes of the exporter under this label, without a context.
    if (SSL_version(ssl) >= TLS1_3_VERSION) {
        constexpr std::string_view kLabel = "EXPORTER-Channel-Binding";
        std::array<unsigned char, 32> bytes{};
        if (SSL_export_keying_material(ssl, bytes.data(), bytes.size(), kLabel.data(),
                                       kLabel.size(), nullptr, 0, 0) == 1) {
            binding.exporter.assign(reinterpret_cast<const char *>(bytes.data()), bytes.size());
        }
        return binding;
    }
    //= RFC 7627 §4: without the extended master secret tls-unique can be made the same on two
    // connections.
    if (SSL_get_extms_support(ssl) == 1) {
        std::array<unsigned char, 64> bytes{};
        // The first Finished is the client's, for nothing is ever resumed here.
        const auto size = SSL_is_server(ssl) == 1
                              ? SSL_get_peer_finished(ssl, bytes.data(), bytes.size())
                              : SSL_get_finished(ssl, bytes.data(), bytes.size());
        binding.unique.assign(reinterpret_cast<const char *>(bytes.data()),
                              std::min(size, bytes.size()));
    }
    return binding;
}

} // namespace sealpost::crypto
