// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Address.h"

#include <QTest>

using namespace sealpost;
using mail::Address;

class tst_Address : public QObject {
    Q_OBJECT

private slots:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void refusalIsPrintable();
    void lists();
    void listsRefuse();
    void comparesMailboxes();
    void domains_data();
    void domains();
    void domainsRefused_data();
    void domainsRefused();
};

void tst_Address::parses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("spec");
    QTest::addColumn<QByteArray>("display");
    const auto row = [](const char *title, const char *text, const char *name, const char *spec,
                        const char *display) {
        QTest::newRow(title) << QByteArray(text) << QByteArray(name) << QByteArray(spec)
                             << QByteArray(display);
    };
    row("bare", "jo@court.example", "", "jo@court.example", "jo@court.example");
    row("spaces-around", "  jo@court.example ", "", "jo@court.example", "jo@court.example");
    row("angle", "<jo@court.example>", "", "jo@court.example", "jo@court.example");
    row("name", "Jo Bloggs <jo@court.example>", "Jo Bloggs", "jo@court.example",
        "Jo Bloggs <jo@court.example>");
    row("quoted-name", "\"Bloggs, Jo\" <jo@court.example>", "Bloggs, Jo", "jo@court.example",
        "\"Bloggs, Jo\" <jo@court.example>");
    row("escaped-quote", "\"Jo \\\"JB\\\" Bloggs\" <jo@court.example>", "Jo \"JB\" Bloggs",
        "jo@court.example", "\"Jo \\\"JB\\\" Bloggs\" <jo@court.example>");
    row("angle-in-quotes", "\"<not@this.example>\" <jo@court.example>", "<not@this.example>",
        "jo@court.example", "\"<not@this.example>\" <jo@court.example>");
    row("apostrophe", "Pat O'Neil <pat.o'neil@court.example>", "Pat O'Neil",
        "pat.o'neil@court.example", "Pat O'Neil <pat.o'neil@court.example>");
    row("plus", "jo+case/7=x@court.example", "", "jo+case/7=x@court.example",
        "jo+case/7=x@court.example");
    row("case-of-local-part-kept", "Jo@Court.EXAMPLE", "", "Jo@court.example", "Jo@court.example");
    row("last-dot-removed", "jo@court.example.", "", "jo@court.example", "jo@court.example");
    row("quoted-local-part", "\"jo bloggs\"@court.example", "", "\"jo bloggs\"@court.example",
        "\"jo bloggs\"@court.example");
    row("needless-quotes-dropped", "\"jo\"@court.example", "", "jo@court.example",
        "jo@court.example");
    row("at-in-quoted-local-part", "\"a@b\"@court.example", "", "\"a@b\"@court.example",
        "\"a@b\"@court.example");
    row("idna2008-ulabel", "jo@Bücher.example", "", "jo@xn--bcher-kva.example",
        "jo@bücher.example");
    row("idna2008-nontransitional-eszett", "jo@straße.example", "", "jo@xn--strae-oqa.example",
        "jo@straße.example");
    row("utf8-name", "Zoë Łukasz <zoe@court.example>", "Zoë Łukasz", "zoe@court.example",
        "Zoë Łukasz <zoe@court.example>");
    row("emoji-name", "Jo 🎉 <jo@court.example>", "Jo 🎉", "jo@court.example",
        "Jo 🎉 <jo@court.example>");
    row("rtl-name", "مرحبا <jo@court.example>", "مرحبا", "jo@court.example",
        "مرحبا <jo@court.example>");
    row("utf8-local-part", "zoë@court.example", "", "zoë@court.example", "zoë@court.example");
}

void tst_Address::parses() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, spec);
    QFETCH(QByteArray, display);
    const auto address = Address::parse(text.toStdString());
    QVERIFY2(address, address ? "" : address.error().code.c_str());
    QCOMPARE(QByteArray::fromStdString(address->displayName()), name);
    QCOMPARE(QByteArray::fromStdString(address->spec()), spec);
    QCOMPARE(QByteArray::fromStdString(address->forDisplay()), display);
    const auto again = Address::parse(address->forDisplay());
    QVERIFY(again && *again == *address && again->displayName() == address->displayName());
}

