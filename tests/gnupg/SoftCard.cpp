// SPDX-License-Identifier: GPL-3.0-or-later
// A software card: a library that scdaemon loads in place of the system's PC/SC (its option
// `pcsc-driver`), with one reader and one OpenPGP card 3.4 in it. Its keys are PEM files in the
// folder that SEALPOST_SOFT_CARD names: sign.pem and decrypt.pem; certificate.pem is the
// certificate on it. While the file `removed` lies there, the reader is empty; `tries` holds how
// often a wrong PIN may still be given. The PIN is 123456.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReader = "Sealpost soft reader";
constexpr std::string_view kPin = "123456";
constexpr int kTries = 3;
// TS 7816-3: direct convention, T=1, historical bytes of an OpenPGP card.
constexpr std::string_view
    kAtr("\x3b\xda\x18\xff\x81\xb1\xfe\x75\x1f\x03\x00\x31\xf5\x73\xc0\x01\x60"
         "\x00\x90\x00\x1c",
         21);
// RID and PIX of OpenPGP, version 3.4, manufacturer 0xFF00 (tests), serial number 00005EA1.
constexpr std::string_view kAid("\xd2\x76\x00\x01\x24\x01\x03\x04\xff\x00\x00\x00\x5e\xa1\x00\x00",
                                16);
constexpr std::string_view kHistorical("\x00\x31\xf5\x73\xc0\x01\x60\x05\x90\x00", 10);

std::string word(unsigned status) {
    return {static_cast<char>(status >> 8U), static_cast<char>(status & 0xFFU)};
}
const std::string kOk = word(0x9000);

std::string tlv(unsigned tag, std::string_view value) {
    std::string out;
    if (tag > 0xFF) {
        out += static_cast<char>(tag >> 8U);
    }
    out += static_cast<char>(tag & 0xFFU);
    if (value.size() > 0xFF) {
        out += '\x82';
        out += static_cast<char>(value.size() >> 8U);
    } else if (value.size() > 0x7F) {
        out += '\x81';
    }
    out += static_cast<char>(value.size() & 0xFFU);
    out += value;
    return out;
}

struct Key {
    EVP_PKEY *key = nullptr;

    explicit Key(const fs::path &file) {
        if (auto *stream = std::fopen(file.c_str(), "r")) {
            key = PEM_read_PrivateKey(stream, nullptr, nullptr, nullptr);
            std::fclose(stream);
        }
    }
    Key(const Key &) = delete;
    Key &operator=(const Key &) = delete;
    ~Key() { EVP_PKEY_free(key); }

    [[nodiscard]] bool isRsa() const { return EVP_PKEY_is_a(key, "RSA") == 1; }

    //! The card's algorithm attributes (OpenPGP card 3.4 §4.4.3.9).
    [[nodiscard]] std::string attributes(bool decrypts) const {
        if (key == nullptr || isRsa()) {
            const auto bits = key == nullptr ? 2048 : EVP_PKEY_get_bits(key);
            return {'\x01',
                    static_cast<char>(bits >> 8),
                    static_cast<char>(bits & 0xFF),
                    '\x00',
                    '\x20',
                    '\x00'};
        }
        return (decrypts ? "\x12" : "\x13") +
               std::string("\x2a\x86\x48\xce\x3d\x03\x01\x07"); // P-256
    }
    [[nodiscard]] std::string number(const char *name) const {
        BIGNUM *value = nullptr;
        EVP_PKEY_get_bn_param(key, name, &value);
        std::string out(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
        BN_bn2bin(value, reinterpret_cast<unsigned char *>(out.data()));
        BN_free(value);
        return out;
    }
    [[nodiscard]] std::string publicPart() const {
        if (isRsa()) {
            return tlv(0x7f49, tlv(0x81, number(OSSL_PKEY_PARAM_RSA_N)) +
                                   tlv(0x82, number(OSSL_PKEY_PARAM_RSA_E)));
        }
        std::string point(65, '\0');
        std::size_t size = 0;
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
                                        reinterpret_cast<unsigned char *>(point.data()),
                                        point.size(), &size);
        return tlv(0x7f49, tlv(0x86, std::string_view(point).substr(0, size)));
    }
};

std::string rsaOperation(const Key &key, std::string_view in, bool sign) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key.key, nullptr);
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key.key)), '\0');
    auto size = out.size();
    auto *to = reinterpret_cast<unsigned char *>(out.data());
    const auto *from = reinterpret_cast<const unsigned char *>(in.data());
    bool done = false;
    if (sign) { // `in` is a DigestInfo, so only the padding is missing
        done = EVP_PKEY_sign_init(context) == 1 &&
               EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
               EVP_PKEY_sign(context, to, &size, from, in.size()) == 1;
    } else {
        done = EVP_PKEY_decrypt_init(context) == 1 &&
               EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
               EVP_PKEY_decrypt(context, to, &size, from, in.size()) == 1;
    }
    EVP_PKEY_CTX_free(context);
    out.resize(done ? size : 0);
    return out;
}

