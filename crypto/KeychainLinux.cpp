// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/KeychainGate.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusReply>
#include <QDBusVariant>
#include <QEventLoop>
#include <QTimer>
#include <QUuid>
#include <QVariantMap>
#include <algorithm>
#include <array>

// The freedesktop.org Secret Service API, draft 0.2, which GNOME's and KDE's keyrings offer.
namespace sealpost::crypto {

//! Takes a prompt's answer.
class PromptAnswer final : public QObject {
    Q_OBJECT
public:
    enum class Outcome { Pending, Dismissed, Done };
    [[nodiscard]] Outcome outcome() const { return m_outcome; }

public slots:
    void completed(bool dismissed, const QDBusVariant &) {
        m_outcome = dismissed ? Outcome::Dismissed : Outcome::Done;
        emit answered();
    }

signals:
    void answered();

private:
    Outcome m_outcome = Outcome::Pending;
};

namespace {

using namespace Qt::StringLiterals;

const auto kService = u"org.freedesktop.secrets"_s;
const auto kServicePath = u"/org/freedesktop/secrets"_s;
const auto kServiceInterface = u"org.freedesktop.Secret.Service"_s;
const auto kCollectionInterface = u"org.freedesktop.Secret.Collection"_s;
const auto kPromptInterface = u"org.freedesktop.Secret.Prompt"_s;
const auto kNoObject = u"/"_s;
constexpr int kCallLimit = 5000; // milliseconds
constexpr const char *kStage = "keychain.open";

//! A connection of our own: the shared one stays broken for good where the first try failed.
class SessionBus {
public:
    SessionBus()
        : m_name(QUuid::createUuid().toString()),
          m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, m_name)) {}
    ~SessionBus() { QDBusConnection::disconnectFromBus(m_name); }
    SessionBus(const SessionBus &) = delete;
    SessionBus &operator=(const SessionBus &) = delete;

    QDBusConnection &connection() { return m_bus; }

    QDBusMessage call(const QString &path, const QString &interface, const QString &method,
                      const QVariantList &arguments) {
        auto message = QDBusMessage::createMethodCall(kService, path, interface, method);
        message.setArguments(arguments);
        return m_bus.call(message, QDBus::Block, kCallLimit);
    }

private:
    QString m_name;
    QDBusConnection m_bus;
};

auto failed(const QDBusMessage &reply) {
    // The error's name alone: its text may name a file or an item.
    return fail("keychain.failed", kStage, Reaction::Retry, reply.errorName().toStdString());
}

auto missing(std::string_view detail) {
    return fail("keychain.missing", kStage, Reaction::AskAdmin, detail);
}

auto locked(std::string_view detail) {
    return fail("keychain.locked", kStage, Reaction::FixInput, detail);
}

bool isRunning(QDBusConnection &bus, const QString &name) {
    return bus.interface()->isServiceRegistered(name).value();
}

bool startSecretService(QDBusConnection &bus) {
    auto *daemon = bus.interface();
    daemon->setTimeout(kCallLimit);
    return isRunning(bus, kService) || daemon->startService(kService).isValid();
}

//! KDE before it offered the Secret Service; Qt Keychain speaks with it directly.
bool hasWallet(QDBusConnection &bus) {
    const std::array wallets = {u"org.kde.kwalletd6"_s, u"org.kde.kwalletd5"_s,
                                u"org.kde.kwalletd"_s};
    return std::ranges::any_of(wallets, [&](const auto &name) { return isRunning(bus, name); });
}

