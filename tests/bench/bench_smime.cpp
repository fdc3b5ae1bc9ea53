// SPDX-License-Identifier: GPL-3.0-or-later
// Signs and encrypts one large message to two recipients, in our way, with gpgsm through GpgME with
// data in memory, and with the openssl command and the bare key, each in a process of its own.
// Prints medians, their ratios and our memory; then a small message beside the private key's
// operation, and 200 recipients beside two.
#include "crypto/AgentKey.h"
#include "crypto/CertificateStorePrivate.h"
#include "crypto/SmimeEngine.h"
#include "gnupg/OpenSslCommand.h"
#include "gnupg/StoreFixture.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTextStream>
#include <algorithm>
#include <chrono>
#include <gpgme++/context.h>
#include <gpgme++/data.h>
#include <gpgme++/encryptionresult.h>
#include <gpgme++/global.h>
#include <gpgme++/key.h>
#include <gpgme++/signingresult.h>
#include <sys/resource.h>
#include <vector>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace {

constexpr std::size_t kMessageSize = 25U << 20U;
constexpr int kRounds = 5;
using Milliseconds = std::chrono::duration<double, std::milli>;

class CountingSink final : public base::ByteSink {
public:
    Result<void> write(std::string_view bytes) override {
        total += bytes.size();
        return {};
    }
    std::size_t total = 0;
};

[[noreturn]] void give(const std::string &why) {
    qFatal("bench_smime: %s", why.c_str());
}

//! Text in lines, as a message with base64 attachments is.
std::string message() {
    std::string text;
    text.reserve(kMessageSize);
    while (text.size() + 78 <= kMessageSize) {
        text += "Zm9yIHRoZSBiZW5jaG1hcms6IGEgbGluZSBvZiBiYXNlNjQgYXMgaW4gYW4gYXR0YWNobWVu"
                "dA==\r\n";
    }
    return text;
}

template <class Function> Milliseconds median(Function function) {
    std::vector<Milliseconds> times;
    for (int i = 0; i < kRounds; ++i) {
        const auto start = std::chrono::steady_clock::now();
        function();
        times.push_back(std::chrono::steady_clock::now() - start);
    }
    std::ranges::sort(times);
    return times[times.size() / 2];
}

long peakKiB() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

CertificateStoreConfig storeIn(const char *home, const std::string &secret) {
    auto keychain = std::make_shared<MemoryKeychain>();
    if (!secret.empty()) {
        static_cast<void>(keychain->write("key-passphrase", SecretBytes(std::string_view(secret))));
    }
    return {home, keychain, nullptr, {}};
}

void runOurs(char **arguments) {
    const auto store = CertificateStore::open(storeIn(arguments[2], arguments[3]));
    if (!store) {
        give(store.error().code);
    }
    SmimeEngine engine(*store);
    const std::vector<std::string> to = {arguments[4], arguments[5]};
    const auto entity = message();
    const auto before = peakKiB();
    const auto time = median([&] {
        const auto signature = engine.signDetached(contentOf(entity), {to.front()}, soon());
        if (!signature) {
            give(signature.error().code + signature.error().logSafeDetail);
        }
        const ContentWriter content = [&](base::ByteSink &out) -> Result<void> {
            auto done = out.write("--b\r\n");
            if (done) {
                done = out.write(entity);
            }
            return done ? out.write(*signature) : done;
        };
        CountingSink sink;
        if (!engine.encrypt(content, {to}, sink)) {
            give("encrypt");
        }
    });
    QTextStream(stdout) << time.count() << ' ' << peakKiB() << ' ' << before << '\n';
}

GpgME::Key keyOf(const char *home, const char *sha1) {
    const auto context = GpgME::Context::create(GpgME::CMS);
    context->setEngineHomeDirectory(home);
    GpgME::Error error;
    return context->key(sha1, error, false);
}

void runGpgsm(char **arguments) {
    GpgME::initializeLibrary();
    const char *home = arguments[2];
    const std::vector<GpgME::Key> to = {keyOf(home, arguments[4]), keyOf(home, arguments[5])};
    const auto entity = message();
    const auto time = median([&] {
        const auto signer = GpgME::Context::create(GpgME::CMS);
        signer->setEngineHomeDirectory(home);
        signer->addSigningKey(to.front());
        const GpgME::Data in(entity.data(), entity.size(), false);
        GpgME::Data signature;
        if (const auto done = signer->sign(in, signature, GpgME::Detached);
            done.error().encodedError() != 0) {
            give(std::string("gpgsm sign: ") + done.error().asString());
        }
        const auto whole = "--b\r\n" + entity + signature.toString();
        const auto encrypter = GpgME::Context::create(GpgME::CMS);
        encrypter->setEngineHomeDirectory(home);
        const GpgME::Data plain(whole.data(), whole.size(), false);
        GpgME::Data out;
        if (const auto done = encrypter->encrypt(to, plain, out, GpgME::Context::None);
            done.error().encodedError() != 0) {
            give(std::string("gpgsm encrypt: ") + done.error().asString());
        }
        if (out.toString().size() < whole.size()) {
            give("gpgsm: too short");
        }
    });
    QTextStream(stdout) << time.count() << ' ' << peakKiB() << " 0\n";
}

