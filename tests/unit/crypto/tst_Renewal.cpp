// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateChoice.h"
#include "crypto/Renewal.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::crypto;
using std::chrono::days;

namespace {

constexpr Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};

CertificateInfo own(const char *address, int daysLeft,
                    CertificateState state = CertificateState::Usable) {
    CertificateInfo info;
    info.addresses = {address};
    info.notAfter = kNow + days(daysLeft);
    info.state = state;
    info.privateKey = PrivateKey::InAgent;
    info.fingerprint = std::string(address) + std::to_string(daysLeft);
    return info;
}

//! "sam@a.example 20"
QStringList due(const std::vector<CertificateInfo> &certificates) {
    QStringList all;
    for (const auto &one : renewalsDue(certificates, kNow, days(60))) {
        all << QString::fromStdString(one.certificate.fingerprint) +
                   (one.ended ? QStringLiteral(" ended") : QString());
    }
    return all;
}

} // namespace

class TstRenewal : public QObject {
    Q_OBJECT
private slots:
    void inTime() { QCOMPARE(due({own("sam@a.example", 61)}), QStringList()); }
    void endsSoon() {
        QCOMPARE(due({own("sam@a.example", 59)}), QStringList{QStringLiteral("sam@a.example59")});
    }
    void hasEnded() {
        QCOMPARE(due({own("sam@a.example", -3, CertificateState::Expired)}),
                 QStringList{QStringLiteral("sam@a.example-3 ended")});
    }
    //! Roll-over: the new one is there, and the old one stays for old mail.
    void aNewerOneSettlesIt() {
        QCOMPARE(
            due({own("sam@a.example", -3, CertificateState::Expired), own("SAM@a.example", 300)}),
            QStringList());
    }
    void aNewerOneThatCannotServeDoesNot() {
        QCOMPARE(
            due({own("sam@a.example", 10), own("sam@a.example", 300, CertificateState::Untrusted)}),
            QStringList{QStringLiteral("sam@a.example10")});
    }
    void othersAreNotOurs() {
        auto other = own("jo@a.example", 3);
        other.privateKey = PrivateKey::Absent;
        QCOMPARE(due({other}), QStringList());
    }
    void eachAddressByItself() {
        QCOMPARE(due({own("sam@a.example", 3), own("it@a.example", 300), own("al@a.example", 4)}),
                 (QStringList{QStringLiteral("al@a.example4"), QStringLiteral("sam@a.example3")}));
    }

    void theChoiceIsExplained_data() {
        QTest::addColumn<int>("usable");
        QTest::addColumn<int>("others");
        QTest::addColumn<bool>("pinned");
        QTest::addColumn<QString>("reason");
        QTest::newRow("one") << 1 << 0 << false << QStringLiteral("only-one");
        QTest::newRow("one-bad") << 0 << 1 << false << QStringLiteral("only-one");
        QTest::newRow("one-usable-of-three") << 1 << 2 << false << QStringLiteral("only-usable");
        QTest::newRow("two-usable") << 2 << 1 << false << QStringLiteral("ends-last");
        QTest::newRow("none-usable") << 0 << 2 << false << QStringLiteral("none-usable");
        QTest::newRow("pinned") << 2 << 1 << true << QStringLiteral("pinned");
    }
    void theChoiceIsExplained() {
        QFETCH(int, usable);
        QFETCH(int, others);
        QFETCH(bool, pinned);
        QFETCH(QString, reason);
        std::vector<CertificateInfo> all;
        for (int i = 0; i < usable + others; ++i) {
            all.push_back(own("jo@a.example", 300 - i,
                              i < usable ? CertificateState::Usable : CertificateState::Expired));
        }
        const auto choice = explainChoice(all, pinned ? std::optional(all.front().fingerprint)
                                                      : std::optional<std::string>());
        QCOMPARE(QString::fromStdString(std::string(toString(choice.reason))), reason);
        QCOMPARE(choice.usable, static_cast<std::size_t>(usable));
        // A pin of another address's certificate, or of one that is gone, explains nothing.
        QVERIFY(explainChoice(all, std::string("gone")).reason != ChoiceReason::Pinned);
    }
};

QTEST_APPLESS_MAIN(TstRenewal)
#include "tst_Renewal.moc"
