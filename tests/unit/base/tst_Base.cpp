// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Assurance.h"
#include "base/Base64.h"
#include "base/Classification.h"
#include "base/Clock.h"
#include "base/Deadline.h"
#include "base/EditDistance.h"
#include "base/Evidence.h"
#include "base/Redact.h"
#include "base/RouteKind.h"
#include "base/SecretBytes.h"
#include "base/SizeText.h"
#include "base/Text.h"

#include <QTest>
#include <array>
#include <vector>

using namespace sealpost;

class TstBase : public QObject {
    Q_OBJECT
private slots:
    void evidenceIsUntrustedByDefault();
    void subdomainsAtLabelBoundaries();
    void controlCharacters();
    void textHelpers();
    void sizesAsPeopleReadThem();
    void editDistanceCountsSwapsOnce();
    void redactionShowsLittle();
    void secretsMoveAndGo();
    void randomSecretsDiffer();
    void classificationsAreReadAndOrdered();
    void timesGoThereAndBack();
    void deadlinesOnlyShrink();
    void wordsOfEnumsGoThereAndBack();
    void base64GoesThereAndBack();
    void base64OfNobody_data();
    void base64OfNobody();
};

void TstBase::evidenceIsUntrustedByDefault() {
    QVERIFY(Evidence{} == Evidence::NotChecked);
    QVERIFY(Assurance{} == Assurance::Unknown);
    QVERIFY(RouteKind{} == RouteKind::Blocked);
}

void TstBase::subdomainsAtLabelBoundaries() {
    QVERIFY(base::isSameOrSubdomain("gov.uk", "gov.uk"));
    QVERIFY(base::isSameOrSubdomain("a.b.gov.uk", "gov.uk"));
    QVERIFY(!base::isSameOrSubdomain("evilgov.uk", "gov.uk"));
    QVERIFY(!base::isSameOrSubdomain("uk", "gov.uk"));
    QVERIFY(!base::isSameOrSubdomain("gov.uk", ""));
}

void TstBase::sizesAsPeopleReadThem() {
    QCOMPARE(base::sizeText(0), "0 bytes");
    QCOMPARE(base::sizeText(1), "1 byte");
    QCOMPARE(base::sizeText(1023), "1023 bytes");
    QCOMPARE(base::sizeText(25 * base::kMiB), "25 MiB");
    QCOMPARE(base::sizeText(25 * base::kMiB - 1), "24.9 MiB"); // never more than it is
    QCOMPARE(base::sizeText(1536 * base::kMiB), "1.5 GiB");
    QCOMPARE(base::sizeText(~ByteCount{0}), "16777215.9 TiB");
}

void TstBase::controlCharacters() {
    for (const auto *text : {"a\rb", "a\nb", "\x7f", "a\tb", "\xC2\x85"}) {
        QVERIFY(base::hasControlCharacters(text));
    }
    QVERIFY(base::hasControlCharacters(std::string_view("a\0b", 3)));
    for (const auto *text : {"", "plain", "na\xC3\xAFve", "\xC2\xA3"}) {
        QVERIFY(!base::hasControlCharacters(text));
    }
}

void TstBase::textHelpers() {
    QCOMPARE(base::asciiLower("ÄbC"), std::string("Äbc"));
    QVERIFY(base::equalsIgnoringCase("StartTLS", "STARTTLS"));
    QVERIFY(base::trimmed(" \t a b \r\n") == "a b");
    QVERIFY(base::trimmed(" \n").empty());
    const std::vector<std::string> parts{"a", "", "b"};
    QVERIFY(base::split("a,,b", ',') == parts);
    QCOMPARE(base::join(std::vector<std::string>{"a", "b"}, ", "), std::string("a, b"));
    QCOMPARE(base::toHex(std::string("\x00\xff\x10", 3)), std::string("00ff10"));
}

void TstBase::editDistanceCountsSwapsOnce() {
    using base::editDistance;
    QCOMPARE(editDistance("", ""), std::size_t{0});
    QCOMPARE(editDistance("", "abc"), std::size_t{3});
    QCOMPARE(editDistance("kitten", "sitting"), std::size_t{3});
    QCOMPARE(editDistance("chekc", "check"), std::size_t{1});
    QCOMPARE(editDistance("ca", "abc"), std::size_t{3}); // a swapped pair is not edited again
    QCOMPARE(editDistance(U"caf\u00e9", U"cafe"), std::size_t{1});
    const std::vector<std::string> words = {"import", "list", "show"};
    QCOMPARE(base::nearest("imprt", words), std::string("import"));
    QCOMPARE(base::nearest("frobnicate", words), std::string());
}

