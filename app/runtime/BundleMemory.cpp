// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/BundleMemory.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace sealpost::runtime {

namespace {

constexpr const char *kState = "policy-bundle-state";
constexpr const char *kBundle = "policy-bundle";

QJsonValue json(const std::string &text) {
    return QString::fromStdString(text);
}

QJsonValue json(Time time) {
    return json(base::toIso8601(time));
}

std::string text(const QJsonObject &object, const char *name) {
    return object.value(QLatin1String(name)).toString().toStdString();
}

Time time(const QJsonObject &object, const char *name) {
    return base::fromIso8601(text(object, name));
}

constexpr const char *word(Reaction reaction) {
    return reaction == Reaction::Retry ? "retry" : "ask-admin";
}

std::string stateText(const BundleMemory &memory) {
    // As text: JSON's numbers don't hold every 64-bit one.
    QJsonObject state{{QStringLiteral("version"), json(std::to_string(memory.version))},
                      {QStringLiteral("digest"), json(memory.digest)},
                      {QStringLiteral("seen"), json(memory.seen)},
                      {QStringLiteral("asked"), json(memory.asked)},
                      {QStringLiteral("fetched"), json(memory.fetched)}};
    if (memory.trouble) {
        state.insert(
            QStringLiteral("trouble"),
            QJsonObject{{QStringLiteral("code"), json(memory.trouble->code)},
                        {QStringLiteral("reaction"), QLatin1String(word(memory.trouble->reaction))},
                        {QStringLiteral("detail"), json(memory.trouble->logSafeDetail)},
                        {QStringLiteral("subject"), json(memory.trouble->subject)}});
    }
    return QJsonDocument(state).toJson(QJsonDocument::Compact).toStdString();
}

std::optional<Error> troubleOf(const QJsonObject &state) {
    const auto found = state.value(QLatin1String("trouble"));
    if (!found.isObject()) {
        return std::nullopt;
    }
    const auto trouble = found.toObject();
    return Error{text(trouble, "code"), "bundle",
                 text(trouble, "reaction") == word(Reaction::Retry) ? Reaction::Retry
                                                                    : Reaction::AskAdmin,
                 text(trouble, "detail"), text(trouble, "subject")};
}

} // namespace

Result<BundleMemory> BundleMemory::read(const store::SealedFacts &facts) {
    const auto state = facts.read(kState);
    if (!state) {
        return fail(state.error());
    }
    auto bundle = facts.read(kBundle);
    if (!bundle) {
        return fail(bundle.error());
    }
    BundleMemory memory;
    if (*state) {
        const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(**state)).object();
        memory.version = QString::fromStdString(text(object, "version")).toULongLong();
        memory.digest = text(object, "digest");
        memory.seen = time(object, "seen");
        memory.asked = time(object, "asked");
        memory.fetched = time(object, "fetched");
        memory.trouble = troubleOf(object);
    }
    memory.signedBundle = std::move(*bundle).value_or(std::string());
    return memory;
}

Result<void> BundleMemory::writeState(store::SealedFacts &facts) const {
    return facts.write({{kState, stateText(*this)}});
}

Result<void> BundleMemory::writeAll(store::SealedFacts &facts) const {
    return facts.write({{kState, stateText(*this)}, {kBundle, signedBundle}});
}

} // namespace sealpost::runtime