//! gpgsm asks gpg-agent, which must have the passphrase at hand: a setting of this bench's alone.
void presetPassphrase(const StoreFixture &fixture, const QString &keygrip,
                      const std::string &secret) {
    const auto home = fixture.home.path();
    QFile configuration(home + QStringLiteral("/gpg-agent.conf"));
    if (!configuration.open(QIODevice::WriteOnly)) {
        give("gpg-agent.conf");
    }
    configuration.write("allow-preset-passphrase\ns2k-count 65536\n");
    configuration.close();
    QProcess::execute(QStringLiteral("gpgconf"), {QStringLiteral("--homedir"), home,
                                                  QStringLiteral("--kill"), QStringLiteral("all")});
    const auto hex = QByteArray::fromStdString(secret).toHex().toUpper();
    QProcess agent;
    agent.start(
        QStringLiteral("gpg-connect-agent"),
        {QStringLiteral("--homedir"), home,
         QStringLiteral("PRESET_PASSPHRASE %1 -1 %2").arg(keygrip, QString::fromLatin1(hex)),
         QStringLiteral("/bye")});
    if (!agent.waitForFinished() || !agent.readAllStandardOutput().startsWith("OK")) {
        give("PRESET_PASSPHRASE");
    }
}

struct Figures {
    double milliseconds = 0;
    double peakKiB = 0;
    double beforeKiB = 0;
};

Figures runAlone(const QStringList &arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(), arguments);
    process.waitForFinished(-1);
    const auto words = QString::fromUtf8(process.readAllStandardOutput()).split(u' ');
    if (process.exitCode() != 0 || words.size() != 3) {
        give("a run failed");
    }
    return {words[0].toDouble(), words[1].toDouble(), words[2].toDouble()};
}

//! `openssl cms` signs and encrypts: two processes with a pipe between them, the key in a file.
Milliseconds runOpenSsl(const MailIdentity &signer, const MailIdentity &other) {
    const OpenSslCommand files;
    const auto command =
        QStringLiteral("openssl cms -sign -binary -in %1 -certfile %2 -signer %3 -inkey %4 "
                       "-outform SMIME | openssl cms -encrypt -binary -aes256 -stream -outform DER "
                       "-out /dev/null %3 %5")
            .arg(files.put("message", message()),
                 files.put("above", mailPki().intermediate.certificatePem()),
                 files.put("signer", signer.certificatePem()), files.put("key", signer.keyPem()),
                 files.put("other", other.certificatePem()));
    return median([&] {
        if (QProcess::execute(QStringLiteral("sh"), {QStringLiteral("-c"), command}) != 0) {
            give("openssl cms");
        }
    });
}

//! One small message, beside the one thing in it that can't be faster: the agent's signature.
void measureSmallMessage(StoreFixture &fixture, const std::vector<std::string> &to,
                         QTextStream &out) {
    SmimeEngine engine(fixture.store);
    const std::string small(1024, 'x');
    const auto whole = median([&] {
        CountingSink sink;
        if (!engine.signDetached(contentOf(small), {to.front()}, soon()) ||
            !engine.encrypt(contentOf(small), {to}, sink)) {
            give("small");
        }
    });
    auto &store = fixture.store->internals();
    const auto content = store.keybox.content(soon());
    const auto signer = CertificateStore::Private::find(**content, to.front());
    const auto key = AgentKey::create(store.home, (*signer)->x509.get(),
                                      std::move(*store.keyPassphrase()), soon());
    const auto operation = median([&] {
        if (!(*key)->sign(NID_sha256, std::string(32, 'd'))) {
            give("agent");
        }
    });
    out << "1 KiB   " << whole.count() << " ms, the private key's operation " << operation.count()
        << " ms, more " << (whole - operation).count() << " (at most 30)\n";
}

