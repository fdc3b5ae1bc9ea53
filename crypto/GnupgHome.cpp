// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/GnupgHome.h"

#include "base/Text.h"
#include "crypto/GnupgTool.h"

#include <QFile>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>
#include <chrono>
#include <sstream>
#include <system_error>
#include <thread>
#include <vector>

namespace sealpost::crypto {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kStage = "certificates.open";
constexpr std::chrono::seconds kToolTime{20};
// sockaddr_un has 108 bytes on Linux, and the longest socket name of GnuPG's is added to the
// folder.
constexpr std::size_t kLongestSocketPath = 100;

QString toQString(const fs::path &path) {
    return QString::fromStdString(path.string());
}

tl::unexpected<Error> homeError(std::string_view detail, const fs::path &subject) {
    return fail("gnupg.home", kStage, Reaction::AskAdmin, detail, subject.string());
}

//! Runs gpgconf for a home; what it printed.
Result<std::string> gpgconf(const fs::path &home, const std::vector<std::string> &arguments,
                            Deadline deadline) {
    return runGnupgTool("gpgconf", home, arguments, {}, deadline)
        .and_then([&](const ToolAnswer &answer) -> Result<std::string> {
            if (answer.exitCode != 0) {
                return fail("gnupg.failed", kStage, Reaction::Retry,
                            "gpgconf " + base::join(arguments, " "));
            }
            return std::string(base::trimmed(answer.out));
        });
}

Result<void> writeFile(const fs::path &path, const std::string &content) {
    QFile present(toQString(path));
    if (present.open(QIODevice::ReadOnly) && present.readAll().toStdString() == content) {
        return {};
    }
    present.close();
    QSaveFile file(toQString(path));
    if (!file.open(QIODevice::WriteOnly) ||
        file.write(content.data(), static_cast<qint64>(content.size())) < 0 || !file.commit()) {
        return homeError(file.errorString().toStdString(), path);
    }
    return {};
}

std::string readFile(const fs::path &path) {
    QFile file(toQString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

//! Of a key's file, which for a key on a card has its public part and where the card is.
PrivateKey placeOf(const fs::path &keyFile) {
    return readFile(keyFile).find("shadowed-private-key") != std::string::npos
               ? PrivateKey::OnCard
               : PrivateKey::InAgent;
}

//! What asks for a card's PIN: the system's, or where it has none a name that nothing is at.
std::string pinentryFor(const GnupgHome &home) {
    const auto found = QStandardPaths::findExecutable(QStringLiteral("pinentry"));
    return found.isEmpty() ? home.file("no-pinentry").string() : found.toStdString();
}

Result<void> makeFolder(const fs::path &folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!fs::is_directory(folder, error)) {
        return homeError("it is not a folder and can't be made", folder);
    }
    fs::permissions(folder, fs::perms::owner_all, error);
    if (error) {
        return homeError("its permissions can't be set: " + error.message(), folder);
    }
    return {};
}

} // namespace

Result<GnupgHome> GnupgHome::prepare(const fs::path &folder) {
    for (const auto *tool : {"gpgconf", "gpgsm", "gpg-agent"}) {
        if (!hasGnupgTool(tool)) {
            return fail("gnupg.missing", kStage, Reaction::AskAdmin, tool);
        }
    }
    std::error_code error;
    GnupgHome home(fs::absolute(folder, error));
    if (error || base::hasControlCharacters(home.folder())) {
        return homeError("its name can't be used", folder);
    }
    auto done =
        makeFolder(home.m_folder).and_then([&] { return home.writeConfiguration(); }).and_then([&] {
            return home.findAgentSocket(Deadline::after(kToolTime));
        });
    if (!done) {
        return fail(done.error());
    }
    return home;
}

Result<void> GnupgHome::writeConfiguration() const {
    // A short key derivation is safe because the passphrase is 256 random bits, and signing is ten
    // times as fast. Nobody is asked for it: every conversation but those about cards answers
    // itself what pinentry would ask (GpgAgent).
    const auto agent = "# Written by Sealpost.\n"
                       "s2k-count 65536\n"
                       "default-cache-ttl 0\n"
                       "max-cache-ttl 0\n"
                       "no-allow-mark-trusted\n"
                       "allow-loopback-pinentry\n"
                       "pinentry-program " +
                       pinentryFor(*this) + "\n";
    // Sealpost decides on revocation itself (docs/adr/0007): GnuPG never goes to the network.
    return writeFile(file("gpg-agent.conf"), agent)
        .and_then([&] {
            return writeFile(file("gpgsm.conf"), "# Written by Sealpost.\n"
                                                 "disable-dirmngr\n"
                                                 "disable-crl-checks\n");
        })
        .and_then([&] {
            return writeFile(file("dirmngr.conf"), "# Written by Sealpost.\n"
                                                   "disable-http\n"
                                                   "disable-ldap\n"
                                                   "ignore-http-dp\n"
                                                   "ignore-ldap-dp\n"
                                                   "ignore-ocsp-service-url\n");
        });
}

Result<void> GnupgHome::findAgentSocket(Deadline deadline) {
    const std::vector<std::string> query{"--list-dirs", "agent-socket"};
    auto socket = gpgconf(m_folder, query, deadline);
    if (socket && socket->size() > kLongestSocketPath) {
        // Where there is a /run/user, GnuPG keeps the sockets of this home in a short folder there.
        m_socketFolderMade = gpgconf(m_folder, {"--create-socketdir"}, deadline).has_value();
        socket = gpgconf(m_folder, query, deadline);
    }
    if (!socket) {
        return fail(socket.error());
    }
    if (socket->size() > kLongestSocketPath) {
        return homeError("its path is too long for sockets: " + std::to_string(socket->size()) +
                             " characters, " + std::to_string(kLongestSocketPath) +
                             " at most; choose a shorter folder",
                         m_folder);
    }
    m_agentSocket = *socket;
    return {};
}

Result<void> GnupgHome::startAgent(Deadline deadline) const {
    auto started = gpgconf(m_folder, {"--launch", "gpg-agent"}, deadline);
    if (!started) {
        return fail(started.error());
    }
    return {};
}

void GnupgHome::stopDaemons() const {
    std::error_code error;
    if (fs::exists(m_agentSocket, error)) {
        static_cast<void>(gpgconf(m_folder, {"--kill", "all"}, Deadline::after(5s)));
        // The agent is told to end, and does so a little later; who owns the folder may remove it,
        // and a mounted bundle go away, as soon as this returns.
        const auto patience = Deadline::after(1s);
        while (fs::exists(m_agentSocket, error) && !patience.passed()) {
            std::this_thread::sleep_for(5ms);
        }
    }
    if (m_socketFolderMade) {
        static_cast<void>(gpgconf(m_folder, {"--remove-socketdir"}, Deadline::after(5s)));
    }
}

PrivateKey GnupgHome::privateKey(std::string_view keygrip) const {
    const auto path = file("private-keys-v1.d") / (std::string(keygrip) + ".key");
    std::error_code error;
    if (keygrip.empty() || !fs::exists(path, error)) {
        return PrivateKey::Absent;
    }
    return placeOf(path);
}

bool GnupgHome::hasKey(std::string_view keygrip) const {
    std::error_code error;
    return !keygrip.empty() &&
           fs::exists(file("private-keys-v1.d") / (std::string(keygrip) + ".key"), error);
}

bool GnupgHome::hasAnyKey() const {
    std::error_code error;
    const fs::directory_iterator files(file("private-keys-v1.d"), error);
    return std::any_of(begin(files), end(files), [](const auto &entry) {
        return entry.path().extension() == ".key" && placeOf(entry.path()) == PrivateKey::InAgent;
    });
}

std::set<std::string> GnupgHome::trustedRoots() const {
    std::set<std::string> roots;
    std::istringstream lines(readFile(file("trustlist.txt")));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string fingerprint;
        std::string flag;
        words >> fingerprint >> flag;
        // "!" forbids a root, and "P" trusts it for OpenPGP alone.
        if (!fingerprint.empty() && fingerprint[0] != '#' && fingerprint[0] != '!' &&
            (flag == "S" || flag == "s" || flag == "*")) {
            std::erase(fingerprint, ':');
            roots.insert(base::asciiUpper(fingerprint));
        }
    }
    return roots;
}

Result<void> GnupgHome::trustRoot(std::string_view sha1, Deadline deadline) const {
    const auto path = file("trustlist.txt");
    auto content = readFile(path);
    if (!content.empty() && content.back() != '\n') {
        content += '\n';
    }
    content += std::string(sha1) + " S relax\n";
    auto written = writeFile(path, content);
    std::error_code error;
    if (!written || !fs::exists(m_agentSocket, error)) {
        return written;
    }
    auto reloaded = gpgconf(m_folder, {"--reload", "gpg-agent"}, deadline);
    if (!reloaded) {
        return fail(reloaded.error());
    }
    return {};
}

} // namespace sealpost::crypto
