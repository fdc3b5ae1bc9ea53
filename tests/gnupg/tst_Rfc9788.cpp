// SPDX-License-Identifier: GPL-3.0-or-later
// The sample messages of RFC 9788, appendix C and E, as far as their figures can be rebuilt: header
// fields, structure and policy are the RFC's, the words of the texts, the date of those whose own
// is not printed here, and the keys are ours.
#include "receive/MessageOpener.h"

#include "crypto/SmimeEngine.h"
#include "gnupg/StoreFixture.h"
#include "mail/MimeBuilder.h"

#include <QTest>
#include <algorithm>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::receive;
using namespace sealpost::test;

namespace {

const std::string kAlice = "alice@smime.example";
const std::string kBob = "bob@smime.example";
const std::string kWords = "The figures are on the second page.\r\n";
const std::string kZoned = "Sat, 20 Feb 2021 10:09:02 -0500";
const std::string kUtc = "Sat, 20 Feb 2021 15:09:02 +0000";

enum class Wrapping { SignedData, MultipartSigned, SignedThenEnveloped };
//! The header confidentiality policies of §3.2; Clear where nothing is encrypted.
enum class Policy { Clear, Baseline, Shy };
enum class Legacy { Without, With };
enum class Shape { OnePart, Complex };

struct Sample {
    const char *name; //!< as its Subject and Message-ID have it
    Wrapping wrapping = Wrapping::SignedThenEnveloped;
    Policy policy = Policy::Baseline;
    Legacy legacy = Legacy::Without;
    bool reply = false;
    Shape shape = Shape::OnePart;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields trueFields(const Sample &sample) {
    const std::string name = sample.name;
    Fields fields{{"Subject", name},
                  {"Message-ID", "<" + name + "@example>"},
                  {"From", "Alice <" + kAlice + ">"},
                  {"To", "Bob <" + kBob + ">"},
                  {"Date", kZoned},
                  {"User-Agent", "Sample MUA Version 1.0"}};
    if (sample.reply) {
        fields.emplace_back("In-Reply-To", "<smime-signed-enc-hp-baseline@example>");
        fields.emplace_back("References", "<smime-signed-enc-hp-baseline@example>");
    }
    return fields;
}

Fields outerFields(const Sample &sample) {
    auto fields = trueFields(sample);
    for (auto &[name, value] : fields) {
        if (sample.policy != Policy::Clear && name == "Subject") {
            value = "[...]";
        } else if (sample.policy == Policy::Shy && name == "From") {
            value = kAlice;
        } else if (sample.policy == Policy::Shy && name == "To") {
            value = kBob;
        } else if (sample.policy == Policy::Shy && name == "Date") {
            value = kUtc;
        }
    }
    return fields;
}

std::string text(const Fields &fields, const std::string &prefix = {}) {
    std::string all;
    for (const auto &[name, value] : fields) {
        all.append(prefix).append(name).append(": ").append(value).append("\r\n");
    }
    return all;
}

std::string plainPart(const Sample &sample, const std::string &parameters) {
    const bool legacy = sample.legacy == Legacy::With;
    std::string element;
    if (legacy) {
        element = "Subject: " + std::string(sample.name) + "\r\n";
        if (sample.policy == Policy::Shy) {
            element += "From: Alice <" + kAlice + ">\r\nTo: Bob <" + kBob + ">\r\nDate: " + kZoned +
                       "\r\n";
        }
        element += "\r\n";
    }
    return "Content-Type: text/plain; charset=\"us-ascii\"" + parameters +
           (legacy ? "; hp-legacy-display=\"1\"" : "") +
           "\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + element + kWords;
}

//! multipart/mixed { multipart/alternative { text/plain, text/html }, image/png }
std::string complexBody(const Sample &sample, const std::string &parameters) {
    const bool legacy = sample.legacy == Legacy::With;
    return "Content-Type: multipart/mixed; boundary=\"mix\"" + parameters +
           "\r\n\r\n--mix\r\nContent-Type: multipart/alternative; "
           "boundary=\"alt\"\r\n\r\n--alt\r\n" +
           plainPart(sample, {}) + "\r\n--alt\r\nContent-Type: text/html; charset=\"us-ascii\"" +
           (legacy ? "; hp-legacy-display=\"1\"" : "") + "\r\n\r\n<html><body>" +
           (legacy ? "<div class=\"header-protection-legacy-display\"><pre>Subject: " +
                         std::string(sample.name) + "</pre></div>"
                   : std::string()) +
           "<p>" + kWords +
           "</p></body></html>\r\n--alt--\r\n\r\n--mix\r\nContent-Type: image/png\r\n"
           "Content-Transfer-Encoding: base64\r\nContent-Disposition: inline\r\n\r\n"
           "iVBORw0KGgo=\r\n--mix--\r\n";
}

//! The cryptographic payload: true fields, what stood outside, and the text.
std::string payloadOf(const Sample &sample) {
    const bool cipher = sample.policy != Policy::Clear;
    const auto *hp = cipher ? "; hp=\"cipher\"" : "; hp=\"clear\"";
    return "MIME-Version: 1.0\r\n" + text(trueFields(sample)) +
           (cipher ? text(outerFields(sample), "HP-Outer: ") : std::string()) +
           (sample.shape == Shape::OnePart ? plainPart(sample, hp) : complexBody(sample, hp));
}

class World {
public:
    World()
        : m_alice(mailPki().issue({.name = "Alice", .address = kAlice})),
          m_bob(mailPki().issue({.name = "Bob", .address = kBob})), m_store(mailPki()),
          m_engine(m_store.store) {
        m_store.trust(mailPki());
        for (const auto *one : {&m_alice, &m_bob}) {
            if (!m_store.store->importPkcs12(mailPki().pkcs12(*one, "secret"),
                                             SecretBytes(std::string_view("secret")), soon())) {
                qFatal("import");
            }
        }
    }