//! Certificates of one key: making 200 takes longer than what is measured.
void measureManyRecipients(StoreFixture &fixture, QTextStream &out) {
    constexpr int kMany = 200;
    const auto first = mailPki().issue({.key = MailKey::Rsa2048});
    std::string pem;
    std::vector<std::string> all;
    for (int i = 0; i < kMany; ++i) {
        const auto one = mailPki().issueFor(first.key.get(), {.key = MailKey::Rsa2048});
        pem += one.certificatePem();
        all.push_back(one.fingerprint());
    }
    if (!fixture.store->importCertificates(pem, Deadline::after(std::chrono::minutes(3)))) {
        give("many");
    }
    SmimeEngine engine(fixture.store);
    const std::string content(1U << 20U, 'x');
    const auto time = [&](std::size_t count) {
        const std::vector<std::string> to(all.begin(),
                                          all.begin() + static_cast<std::ptrdiff_t>(count));
        return median([&] {
            CountingSink sink;
            if (!engine.encrypt(contentOf(content), {to}, sink)) {
                give("many");
            }
        });
    };
    const auto two = time(2);
    const auto many = time(kMany);
    out << kMany << " recipients of 1 MiB " << many.count() << " ms, two " << two.count()
        << " ms; allowed " << 1.5 * two.count() + kMany << " (1.5 of two and 1 ms each)\n";
}

//! What a person waits for while writing: with the revocation lists at hand.
void measureSmallThings(StoreFixture &fixture, const std::string &signer, QTextStream &out) {
    const auto find = [&fixture] {
        if (fixture.store->findForAddress("a@example.test", CertificatePurpose::Encrypt, soon(), {})
                ->empty()) {
            give("findForAddress");
        }
    };
    find();
    const auto openAndFind = median([&] {
        fixture.reopen();
        find();
    });
    const auto findAgain = median(find);
    SmimeEngine engine(fixture.store);
    const std::string small(10'240, 'x');
    const auto sign = median([&] {
        if (!engine.signDetached(contentOf(small), {signer}, soon())) {
            give("sign");
        }
    });
    out << "open and findForAddress " << openAndFind.count() << " ms, again " << findAgain.count()
        << " ms; sign 10 KiB " << sign.count() << " ms\n";
}

void compare() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    QStringList fingerprints;
    QStringList sha1;
    std::vector<MailIdentity> people;
    for (const auto *address : {"a@example.test", "b@example.test"}) {
        auto person = mailPki().issue({.address = address, .key = MailKey::Rsa2048});
        const auto done = fixture.store->importPkcs12(
            mailPki().pkcs12(person, "secret"), SecretBytes(std::string_view("secret")), soon());
        if (!done) {
            give(done.error().code);
        }
        fingerprints << QString::fromStdString(done->certificates.front().fingerprint);
        sha1 << QString::fromStdString(done->certificates.front().sha1);
        people.push_back(std::move(person));
    }
    QTextStream out(stdout);
    out.setRealNumberNotation(QTextStream::FixedNotation);
    out.setRealNumberPrecision(2);
    measureSmallThings(fixture, fingerprints.front().toStdString(), out);
    measureSmallMessage(fixture, {fingerprints[0].toStdString(), fingerprints[1].toStdString()},
                        out);
    const auto secret = std::string((*fixture.keychain->read("key-passphrase"))->view());
    const auto home = fixture.home.path();
    const auto ours = runAlone(
        QStringList{QStringLiteral("ours"), home, QString::fromStdString(secret)} + fingerprints);
    const auto content = fixture.store->internals().keybox.content(soon());
    const auto signer = CertificateStore::Private::find(**content, fingerprints[0].toStdString());
    presetPassphrase(fixture, QString::fromStdString((*signer)->keygrip), secret);
    const auto theirs =
        runAlone(QStringList{QStringLiteral("gpgsm"), home, QStringLiteral("-")} + sha1);

    const auto openssl = runOpenSsl(people[0], people[1]);

    constexpr double kMiB = 1024;
    const auto messageMiB = static_cast<double>(kMessageSize) / (1U << 20U);
    out << "message " << messageMiB << " MiB, two RSA recipients, medians of " << kRounds << '\n'
        << "ours    " << ours.milliseconds << " ms, peak " << ours.peakKiB / kMiB << " MiB ("
        << ours.beforeKiB / kMiB << " before the first message)\n"
        << "gpgsm   " << theirs.milliseconds << " ms, peak " << theirs.peakKiB / kMiB
        << " MiB, its own processes not counted\n"
        << "openssl " << openssl.count() << " ms\n"
        << "ratios  " << ours.milliseconds / theirs.milliseconds << " of gpgsm (at most 0.35), "
        << ours.milliseconds / openssl.count() << " of openssl (at most 1.10)\n"
        << "memory  message + " << ours.peakKiB / kMiB - messageMiB << " MiB (at most 32)\n";
    measureManyRecipients(fixture, out);
}

} // namespace

int main(int count, char **arguments) {
    const QCoreApplication application(count, arguments);
    const auto mode = std::string_view(count == 6 ? arguments[1] : "");
    if (mode == "ours") {
        runOurs(arguments);
    } else if (mode == "gpgsm") {
        runGpgsm(arguments);
    } else {
        compare();
    }
    return 0;
}