//! r ‖ s of 32 bytes each.
std::string ecdsa(const Key &key, std::string_view digest) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key.key, nullptr);
    std::string der(static_cast<std::size_t>(EVP_PKEY_get_size(key.key)), '\0');
    auto size = der.size();
    const bool done =
        EVP_PKEY_sign_init(context) == 1 &&
        EVP_PKEY_sign(context, reinterpret_cast<unsigned char *>(der.data()), &size,
                      reinterpret_cast<const unsigned char *>(digest.data()), digest.size()) == 1;
    EVP_PKEY_CTX_free(context);
    const auto *at = reinterpret_cast<const unsigned char *>(der.data());
    ECDSA_SIG *signature = done ? d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)) : nullptr;
    if (signature == nullptr) {
        return {};
    }
    std::string out(64, '\0');
    auto *to = reinterpret_cast<unsigned char *>(out.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), to, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), to + 32, 32);
    ECDSA_SIG_free(signature);
    return out;
}

//! x of the shared point, for A6 { 7F49 { 86 point } }.
std::string ecdh(const Key &key, std::string_view data) {
    const auto at = data.find('\x86');
    if (at == std::string_view::npos || data.size() < at + 2 + 65) {
        return {};
    }
    const auto point = data.substr(at + 2, 65);
    EVP_PKEY *peer = EVP_PKEY_new();
    EVP_PKEY_copy_parameters(peer, key.key);
    EVP_PKEY_set1_encoded_public_key(peer, reinterpret_cast<const unsigned char *>(point.data()),
                                     point.size());
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key.key, nullptr);
    std::string out(32, '\0');
    auto size = out.size();
    const bool done =
        EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, peer) == 1 &&
        EVP_PKEY_derive(context, reinterpret_cast<unsigned char *>(out.data()), &size) == 1;
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(peer);
    return done ? out : std::string();
}

class Card {
public:
    explicit Card(fs::path folder)
        : m_folder(std::move(folder)), m_sign(m_folder / "sign.pem"),
          m_decrypt(m_folder / "decrypt.pem") {}

    [[nodiscard]] bool present() const { return !fs::exists(m_folder / "removed"); }
    void reset() { m_mayDecrypt = m_maySign = false; }

    std::string transmit(std::string_view apdu) {
        if (apdu.size() < 4) {
            return word(0x6700);
        }
        const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(apdu[i]); };
        const unsigned instruction = at(1);
        if (instruction == 0xc0) { // GET RESPONSE
            return next();
        }
        m_chained += std::string(dataOf(apdu));
        if ((at(0) & 0x10U) != 0) { // more of it comes
            return kOk;
        }
        const auto data = std::move(m_chained);
        m_chained.clear();
        // An extended Lc or Le begins with a zero.
        m_extended = apdu.size() > 5 && at(4) == 0;
        auto answer = command(instruction, at(2) * 256U + at(3), data);
        if (!m_extended && answer.size() > 258) {
            m_rest = std::move(answer);
            return next();
        }
        return answer;
    }