    std::string seal(const Sample &sample) {
        const auto payload = payloadOf(sample);
        const SigningOrder order{.fingerprint = m_alice.fingerprint()};
        std::string body;
        if (sample.wrapping == Wrapping::MultipartSigned) {
            const auto frame = mail::multipartSignedFrame(
                m_engine.signDetached(contentOf(payload), order, soon()).value(),
                SmimeDigest::Sha256, mail::newBoundary());
            body = frame.before + payload + frame.after;
        } else {
            base::StringSink cms;
            if (!m_engine.signOpaque(contentOf(payload), order, soon(), cms)) {
                qFatal("sign");
            }
            body = partOf(mail::Pkcs7Kind::SignedData, cms.bytes());
        }
        if (sample.wrapping == Wrapping::SignedThenEnveloped) {
            base::StringSink cms;
            if (!m_engine.encrypt(contentOf(body), {.fingerprints = {m_bob.fingerprint()}}, cms)) {
                qFatal("encrypt");
            }
            body = partOf(mail::Pkcs7Kind::EnvelopedData, cms.bytes());
        }
        return text(outerFields(sample)) + "MIME-Version: 1.0\r\n" + body;
    }

    OpenedMessage open(const std::string &bytes) const {
        auto opened = MessageOpener(newCmsReader(m_store.store)).open(bytes, soon(), {});
        if (!opened) {
            qFatal("open: %s", opened.error().code.c_str());
        }
        return std::move(*opened);
    }

private:
    static std::string partOf(mail::Pkcs7Kind kind, const std::string &cms) {
        base::StringSink out;
        mail::Base64Sink sink(out);
        if (!sink.write(cms) || !sink.finish()) {
            qFatal("base64");
        }
        return mail::pkcs7MimeHeader(kind) + out.take();
    }