void tst_Address::refuses_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char *title, const QByteArray &text, const char *code) {
        QTest::newRow(title) << text << QByteArray(code);
    };
    row("empty", "", "address.empty");
    row("spaces", "   ", "address.empty");
    row("no-at", "jo.court.example", "address.no-at");
    row("name-without-address", "Jo <>", "address.no-at");
    row("rfc5322-2.2-cr-lf", "jo@court.example\r\nBcc: x@y.example", "address.control-character");
    row("lf-alone", "jo@court.example\n", "address.control-character");
    row("cr-in-name", "Jo\rBcc: x <jo@court.example>", "address.control-character");
    row("nul", QByteArray("jo\0@court.example", 16), "address.control-character");
    row("c1-control", "jo\xC2\x85@court.example", "address.control-character");
    row("not-utf8", "j\xFF@court.example", "address.control-character");
    row("bidi-override", "\xE2\x80\xAEgpj.exe <jo@court.example>", "address.control-character");
    row("zero-width-space", "jo\xE2\x80\x8B@court.example", "address.control-character");
    row("empty-local-part", "@court.example", "address.bad-local-part");
    row("rfc5322-3.2.3-two-dots", "jo..b@court.example", "address.bad-local-part");
    row("rfc5322-3.2.3-first-dot", ".jo@court.example", "address.bad-local-part");
    row("rfc5322-3.2.3-last-dot", "jo.@court.example", "address.bad-local-part");
    row("space-in-local-part", "jo b@court.example", "address.bad-local-part");
    row("two-ats", "jo@b@court.example", "address.bad-local-part");
    row("half-quoted-local-part", "\"a\"b@court.example", "address.bad-local-part");
    row("empty-quoted-local-part", "\"\"@court.example", "address.bad-local-part");
    row("no-domain", "jo@", "address.bad-domain");
    row("single-label", "jo@court", "address.bad-domain");
    row("ip-literal", "jo@[192.0.2.1]", "address.bad-domain");
    row("ipv4", "jo@192.0.2.1", "address.bad-domain");
    row("underscore", "jo@co_urt.example", "address.bad-domain");
    row("rfc5321-2.3.5-hyphen-first", "jo@-court.example", "address.bad-domain");
    row("empty-label", "jo@court..example", "address.bad-domain");
    row("space-in-domain", "jo@court .example", "address.bad-domain");
    row("space-before-domain", "jo@ court.example", "address.bad-domain");
    row("bad-alabel", "jo@xn--a.example", "address.bad-domain");
    row("open-quote", "\"Jo <jo@court.example>", "address.unbalanced-quote");
    row("open-bracket", "Jo <jo@court.example", "address.unbalanced-bracket");
    row("text-behind", "<jo@court.example> Jo", "address.unbalanced-bracket");
    row("two-addresses", "<a@court.example> <b@court.example>", "address.unbalanced-bracket");
    row("rfc5321-4.5.3.1-local-part", QByteArray(65, 'a') + "@court.example", "address.too-long");
    row("rfc5321-4.5.3.1-path",
        QByteArray(60, 'a') + "@" + QByteArray(60, 'b') + "." + QByteArray(60, 'c') + "." +
            QByteArray(60, 'd') + "." + QByteArray(20, 'e'),
        "address.too-long");
    row("long-display-name", QByteArray(300, 'a') + " <jo@court.example>", "address.too-long");
}

void tst_Address::refuses() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, code);
    const auto address = Address::parse(text.toStdString());
    QVERIFY(!address);
    QCOMPARE(QByteArray::fromStdString(address.error().code), code);
    QCOMPARE(address.error().reaction, Reaction::FixInput);
}