private:
    fs::path m_folder;
    Key m_sign;
    Key m_decrypt;
    bool m_maySign = false;
    bool m_mayDecrypt = false;
    bool m_extended = false;
    std::string m_chained;
    std::string m_rest;

    static std::string_view dataOf(std::string_view apdu) {
        const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(apdu[i]); };
        if (apdu.size() <= 5) {
            return {};
        }
        if (at(4) != 0) {
            return apdu.substr(5, at(4));
        }
        return apdu.size() > 7 ? apdu.substr(7, at(5) * 256U + at(6)) : std::string_view();
    }

    std::string next() {
        const auto left = m_rest.size() - 2;
        if (left <= 256) {
            return std::exchange(m_rest, {});
        }
        auto part = m_rest.substr(0, 256);
        m_rest.erase(0, 256);
        return part + word(0x6100U + static_cast<unsigned>(std::min<std::size_t>(left - 256, 255)));
    }

    [[nodiscard]] int tries() const {
        int left = kTries;
        std::ifstream(m_folder / "tries") >> left;
        return left;
    }
    void setTries(int left) const { std::ofstream(m_folder / "tries") << left; }

    std::string verify(unsigned which, const std::string &pin) {
        if (which != 0x81 && which != 0x82) {
            return word(0x6a88);
        }
        const auto left = tries();
        if (left == 0) {
            return word(0x6983);
        }
        if (pin != kPin) {
            setTries(left - 1);
            return word(0x63c0U + static_cast<unsigned>(left - 1));
        }
        setTries(kTries);
        (which == 0x81 ? m_maySign : m_mayDecrypt) = true;
        return kOk;
    }

    std::string command(unsigned instruction, unsigned parameters, const std::string &data) {
        switch (instruction) {
        case 0xa4: // SELECT
            return kAid.starts_with(data) && !data.empty() ? kOk : word(0x6a82);
        case 0xca:
            return get(parameters);
        case 0x20:
            return verify(parameters, data);
        case 0x47: { // only the public part of what is there
            const auto &key = data.starts_with('\xb6') ? m_sign : m_decrypt;
            const bool known = data.starts_with('\xb6') || data.starts_with('\xb8');
            return known && key.key != nullptr ? key.publicPart() + kOk : word(0x6a88);
        }
        case 0x2a:
            return operation(parameters, data);
        default:
            return word(0x6d00);
        }
    }

    std::string operation(unsigned parameters, const std::string &data) {
        std::string out;
        if (parameters == 0x9e9a) {
            if (!m_maySign) {
                return word(0x6982);
            }
            m_maySign = false; // PW1 is good for one signature
            out = m_sign.isRsa() ? rsaOperation(m_sign, data, true) : ecdsa(m_sign, data);
        } else if (parameters == 0x8086) {
            if (!m_mayDecrypt) {
                return word(0x6982);
            }
            out = m_decrypt.isRsa() ? rsaOperation(m_decrypt, data.substr(1), false)
                                    : ecdh(m_decrypt, data);
        }
        return out.empty() ? word(0x6a80) : out + kOk;
    }

    [[nodiscard]] std::string certificate() const {
        X509 *found = nullptr;
        if (auto *stream = std::fopen((m_folder / "certificate.pem").c_str(), "r")) {
            found = PEM_read_X509(stream, nullptr, nullptr, nullptr);
            std::fclose(stream);
        }
        std::string der(found == nullptr ? 0 : static_cast<std::size_t>(i2d_X509(found, nullptr)),
                        '\0');
        if (auto *to = reinterpret_cast<unsigned char *>(der.data()); found != nullptr) {
            i2d_X509(found, &to);
        }
        X509_free(found);
        return der;
    }

    //! GET DATA (OpenPGP card 3.4 §7.2.6).
    [[nodiscard]] std::string get(unsigned tag) const {
        const auto retries = static_cast<char>(tries());
        const std::string pinState{'\x00', '\x20', '\x20', '\x20', retries, '\x00', '\x03'};
        // Fingerprints and times: not zero, or the slot counts as empty.
        const auto filled = [](const Key &key, std::size_t size) {
            return std::string(size, key.key != nullptr ? '\x5e' : '\x00');
        };
        const auto both = [&](std::size_t size) {
            return filled(m_sign, size) + filled(m_decrypt, size) + std::string(size, '\0');
        };
        const std::string capabilities("\x74\x00\x00\x00\x08\x00\x00\xff\x00\x00", 10);
        const auto discretionary = tlv(
            0x73, tlv(0xc0, capabilities) + tlv(0xc1, m_sign.attributes(false)) +
                      tlv(0xc2, m_decrypt.attributes(true)) + tlv(0xc3, m_sign.attributes(false)) +
                      tlv(0xc4, pinState) + tlv(0xc5, both(20)) + tlv(0xc6, std::string(60, '\0')) +
                      tlv(0xcd, both(4)));
        switch (tag) {
        case 0x4f:
            return std::string(kAid) + kOk;
        case 0x5f52:
            return std::string(kHistorical) + kOk;
        case 0x6e:
            return tlv(0x6e, tlv(0x4f, kAid) + tlv(0x5f52, kHistorical) + discretionary) + kOk;
        case 0x65:
            return tlv(0x65, tlv(0x5b, "Okoro<<Sam") + tlv(0x5f2d, "en") + tlv(0x5f35, "0")) + kOk;
        case 0x7a:
            return tlv(0x7a, tlv(0x93, std::string(3, '\0'))) + kOk;
        case 0xc4:
            return pinState + kOk;
        case 0x7f21:
            return certificate() + kOk;
        case 0x5e:
        case 0x5f50:
            return kOk;
        default:
            return word(0x6a88);
        }
    }
};

Card &card() {
    static Card the(std::getenv("SEALPOST_SOFT_CARD") != nullptr ? std::getenv("SEALPOST_SOFT_CARD")
                                                                 : "/nonexistent");
    return the;
}