    MailIdentity m_alice;
    MailIdentity m_bob;
    StoreFixture m_store;
    SmimeEngine m_engine;
};

constexpr Sample kSamples[] = {
    {"smime-one-part-hp", Wrapping::SignedData, Policy::Clear},
    {"smime-multipart-hp", Wrapping::MultipartSigned, Policy::Clear},
    {"smime-one-part-complex-hp", Wrapping::SignedData, Policy::Clear, Legacy::Without, false,
     Shape::Complex},
    {"smime-multipart-complex-hp", Wrapping::MultipartSigned, Policy::Clear, Legacy::Without, false,
     Shape::Complex},
    {"smime-signed-enc-hp-baseline"},
    {"smime-signed-enc-hp-baseline-legacy"},
    {"smime-signed-enc-hp-shy"},
    {"smime-signed-enc-hp-shy-legacy"},
    {"smime-signed-enc-hp-baseline-reply"},
    {"smime-signed-enc-hp-baseline-legacy-reply"},
    {"smime-signed-enc-hp-shy-reply"},
    {"smime-signed-enc-hp-shy-legacy-reply"},
    {"smime-signed-enc-complex-hp-baseline"},
    {"smime-signed-enc-complex-hp-baseline-legacy"},
    {"smime-signed-enc-complex-hp-shy"},
    {"smime-signed-enc-complex-hp-shy-legacy"},
    {"smime-signed-enc-complex-hp-baseline-reply"},
    {"smime-signed-enc-complex-hp-baseline-legacy-reply"},
    {"smime-signed-enc-complex-hp-shy-reply"},
    {"smime-signed-enc-complex-hp-shy-legacy-reply"},
};

//! The names of the encrypted ones say what they are.
Sample spelled(Sample sample) {
    const std::string_view name = sample.name;
    const auto says = [&](std::string_view word) {
        return name.find(word) != std::string_view::npos;
    };
    if (says("signed-enc")) {
        sample.wrapping = Wrapping::SignedThenEnveloped;
        sample.policy = says("-shy") ? Policy::Shy : Policy::Baseline;
        sample.legacy = says("-legacy") ? Legacy::With : Legacy::Without;
        sample.reply = says("-reply");
        sample.shape = says("-complex") ? Shape::Complex : Shape::OnePart;
    }
    return sample;
}

bool has(const OpenedMessage &message, std::string_view id) {
    return std::any_of(message.notes.begin(), message.notes.end(),
                       [&](const Note &note) { return note.id == id; });
}

} // namespace

class TstRfc9788 : public QObject {
    Q_OBJECT
private slots:
    void samples_data();
    void samples();
    void anOuterFieldThatWasChanged_data() { samples_data(); }
    void anOuterFieldThatWasChanged();

private:
    World m_world;
};

void TstRfc9788::samples_data() {
    QTest::addColumn<int>("index");
    int index = 0;
    for (const auto &sample : kSamples) {
        QTest::newRow(sample.name) << index++;
    }
}

//! Reads as the RFC says that it should: the true fields, proven, and the text without what is
//! there for readers that don't know it.
void TstRfc9788::samples() {
    QFETCH(int, index);
    const auto sample = spelled(kSamples[index]);
    const auto opened = m_world.open(m_world.seal(sample));
    QVERIFY(opened.shown());
    QVERIFY(opened.sender == SenderVerdict::Verified);
    QCOMPARE(opened.encrypted, sample.policy != Policy::Clear);
    QVERIFY(opened.headers.isProtected);
    QVERIFY(!has(opened, "open.outer-differs") && !has(opened, "open.headers-unprotected"));
    QCOMPARE(opened.headers.subject, std::string(sample.name));
    QCOMPARE(opened.headers.from.name, std::string("Alice"));
    QCOMPARE(opened.headers.from.address, kAlice);
    QCOMPARE(opened.headers.to.size(), 1U);
    QCOMPARE(opened.headers.to.front().name, std::string("Bob"));
    QCOMPARE(opened.headers.date, kZoned);
    QCOMPARE(QByteArray::fromStdString(*opened.text).trimmed(),
             QByteArray::fromStdString(kWords).trimmed());
    const auto pictures =
        std::count_if(opened.attachments.begin(), opened.attachments.end(),
                      [](const mail::MessagePart &part) { return part.mediaType == "image/png"; });
    QCOMPARE(pictures, sample.shape == Shape::Complex ? 1 : 0);
}

//! §4.4, §10.1: what stands outside is nobody's word, and a difference is told.
void TstRfc9788::anOuterFieldThatWasChanged() {
    QFETCH(int, index);
    const auto sample = spelled(kSamples[index]);
    auto bytes = m_world.seal(sample);
    const auto from = bytes.find("From: ");
    bytes.replace(from, bytes.find("\r\n", from) - from, "From: Mallory <mallory@evil.example>");
    const auto opened = m_world.open(bytes);
    QCOMPARE(opened.headers.from.address, kAlice);
    QVERIFY(has(opened, "open.outer-differs"));
}

QTEST_GUILESS_MAIN(TstRfc9788)
#include "tst_Rfc9788.moc"
