// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HttpsClient.h"
#include "net/ProxyConnect.h"

#include "support/ScriptedServer.h"
#include "support/TestIdentities.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using test::Dialogue;
using test::ScriptedServer;

namespace {
constexpr auto kBehindProxy = "policy.court.invalid";

//! What GNOME's settings dialog writes, in the file that GSettings takes where there is no dconf.
void setProxy(const QTemporaryDir &folder, Port port) {
    QDir(folder.path()).mkpath(QStringLiteral("glib-2.0/settings"));
    QFile file(folder.filePath(QStringLiteral("glib-2.0/settings/keyfile")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto number = QByteArray::number(static_cast<std::uint16_t>(port));
    file.write("[system/proxy]\nmode='manual'\nignore-hosts=['localhost']\n");
    for (const char *scheme : {"http", "https"}) {
        file.write(QByteArray("[system/proxy/") + scheme + "]\nhost='127.0.0.1'\nport=" + number +
                   "\n");
    }
}

//! Whether libproxy can read GNOME's settings here: its modules lie in folders of its versions.
bool canReadGnome() {
    QDirIterator modules(QStringLiteral("/usr/lib"), {QStringLiteral("config_gnome3.so")},
                         QDir::Files, QDirIterator::Subdirectories);
    return modules.hasNext();
}
} // namespace

//! One process for one state of the desktop: whoever reads it keeps what was read.
class tst_DesktopProxy : public QObject {
    Q_OBJECT
private slots:
    void gnome();

private:
    QTemporaryDir m_settings;
};

void tst_DesktopProxy::gnome() {
    if (!canReadGnome()) {
        QSKIP("libproxy has no module for GNOME's settings here");
    }
    for (const char *name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy",
                             "no_proxy", "NO_PROXY"}) {
        qunsetenv(name);
    }
    ScriptedServer proxy(
        {Dialogue::parse("C: CONNECT policy.court.invalid:443 HTTP/1.1\nC: Host:\n"
                         "C: Proxy-Connection:\nC: \n"
                         "S! HTTP/1.1 200 Connection established\\r\\n\\r\\n\nTLS\n"
                         "C: GET /file HTTP/1.1\n"
                         "S! HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n"
                         "Connection: close\\r\\n\\r\\nsecret\n",
                         "inline"),
         test::Pacing::Whole, test::serverTls(kBehindProxy)});
    setProxy(m_settings, proxy.port());
    qputenv("XDG_CONFIG_HOME", m_settings.path().toUtf8());
    qputenv("DESKTOP_SESSION", "gnome");
    qputenv("GSETTINGS_BACKEND", "keyfile");
    net::HttpRequest request{std::string("https://") + kBehindProxy + "/file"};
    request.caFile = test::testCa().rootFile();
    const auto body = net::httpGet(request, Deadline::after(10s), {});
    QVERIFY2(body.has_value(), body ? "" : body.error().logSafeDetail.c_str());
    QCOMPARE(*body, "secret");
    QVERIFY(proxy.hasReceived("CONNECT policy.court.invalid:443 HTTP/1.1"));

    // What the settings leave out goes there by itself.
    ScriptedServer server({Dialogue::parse("TLS\nC: GET /file HTTP/1.1\n"
                                           "S! HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n"
                                           "Connection: close\\r\\n\\r\\nplain\n",
                                           "inline"),
                           test::Pacing::Whole, test::serverTls("localhost")});
    request.url =
        "https://localhost:" + std::to_string(static_cast<std::uint16_t>(server.port())) + "/file";
    const auto straight = net::httpGet(request, Deadline::after(10s), {});
    QVERIFY2(straight.has_value(), straight ? "" : straight.error().logSafeDetail.c_str());
    QCOMPARE(*straight, "plain");
    QCOMPARE(proxy.connections(), 1);

    // A mail server is reached in the same way; this proxy expects another name, and hangs up.
    const auto mail =
        net::connectByProxy("smtp.court.invalid", Port{465}, Deadline::after(10s), {});
    QCOMPARE(mail.has_value(), false);
    QVERIFY(proxy.hasReceived("CONNECT smtp.court.invalid:465 HTTP/1.1"));
    const auto local = net::connectByProxy("localhost", Port{465}, Deadline::after(10s), {});
    QVERIFY(local.has_value() && *local == nullptr);
}

QTEST_GUILESS_MAIN(tst_DesktopProxy)
#include "tst_DesktopProxy.moc"
