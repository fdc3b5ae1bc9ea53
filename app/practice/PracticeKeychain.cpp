// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/PracticeKeychain.h"

#include "practice/PracticePaths.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>
#include <utility>

namespace sealpost::practice {

namespace {

constexpr int kLockTime = 5000; // ms

tl::unexpected<Error> failed(const QString &detail) {
    return fail("keychain.failed", "practice.keychain", Reaction::Retry, detail.toStdString());
}

QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

Result<QJsonObject> readAll(const QString &name) {
    QFile file(name);
    if (!file.exists()) {
        return QJsonObject();
    }
    if (!file.open(QIODevice::ReadOnly)) {
        return failed(file.errorString());
    }
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(file.readAll(), &error);
    if (!document.isObject()) {
        return failed(QStringLiteral("the practice keychain is damaged: ") + error.errorString());
    }
    return document.object();
}

Result<void> writeAll(const QString &name, const QJsonObject &secrets) {
    QSaveFile file(name);
    if (!file.open(QIODevice::WriteOnly) ||
        !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
        file.write(QJsonDocument(secrets).toJson()) < 0 || !file.commit()) {
        return failed(file.errorString());
    }
    return {};
}

//! Reads, changes and writes the file while no other process does.
template <class Change> Result<void> changeAll(const QString &name, Change change) {
    QLockFile lock(name + QStringLiteral(".lock"));
    if (!lock.tryLock(kLockTime)) {
        return failed(QStringLiteral("the practice keychain is in use"));
    }
    auto secrets = readAll(name);
    if (!secrets) {
        return tl::unexpected(secrets.error());
    }
    change(*secrets);
    return writeAll(name, *secrets);
}

} // namespace

PracticeKeychain::PracticeKeychain(std::filesystem::path file) : m_file(std::move(file)) {}

Result<std::optional<SecretBytes>> PracticeKeychain::read(std::string_view key) {
    const std::scoped_lock guard(m_mutex);
    const auto secrets = readAll(toQString(m_file));
    if (!secrets) {
        return tl::unexpected(secrets.error());
    }
    const auto value = secrets->value(toQString(key));
    if (!value.isString()) {
        return std::optional<SecretBytes>();
    }
    const auto bytes = QByteArray::fromBase64(value.toString().toLatin1());
    return SecretBytes(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

Result<void> PracticeKeychain::write(std::string_view key, const SecretBytes &secret) {
    const std::scoped_lock guard(m_mutex);
    const auto bytes = QByteArray(secret.view().data(), static_cast<qsizetype>(secret.size()));
    return changeAll(toQString(m_file), [&](QJsonObject &secrets) {
        secrets.insert(toQString(key), QString::fromLatin1(bytes.toBase64()));
    });
}

Result<void> PracticeKeychain::remove(std::string_view key) {
    const std::scoped_lock guard(m_mutex);
    return changeAll(toQString(m_file),
                     [&](QJsonObject &secrets) { secrets.remove(toQString(key)); });
}

} // namespace sealpost::practice