void TstBase::redactionShowsLittle() {
    QCOMPARE(base::redacted("AKIA1234567890ABCDEF"), std::string("AKIA… (20 characters)"));
    QCOMPARE(base::redacted("hunter2"), std::string("… (7 characters)"));
    QCOMPARE(base::redacted("pässwörtlich-16ch"), std::string("päss… (17 characters)"));
}

void TstBase::secretsMoveAndGo() {
    std::string source = "a secret that is longer than a small string";
    SecretBytes secret(std::move(source));
    QVERIFY(source.empty()); // NOLINT(bugprone-use-after-move): that it is wiped is the point
    SecretBytes moved = std::move(secret);
    QVERIFY(secret.empty()); // NOLINT(bugprone-use-after-move)
    QCOMPARE(moved.size(), 43U);
    QVERIFY(moved.clone().view() == moved.view());
}

void TstBase::randomSecretsDiffer() {
    const auto one = SecretBytes::random(33);
    const auto two = SecretBytes::random(33);
    QCOMPARE(one.size(), 33U);
    QVERIFY(one.view() != two.view());
}

void TstBase::classificationsAreReadAndOrdered() {
    QVERIFY(base::classificationFrom("official-sensitive") == Classification::OfficialSensitive);
    QVERIFY(base::classificationFrom(" TOP SECRET ") == Classification::TopSecret);
    QVERIFY(base::classificationFrom("official_sensitive") == Classification::OfficialSensitive);
    QVERIFY(!base::classificationFrom("RESTRICTED"));
    QVERIFY(Classification::Official < Classification::OfficialSensitive);
    QVERIFY(Classification::OfficialSensitive < Classification::Secret);
}

void TstBase::timesGoThereAndBack() {
    const auto time = base::fromIso8601("2026-11-23T14:02:00Z");
    QCOMPARE(base::toIso8601(time), std::string("2026-11-23T14:02:00Z"));
    QVERIFY(base::fromIso8601("rubbish") == Time{});
}

void TstBase::deadlinesOnlyShrink() {
    using namespace std::chrono_literals;
    const auto deadline = Deadline::after(1h);
    QVERIFY(!deadline.passed());
    QVERIFY(deadline.within(1min).remaining() <= 1min);
    QVERIFY(Deadline::after(1s).within(1h).remaining() <= 1s);
    const auto over = Deadline::after(-1s);
    QVERIFY(over.passed());
    QVERIFY(over.remaining() == 0ms);
}

void TstBase::wordsOfEnumsGoThereAndBack() {
    for (const auto assurance : base::kAllAssurances) {
        QVERIFY(base::assuranceFrom(base::toString(assurance)) == assurance);
    }
    for (const auto kind : base::kAllRouteKinds) {
        QVERIFY(base::routeKindFrom(base::toString(kind)) == kind);
    }
    QVERIFY(!base::assuranceFrom("good"));
    QVERIFY(!base::routeKindFrom("plain"));
}

void TstBase::base64GoesThereAndBack() {
    // RFC 4648 §10.
    const std::string_view whole = "foobar";
    const std::array<const char *, 7> encoded = {"",         "Zg==",     "Zm8=",    "Zm9v",
                                                 "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
    for (std::size_t size = 0; size < encoded.size(); ++size) {
        QCOMPARE(base::toBase64(whole.substr(0, size)), encoded[size]);
        QCOMPARE(base::fromBase64(encoded[size]), std::string(whole.substr(0, size)));
    }
    QCOMPARE(base::toBase64("\xfb\xff"), "+/8=");
    QCOMPARE(base::toBase64Url("\xfb\xff"), "-_8");
    QCOMPARE(base::fromBase64Url("-_8"), "\xfb\xff");
}

void TstBase::base64OfNobody_data() {
    QTest::addColumn<QByteArray>("text");
    for (const auto *text : {"Z", "Zg", "Zg=", "Zg===", "====", "Z===", "Zm9v\n", "Zm 9",
                             "Zh==", "Zm9=", "-_8=", "Zg==Zg=="}) {
        QTest::newRow(text) << QByteArray(text);
    }
}

void TstBase::base64OfNobody() {
    QFETCH(QByteArray, text);
    QVERIFY(!base::fromBase64(text.toStdString()));
}

QTEST_GUILESS_MAIN(TstBase)
#include "tst_Base.moc"
