// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateAssociation.h"
#include "support/TestCa.h"

#include <QCryptographicHash>
#include <QTest>
#include <openssl/pem.h>
#include <openssl/x509.h>

using namespace sealpost;
using crypto::TlsaRecord;

namespace {

std::string hash(const std::string &bytes, QCryptographicHash::Algorithm kind) {
    return QCryptographicHash::hash(QByteArray::fromStdString(bytes), kind).toStdString();
}

template <class Encode> std::string encoded(Encode encode) {
    unsigned char *bytes = nullptr;
    const int size = encode(&bytes);
    std::string text(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return text;
}

} // namespace

class TstCertificateAssociation final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const auto pem = test::TestCa().server("mx.test").chainPem;
        BIO *bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
        X509 *certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
        m_whole = encoded([&](auto **out) { return i2d_X509(certificate, out); });
        m_key = encoded(
            [&](auto **out) { return i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), out); });
        X509_free(certificate);
        BIO_free(bio);
    }

    void everySelectorAndMatchingType_data() {
        QTest::addColumn<int>("selector");
        QTest::addColumn<int>("matching");
        for (int selector : {0, 1}) {
            for (int matching : {0, 1, 2}) {
                QTest::addRow("rfc6698-2.1 %d %d", selector, matching) << selector << matching;
            }
        }
    }
    void everySelectorAndMatchingType() {
        QFETCH(const int, selector);
        QFETCH(const int, matching);
        const auto &selected = selector == 0 ? m_whole : m_key;
        TlsaRecord record{3, static_cast<std::uint8_t>(selector),
                          static_cast<std::uint8_t>(matching), selected};
        if (matching != 0) {
            record.data = hash(selected, matching == 1 ? QCryptographicHash::Sha256
                                                       : QCryptographicHash::Sha512);
        }
        QVERIFY(crypto::isAssociated(record, m_whole));
        record.data.back() = static_cast<char>(record.data.back() ^ 1);
        QVERIFY(!crypto::isAssociated(record, m_whole));
    }

    void whatIsNoneNamesNothing() {
        QVERIFY(!crypto::isAssociated({3, 0, 0, ""}, m_whole));
        QVERIFY(!crypto::isAssociated({3, 0, 0, ""}, ""));
        QVERIFY(!crypto::isAssociated({3, 2, 0, m_whole}, m_whole));
        QVERIFY(!crypto::isAssociated({3, 0, 3, m_whole}, m_whole));
        QVERIFY(!crypto::isAssociated({3, 1, 0, m_key}, "garbage"));
        QVERIFY(
            !crypto::isAssociated({3, 0, 2, hash(m_whole, QCryptographicHash::Sha256)}, m_whole));
    }

private:
    std::string m_whole;
    std::string m_key;
};

QTEST_GUILESS_MAIN(TstCertificateAssociation)
#include "tst_CertificateAssociation.moc"