Result<void> prompt(SessionBus &bus, const QString &path, std::chrono::milliseconds limit) {
    PromptAnswer answer;
    QEventLoop loop;
    QObject::connect(&answer, &PromptAnswer::answered, &loop, &QEventLoop::quit);
    QTimer::singleShot(limit, &loop, &QEventLoop::quit);
    bus.connection().connect(kService, path, kPromptInterface, u"Completed"_s, &answer,
                             SLOT(completed(bool, QDBusVariant)));
    const auto started = bus.call(path, kPromptInterface, u"Prompt"_s, {QString()});
    if (started.type() == QDBusMessage::ErrorMessage) {
        return failed(started);
    }
    if (answer.outcome() == PromptAnswer::Outcome::Pending) {
        loop.exec();
    }
    switch (answer.outcome()) {
    case PromptAnswer::Outcome::Done:
        return {};
    case PromptAnswer::Outcome::Dismissed:
        return locked("prompt dismissed");
    case PromptAnswer::Outcome::Pending:
        break;
    }
    bus.call(path, kPromptInterface, u"Dismiss"_s, {});
    return locked("prompt not answered");
}

Result<bool> isLocked(SessionBus &bus, const QString &collection) {
    const auto reply = bus.call(collection, u"org.freedesktop.DBus.Properties"_s, u"Get"_s,
                                {kCollectionInterface, u"Locked"_s});
    const QDBusReply<QDBusVariant> value(reply);
    if (!value.isValid()) {
        return failed(reply);
    }
    return value.value().variant().toBool();
}

Result<KeychainState> unlock(SessionBus &bus, const QString &collection,
                             std::chrono::milliseconds limit) {
    const QList<QDBusObjectPath> wanted = {QDBusObjectPath(collection)};
    const auto reply =
        bus.call(kServicePath, kServiceInterface, u"Unlock"_s, {QVariant::fromValue(wanted)});
    if (reply.type() == QDBusMessage::ErrorMessage || reply.arguments().size() != 2) {
        return failed(reply);
    }
    const auto promptPath = reply.arguments().at(1).value<QDBusObjectPath>().path();
    if (promptPath != kNoObject) {
        if (auto answered = prompt(bus, promptPath, limit); !answered) {
            return fail(std::move(answered.error()));
        }
    }
    const auto still = isLocked(bus, collection);
    if (!still) {
        return fail(still.error());
    }
    return *still ? Result<KeychainState>(locked("not unlocked")) : KeychainState::Ready;
}

Result<KeychainState> makeDefault(SessionBus &bus, std::chrono::milliseconds limit) {
    const QVariantMap properties = {{kCollectionInterface + u".Label"_s, u"Default keyring"_s}};
    const auto reply = bus.call(kServicePath, kServiceInterface, u"CreateCollection"_s,
                                {properties, u"default"_s});
    if (reply.type() == QDBusMessage::ErrorMessage || reply.arguments().size() != 2) {
        return failed(reply);
    }
    const auto promptPath = reply.arguments().at(1).value<QDBusObjectPath>().path();
    if (promptPath != kNoObject && !prompt(bus, promptPath, limit)) {
        return missing("no default keyring");
    }
    return KeychainState::Ready;
}

} // namespace

Result<KeychainState> openKeychain(KeychainUse use, std::chrono::milliseconds promptLimit) {
    SessionBus bus;
    if (!bus.connection().isConnected()) {
        return missing("no session bus");
    }
    if (!startSecretService(bus.connection())) {
        if (hasWallet(bus.connection())) {
            return KeychainState::Ready;
        }
        return missing("no secret service");
    }
    const auto reply = bus.call(kServicePath, kServiceInterface, u"ReadAlias"_s, {u"default"_s});
    const QDBusReply<QDBusObjectPath> collection(reply);
    if (!collection.isValid()) {
        return failed(reply);
    }
    const auto path = collection.value().path();
    if (path == kNoObject) {
        return use == KeychainUse::Read ? KeychainState::Empty : makeDefault(bus, promptLimit);
    }
    const auto closed = isLocked(bus, path);
    if (!closed) {
        return fail(closed.error());
    }
    return *closed ? unlock(bus, path, promptLimit) : KeychainState::Ready;
}

} // namespace sealpost::crypto

#include "KeychainLinux.moc"
