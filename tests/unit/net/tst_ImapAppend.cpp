// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ImapAppend.h"
#include "net/TcpStream.h"
#include "net/TlsStream.h"
#include "support/TestCa.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

using namespace sealpost;
using namespace std::chrono_literals;

namespace {

Deadline soon() {
    return Deadline::after(30s);
}

//! A mailbox with one folder for sent mail, over TLS, for one session, or two where it is old.
class ImapServer {
public:
    ImapServer(const test::TestServerCertificate &certificate, std::string listing,
               std::string onLogin)
        : m_listener(net::TcpListener::listen("127.0.0.1", Port{0}).value()),
          m_listing(std::move(listing)), m_onLogin(std::move(onLogin)) {
        m_config.certificateChainPem = certificate.chainPem;
        m_config.privateKeyPem = certificate.keyPem;
        m_thread = std::thread([this] { serve(); });
    }
    ~ImapServer() { end(); }
    ImapServer(const ImapServer &) = delete;
    ImapServer &operator=(const ImapServer &) = delete;

    [[nodiscard]] Port port() const { return m_listener->port(); }
    //! Knows nothing of RFC 6154.
    void beOld() { m_old = true; }
    //! Before anybody connects.
    void offer(std::string mechanisms) { m_mechanisms = std::move(mechanisms); }
    void end() {
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }
    std::vector<std::string> commands; //!< without their tags; to read after end()
    std::string message;

private:
    void serve() {
        auto below = m_listener->accept(soon(), {});
        auto engine = crypto::TlsEngine::server(m_config);
        if (!below || !engine) {
            return;
        }
        auto stream = net::TlsStream::handshake(std::move(*below), std::move(*engine), soon(), {});
        if (!stream) {
            return;
        }
        m_stream = std::move(*stream);
        say("* OK ready");
        for (auto line = readLine(); !line.empty(); line = readLine()) {
            const auto space = line.find(' ');
            answer(line.substr(0, space), line.substr(space + 1));
        }
        if (m_old.exchange(false)) {
            m_pending.clear();
            serve(); // libcurl comes again after a command that was refused
        }
    }
    void answer(const std::string &tag, const std::string &command) {
        commands.push_back(command);
        if (command.starts_with("CAPABILITY")) {
            say("* CAPABILITY IMAP4rev1 " + m_mechanisms + " SASL-IR");
        } else if (command.starts_with("AUTHENTICATE")) {
            say(tag + " " + m_onLogin);
            return;
        } else if (command.starts_with("LIST")) {
            if (m_old && command.ends_with("RETURN (SPECIAL-USE)")) {
                say(tag + " BAD what?");
                return;
            }
            say(m_listing);
        } else if (command.starts_with("APPEND")) {
            const auto brace = command.find('{');
            const auto size = std::stoul(command.substr(brace + 1));
            say("+ go");
            while (m_pending.size() < size + 2 && more()) {
            }
            message = m_pending.substr(0, size);
            m_pending.erase(0, size + 2);
        }
        say(tag + " OK done");
    }
    void say(const std::string &line) { (void)m_stream->write(line + "\r\n", soon(), {}); }
    bool more() {
        std::array<char, 4096> buffer{};
        const auto count = m_stream->read(buffer, soon(), {});
        m_pending.append(buffer.data(), count.value_or(0));
        return count.value_or(0) > 0;
    }
    std::string readLine() {
        auto end = m_pending.find("\r\n");
        while (end == std::string::npos && more()) {
            end = m_pending.find("\r\n");
        }
        if (end == std::string::npos) {
            return {};
        }
        auto line = m_pending.substr(0, end);
        m_pending.erase(0, end + 2);
        return line;
    }

    crypto::TlsServerConfig m_config;
    std::unique_ptr<net::TcpListener> m_listener;
    std::unique_ptr<net::TlsStream> m_stream;
    std::atomic<bool> m_old = false;
    std::string m_mechanisms = "AUTH=PLAIN";
    std::string m_listing;
    std::string m_onLogin;
    std::string m_pending;
    std::thread m_thread;
};

const auto *const kListing = "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
                             "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent Items\"";

std::string appended(const test::TestCa &ca, const ImapServer &server, const std::string &message,
                     net::ImapProof proof = net::ImapProof::Password) {
    net::ImapMailbox mailbox;
    mailbox.host = "127.0.0.1";
    mailbox.port = server.port();
    mailbox.userName = "sam";
    mailbox.secret = base::SecretBytes(std::string_view("secret"));
    mailbox.proof = proof;
    mailbox.caFile = ca.rootFile();
    base::ViewSource source(message);
    const auto done = net::appendToSent(mailbox, source, message.size(), soon(), {});
    return done ? "ok" : done.error().code;
}

} // namespace

class TstImapAppend : public QObject {
    Q_OBJECT
private slots:
    void intoTheFolderOfSentMail_data();
    void intoTheFolderOfSentMail();
    void noFolderForIt();
    void nothingWithoutAGoodCertificate();
    void wrongPassword();
    void accessToken_data();
    void accessToken();
    void foldersInListings_data();
    void foldersInListings();
};

void TstImapAppend::intoTheFolderOfSentMail_data() {
    QTest::addColumn<bool>("old");
    QTest::newRow("rfc6154-return-special-use") << false;
    QTest::newRow("a server that does not know that") << true;
}

