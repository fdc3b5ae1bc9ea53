// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/PracticePeople.h"

#include "practice/PracticePaths.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>
#include <chrono>
#include <system_error>

namespace sealpost::practice {

namespace {

namespace fs = std::filesystem;

constexpr auto kStage = "practice.people";
constexpr int kMakingTime = 30'000; // ms: another process may be making the same folder
constexpr int kVersion = 1;
// A root that is about to end is made anew with everything under it.
constexpr std::chrono::days kLeastLife{30};

tl::unexpected<Error> folderError(const fs::path &subject, std::string_view detail) {
    return fail("practice.folder", kStage, Reaction::AskAdmin, detail,
                toQString(subject).toStdString());
}

fs::path authorityFolder(const fs::path &folder) {
    return folder / "authority";
}
fs::path peopleFile(const fs::path &folder) {
    return folder / "people.json";
}
fs::path personFile(const fs::path &folder, const PracticePerson &person, const char *suffix) {
    return folder / "people" / (std::string(person.fileName) + suffix);
}

Result<void> makeFolder(const fs::path &folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error) {
        fs::permissions(folder, fs::perms::owner_all, error);
    }
    if (error) {
        return folderError(folder, error.message());
    }
    return {};
}

Result<void> writeFile(const fs::path &name, const QByteArray &bytes) {
    QSaveFile file(toQString(name));
    if (!file.open(QIODevice::WriteOnly) ||
        !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) || file.write(bytes) < 0 ||
        !file.commit()) {
        return folderError(name, file.errorString().toStdString());
    }
    return {};
}

Result<std::string> readFile(const fs::path &name) {
    QFile file(toQString(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return folderError(name, file.errorString().toStdString());
    }
    return file.readAll().toStdString();
}

//! Issues one person's certificate and writes its files; its fingerprint.
Result<std::string> makePerson(const crypto::LocalAuthority &authority, const fs::path &folder,
                               const PracticePerson &person, crypto::PersonalKey key, Time now) {
    const SecretBytes passphrase(kPracticePassphrase);
    const auto identity = authority.issuePerson(person.name, person.address, key, passphrase, now);
    if (!identity) {
        return tl::unexpected(identity.error());
    }
    auto written =
        writeFile(personFile(folder, person, ".p12"), QByteArray::fromStdString(identity->pkcs12));
    if (written) {
        written = writeFile(personFile(folder, person, ".pem"),
                            QByteArray::fromStdString(identity->certificatePem));
    }
    if (!written) {
        return tl::unexpected(written.error());
    }
    return identity->fingerprint;
}

Result<void> makeAll(const fs::path &folder, Time now) {
    for (const auto &part : {authorityFolder(folder), folder / "people"}) {
        if (auto made = makeFolder(part); !made) {
            return made;
        }
    }
    const auto authority =
        crypto::LocalAuthority::create("Sealpost practice authority", kPracticeCrlUrl, now);
    if (!authority) {
        return tl::unexpected(authority.error());
    }
    if (auto saved = (*authority)->save(authorityFolder(folder)); !saved) {
        return folderError(authorityFolder(folder), saved.error().logSafeDetail);
    }
    const auto sam = makePerson(**authority, folder, kSam, crypto::PersonalKey::Rsa3072, now);
    if (!sam) {
        return tl::unexpected(sam.error());
    }
    const auto jo = makePerson(**authority, folder, kJo, crypto::PersonalKey::EcP256, now);
    if (!jo) {
        return tl::unexpected(jo.error());
    }
    const QJsonObject people{{QStringLiteral("version"), kVersion},
                             {QStringLiteral("sam"), QString::fromStdString(*sam)},
                             {QStringLiteral("jo"), QString::fromStdString(*jo)}};
    return writeFile(peopleFile(folder), QJsonDocument(people).toJson());
}

} // namespace

Result<std::unique_ptr<PracticePeople>> PracticePeople::open(const fs::path &folder, Time now) {
    if (auto made = makeFolder(folder); !made) {
        return tl::unexpected(made.error());
    }
    QLockFile lock(toQString(folder / "making.lock"));
    if (!lock.tryLock(kMakingTime)) {
        return folderError(folder, "another program is making the practice people");
    }
    std::error_code error;
    auto known = fs::exists(peopleFile(folder), error);
    auto people = std::unique_ptr<PracticePeople>(new PracticePeople);
    people->m_folder = folder;
    for (auto attempt = 0; attempt < 2; ++attempt) {
        if (!known) {
            if (auto made = makeAll(folder, now); !made) {
                return tl::unexpected(made.error());
            }
        }
        auto authority = crypto::LocalAuthority::load(authorityFolder(folder), kPracticeCrlUrl);
        if (!authority) {
            return folderError(authorityFolder(folder), authority.error().logSafeDetail);
        }
        people->m_authority = std::move(*authority);
        known = people->m_authority->notAfter() - now > kLeastLife;
        if (known) {
            break;
        }
    }
    const auto json = readFile(peopleFile(folder));
    if (!json) {
        return tl::unexpected(json.error());
    }
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(*json)).object();
    people->m_samFingerprint = object.value(QLatin1String("sam")).toString().toStdString();
    people->m_joFingerprint = object.value(QLatin1String("jo")).toString().toStdString();
    if (people->m_samFingerprint.empty() || people->m_joFingerprint.empty()) {
        return folderError(peopleFile(folder), "damaged");
    }
    return people;
}

fs::path PracticePeople::rootFile() const {
    return authorityFolder(m_folder) / "root.pem";
}

Result<std::string> PracticePeople::pkcs12(const PracticePerson &person) const {
    return readFile(personFile(m_folder, person, ".p12"));
}

Result<std::string> PracticePeople::certificatePem(const PracticePerson &person) const {
    return readFile(personFile(m_folder, person, ".pem"));
}

} // namespace sealpost::practice