// What scdaemon uses of winscard.h (PC/SC part 10 and pcsc-lite's values), as it declares it
// itself.
constexpr long kSuccess = 0;
constexpr long kTimeout = 0x8010000A;
constexpr long kNoCard = 0x8010000C;
constexpr long kRemoved = 0x80100069;
constexpr long kUnsupported = 0x80100022;
constexpr unsigned long kStateEmpty = 0x10;
constexpr unsigned long kStatePresent = 0x20;
constexpr unsigned long kStateChanged = 0x2;
constexpr unsigned long kProtocolT1 = 2;
constexpr unsigned long kStatusPresent = 0x4 | 0x10 | 0x40; // there, powered, specific

struct ReaderState {
    const char *reader;
    void *user;
    unsigned long current;
    unsigned long event;
    unsigned long atrSize;
    unsigned char atr[33];
};

} // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED long SCardEstablishContext(unsigned long, const void *, const void *, long *context) {
    *context = 1;
    return kSuccess;
}
EXPORTED long SCardReleaseContext(long) {
    return kSuccess;
}
EXPORTED long SCardIsValidContext(long) {
    return kSuccess;
}
EXPORTED long SCardListReaders(long, const char *, char *readers, unsigned long *size) {
    const auto needed = kReader.size() + 2; // a list of one, each and the whole ended by zero
    if (readers != nullptr && *size >= needed) {
        std::memset(readers, 0, needed);
        std::copy(kReader.begin(), kReader.end(), readers);
    }
    *size = needed;
    return kSuccess;
}
EXPORTED long SCardGetStatusChange(long, unsigned long, ReaderState *states, unsigned long count) {
    bool changed = false;
    for (unsigned long i = 0; i < count; ++i) {
        auto &state = states[i];
        const auto now = card().present() ? kStatePresent : kStateEmpty;
        state.event =
            now | ((state.current & (kStatePresent | kStateEmpty)) != now ? kStateChanged : 0);
        changed = changed || (state.event & kStateChanged) != 0;
        state.atrSize = card().present() ? kAtr.size() : 0;
        std::copy(kAtr.begin(), kAtr.end(), reinterpret_cast<char *>(state.atr));
    }
    return changed ? kSuccess : kTimeout;
}
EXPORTED long SCardConnect(long, const char *, unsigned long, unsigned long, long *handle,
                           unsigned long *protocol) {
    if (!card().present()) {
        return kNoCard;
    }
    card().reset();
    *handle = 1;
    *protocol = kProtocolT1;
    return kSuccess;
}
EXPORTED long SCardReconnect(long, unsigned long, unsigned long, unsigned long,
                             unsigned long *protocol) {
    card().reset();
    *protocol = kProtocolT1;
    return card().present() ? kSuccess : kNoCard;
}
EXPORTED long SCardDisconnect(long, unsigned long) {
    return kSuccess;
}
EXPORTED long SCardStatus(long, char *name, unsigned long *nameSize, unsigned long *state,
                          unsigned long *protocol, unsigned char *atr, unsigned long *atrSize) {
    if (!card().present()) {
        return kRemoved;
    }
    if (name != nullptr && *nameSize > kReader.size()) {
        std::copy(kReader.begin(), kReader.end(), name);
        name[kReader.size()] = '\0';
    }
    if (nameSize != nullptr) {
        *nameSize = kReader.size() + 1;
    }
    *state = kStatusPresent;
    *protocol = kProtocolT1;
    if (atr != nullptr && *atrSize >= kAtr.size()) {
        std::copy(kAtr.begin(), kAtr.end(), reinterpret_cast<char *>(atr));
    }
    *atrSize = kAtr.size();
    return kSuccess;
}
EXPORTED long SCardBeginTransaction(long) {
    return card().present() ? kSuccess : kRemoved;
}
EXPORTED long SCardEndTransaction(long, unsigned long) {
    return kSuccess;
}
EXPORTED long SCardControl(long, unsigned long, const void *, unsigned long, void *, unsigned long,
                           unsigned long *size) {
    *size = 0;
    return kUnsupported;
}
EXPORTED long SCardTransmit(long, const void *, const unsigned char *in, unsigned long inSize,
                            void *, unsigned char *out, unsigned long *outSize) {
    if (!card().present()) {
        return kRemoved;
    }
    const auto answer = card().transmit({reinterpret_cast<const char *>(in), inSize});
    if (answer.size() > *outSize) {
        return kUnsupported;
    }
    std::copy(answer.begin(), answer.end(), reinterpret_cast<char *>(out));
    *outSize = answer.size();
    return kSuccess;
}