void TstImapAppend::noFolderForIt() {
    const test::TestCa ca;
    ImapServer server(ca.server("127.0.0.1"), "* LIST (\\HasNoChildren) \"/\" INBOX", "OK in");
    QCOMPARE(appended(ca, server, "x\r\n"), "imap.no-sent-folder");
    server.end();
    QCOMPARE(server.message, "");
}

void TstImapAppend::intoTheFolderOfSentMail() {
    QFETCH(bool, old);
    const test::TestCa ca;
    ImapServer server(ca.server("127.0.0.1"), kListing, "OK in");
    if (old) {
        server.beOld();
    }
    const auto message = "Subject: x\r\n\r\n" + std::string(100'000, 'm') + "\r\n";
    QCOMPARE(appended(ca, server, message), "ok");
    server.end();
    QCOMPARE(server.message, message);
    const auto append = std::find_if(server.commands.begin(), server.commands.end(),
                                     [](const auto &one) { return one.starts_with("APPEND"); });
    QVERIFY(append != server.commands.end());
    QVERIFY(append->find("\"Sent Items\"") != std::string::npos);
    QVERIFY(append->find("\\Seen") != std::string::npos);
}

void TstImapAppend::nothingWithoutAGoodCertificate() {
    const test::TestCa ca;
    const test::TestCa other;
    ImapServer stranger(other.server("127.0.0.1"), kListing, "OK in");
    QCOMPARE(appended(ca, stranger, "x\r\n"), "imap.certificate");
    stranger.end();
    QVERIFY(stranger.commands.empty()); // not even who it is for
    ImapServer wrongName(ca.server("imap.example"), kListing, "OK in");
    QCOMPARE(appended(ca, wrongName, "x\r\n"), "imap.certificate");
    wrongName.end();
    QVERIFY(wrongName.commands.empty());
}

void TstImapAppend::wrongPassword() {
    const test::TestCa ca;
    ImapServer server(ca.server("127.0.0.1"), kListing, "NO [AUTHENTICATIONFAILED] no");
    QCOMPARE(appended(ca, server, "x\r\n"), "imap.login");
    server.end();
    QCOMPARE(server.message, "");
}

void TstImapAppend::accessToken_data() {
    QTest::addColumn<std::string>("offered");
    QTest::addColumn<std::string>("said"); //!< the beginning of what goes out; empty: nothing
    QTest::newRow("both") << std::string("AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER")
                          << std::string("AUTHENTICATE OAUTHBEARER ");
    QTest::newRow("xoauth2") << std::string("AUTH=PLAIN AUTH=XOAUTH2")
                             << std::string("AUTHENTICATE XOAUTH2 ");
    QTest::newRow("neither") << std::string("AUTH=PLAIN AUTH=LOGIN") << std::string();
}

//! A token goes by the mechanisms that are for tokens, and by no other.
void TstImapAppend::accessToken() {
    QFETCH(std::string, offered);
    QFETCH(std::string, said);
    const test::TestCa ca;
    ImapServer server(ca.server("127.0.0.1"), kListing, "OK in");
    server.offer(offered);
    const auto outcome = appended(ca, server, "x\r\n", net::ImapProof::Token);
    server.end();
    const auto signsIn =
        std::find_if(server.commands.begin(), server.commands.end(), [](const auto &one) {
            return one.starts_with("AUTHENTICATE") || one.starts_with("LOGIN");
        });
    QCOMPARE(signsIn != server.commands.end(), !said.empty());
    QCOMPARE(outcome, said.empty() ? "imap.login" : "ok");
    QVERIFY(said.empty() || signsIn->starts_with(said));
}

void TstImapAppend::foldersInListings_data() {
    QTest::addColumn<QByteArray>("listing");
    QTest::addColumn<QByteArray>("folder");
    const auto row = [](const char *name, const char *listing, const char *folder) {
        QTest::newRow(name) << QByteArray(listing) << QByteArray(folder);
    };
    row("quoted", "* LIST (\\Sent) \"/\" \"Sent Items\"\r\n", "Sent Items");
    row("atom", "* LIST (\\Sent) \".\" INBOX.Sent\r\n", "INBOX.Sent");
    row("flag-in-any-case", "* LIST (\\HasNoChildren \\SENT) \"/\" Gesendet\r\n", "Gesendet");
    row("escaped", "* LIST (\\Sent) \"/\" \"a\\\"b\"\r\n", "a\"b");
    row("no-delimiter", "* LIST (\\Sent) NIL Sent\r\n", "Sent");
    row("usual-name", "* LIST (\\HasNoChildren) \"/\" \"Sent Items\"\r\n", "Sent Items");
    row("flag-before-name", "* LIST () \"/\" Sent\r\n* LIST (\\Sent) \"/\" Mine\r\n", "Mine");
    row("usual-name-of-no-folder", "* LIST (\\Noselect) \"/\" Sent\r\n", "");
    row("other-flag", "* LIST (\\SentToo) \"/\" Other\r\n", "");
    row("empty", "", "");
    row("broken", "* LIST )(\r\n* LIST\r\n", "");
}

void TstImapAppend::foldersInListings() {
    QFETCH(QByteArray, listing);
    QFETCH(QByteArray, folder);
    QCOMPARE(net::sentFolderIn(listing.toStdString()), folder.toStdString());
}

QTEST_GUILESS_MAIN(TstImapAppend)
#include "tst_ImapAppend.moc"
