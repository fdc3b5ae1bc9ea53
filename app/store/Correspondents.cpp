// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Correspondents.h"

#include "base/Text.h"
#include "store/SealedFacts.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace sealpost::store {

namespace {

constexpr const char *kReads = "correspondents-read"; //!< {address: {"gcm", "oaep", "signed"}}
constexpr const char *kPins = "certificate-pins";     //!< {address: fingerprint}
constexpr int kMostRemembered = 5'000;

QString keyOf(std::string_view addressSpec) {
    return QString::fromStdString(base::asciiLower(addressSpec));
}

Result<QJsonObject> readFact(const SealedFacts &facts, const char *name) {
    const auto value = facts.read(name);
    if (!value) {
        return fail(value.error());
    }
    return QJsonDocument::fromJson(QByteArray::fromStdString(value->value_or("{}"))).object();
}

Result<void> writeFact(SealedFacts &facts, const char *name, const QJsonObject &value) {
    return facts.write({{name, QJsonDocument(value).toJson(QJsonDocument::Compact).toStdString()}});
}

Time signedAtOf(const QJsonObject &entry) {
    return base::fromIso8601(entry.value(QLatin1String("signed")).toString().toStdString());
}

//! Makes room for one more: of whom nothing was heard for longest.
void forgetOldest(QJsonObject &all) {
    auto oldest = all.begin();
    for (auto at = all.begin(); at != all.end(); ++at) {
        if (signedAtOf(at->toObject()) < signedAtOf(oldest->toObject())) {
            oldest = at;
        }
    }
    all.erase(oldest);
}

} // namespace

crypto::ReaderCapabilities Correspondents::capabilities(std::string_view addressSpec) {
    const std::lock_guard lock(m_mutex);
    const auto database = m_open();
    const auto all = database ? readFact(SealedFacts(*database), kReads) : QJsonObject();
    if (!all) {
        return {};
    }
    const auto entry = all->value(keyOf(addressSpec)).toObject();
    return {entry.value(QLatin1String("gcm")).toBool(),
            entry.value(QLatin1String("oaep")).toBool()};
}

Result<void> Correspondents::learn(std::string_view addressSpec,
                                   const crypto::ReaderCapabilities &capabilities, Time signedAt) {
    const std::lock_guard lock(m_mutex);
    const auto database = m_open();
    if (!database) {
        return fail(database.error());
    }
    SealedFacts facts(*database);
    auto all = readFact(facts, kReads);
    if (!all) {
        return fail(all.error());
    }
    const auto key = keyOf(addressSpec);
    const QJsonObject entry{
        {QStringLiteral("gcm"), capabilities.aes256Gcm},
        {QStringLiteral("oaep"), capabilities.rsaOaep},
        {QStringLiteral("signed"), QString::fromStdString(base::toIso8601(signedAt))}};
    const auto known = all->value(key).toObject();
    //= RFC 8551 §2.7.1 (the most recently signed message counts)
    if (known == entry || (!known.isEmpty() && signedAtOf(known) > signedAt)) {
        return {};
    }
    if (known.isEmpty() && all->size() >= kMostRemembered) {
        forgetOldest(*all);
    }
    all->insert(key, entry);
    return writeFact(facts, kReads, *all);
}

Result<std::optional<std::string>> Correspondents::pinned(std::string_view addressSpec) {
    const std::lock_guard lock(m_mutex);
    const auto database = m_open();
    if (!database) {
        return fail(database.error());
    }
    const auto all = readFact(SealedFacts(*database), kPins);
    if (!all) {
        return fail(all.error());
    }
    const auto found = all->value(keyOf(addressSpec)).toString().toStdString();
    return found.empty() ? std::nullopt : std::optional(found);
}

Result<void> Correspondents::pin(std::string_view addressSpec, std::string_view fingerprint) {
    const std::lock_guard lock(m_mutex);
    const auto database = m_open();
    if (!database) {
        return fail(database.error());
    }
    SealedFacts facts(*database);
    auto all = readFact(facts, kPins);
    if (!all) {
        return fail(all.error());
    }
    const auto key = keyOf(addressSpec);
    if (fingerprint.empty()) {
        all->remove(key);
    } else {
        all->insert(key, QString::fromStdString(std::string(fingerprint)));
    }
    return writeFact(facts, kPins, *all);
}

} // namespace sealpost::store