void tst_Address::refusalIsPrintable() {
    const auto address = Address::parse("jo@court.example\r\nBcc: \x1b[31mx@y.example");
    QVERIFY(!address);
    const auto shown = QString::fromStdString(address.error().subject);
    QVERIFY(shown.startsWith(QStringLiteral("jo@court.example")));
    for (const auto c : shown) {
        QVERIFY(c.isPrint() || c == QChar::ReplacementCharacter);
    }
    QVERIFY(address.error().logSafeDetail.find("court") == std::string::npos);
}

void tst_Address::lists() {
    const auto list = Address::parseList(
        "\"Bloggs, Jo\" <jo@court.example>; pat@court.example,, ,Al <al@x.test>");
    QVERIFY(list);
    QCOMPARE(list->size(), std::size_t{3});
    QCOMPARE(list->at(0).displayName(), std::string("Bloggs, Jo"));
    QCOMPARE(list->at(1).spec(), std::string("pat@court.example"));
    QCOMPARE(list->at(2).shortName(), std::string("Al"));
    QVERIFY(Address::parseList("")->empty());
}

void tst_Address::listsRefuse() {
    const auto list = Address::parseList("jo@court.example, pat");
    QVERIFY(!list);
    QCOMPARE(list.error().code, std::string("address.no-at"));
    QCOMPARE(list.error().subject, std::string(" pat"));
    QCOMPARE(Address::parseList("\"jo").error().code, std::string("address.unbalanced-quote"));
}

void tst_Address::comparesMailboxes() {
    const auto a = Address::parse("Jo <jo@COURT.example>");
    const auto b = Address::parse("jo@court.example");
    const auto c = Address::parse("Jo@court.example");
    QVERIFY(*a == *b);
    QVERIFY(!(*b == *c));
    QVERIFY(Address().empty() && Address().spec().empty());
}

void tst_Address::domains_data() {
    QTest::addColumn<QByteArray>("domain");
    QTest::addColumn<QByteArray>("ascii");
    QTest::newRow("case") << QByteArray("CJSM.Net") << QByteArray("cjsm.net");
    QTest::newRow("last-dot") << QByteArray("cjsm.net.") << QByteArray("cjsm.net");
    QTest::newRow("single-label-host") << QByteArray("localhost") << QByteArray("localhost");
    QTest::newRow("fullwidth-dot") << QByteArray("cjsm。net") << QByteArray("cjsm.net");
    QTest::newRow("alabel") << QByteArray("XN--BCHER-KVA.example")
                            << QByteArray("xn--bcher-kva.example");
}

void tst_Address::domains() {
    QFETCH(QByteArray, domain);
    QFETCH(QByteArray, ascii);
    const auto result = mail::toALabelDomain(domain.toStdString());
    QVERIFY2(result, result ? "" : result.error().code.c_str());
    QCOMPARE(QByteArray::fromStdString(*result), ascii);
}

void tst_Address::domainsRefused_data() {
    QTest::addColumn<QByteArray>("domain");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("empty") << QByteArray(" ") << QByteArray("domain.empty");
    QTest::newRow("dot") << QByteArray(".") << QByteArray("domain.bad-label");
    QTest::newRow("ipv6") << QByteArray("2001:db8::1") << QByteArray("domain.ip-literal");
    QTest::newRow("ipv4") << QByteArray("127.0.0.1") << QByteArray("domain.ip-literal");
    QTest::newRow("label-of-64") << QByteArray(64, 'a') + ".example"
                                 << QByteArray("domain.too-long");
    QTest::newRow("254-bytes") << QByteArray("aaaaaaaaa.").repeated(26)
                               << QByteArray("domain.too-long");
    QTest::newRow("crlf") << QByteArray("a.example\r\nb") << QByteArray("domain.control-character");
}

void tst_Address::domainsRefused() {
    QFETCH(QByteArray, domain);
    QFETCH(QByteArray, code);
    const auto result = mail::toALabelDomain(domain.toStdString());
    QVERIFY(!result);
    QCOMPARE(QByteArray::fromStdString(result.error().code), code);
}

QTEST_APPLESS_MAIN(tst_Address)
#include "tst_Address.moc"
