// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/Keychain.h"

#include "crypto/KeychainGate.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QEventLoop>
#include <QThread>
#include <QTimer>
#include <chrono>
#include <future>
#include <mutex>
#include <qt6keychain/keychain.h>

namespace sealpost::crypto {
namespace {

constexpr std::chrono::seconds kJobLimit{15};

QString textOf(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

auto failed(std::string_view stage, std::string_view detail) {
    return fail("keychain.failed", stage, Reaction::Retry, detail);
}

Error errorFrom(QKeychain::Error error, std::string_view stage, const QString &text) {
    const std::string at(stage);
    switch (error) {
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return {"keychain.denied", at, Reaction::FixInput, {}, {}};
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return {"keychain.missing", at, Reaction::AskAdmin, {}, {}};
    case QKeychain::NoError:
    case QKeychain::EntryNotFound:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::OtherError:
        break;
    }
    return {"keychain.failed", at, Reaction::Retry, text.toStdString(), {}};
}

//! Overwrites bytes that nobody shares any more.
void wipe(QByteArray &bytes) {
    bytes.fill('\0');
}

//! The one thread that speaks with Qt Keychain: its queue of jobs is not locked and lives where the
//! first job began, so every job must come from there and that thread must stay.
class KeychainThread {
public:
    static KeychainThread &instance() {
        // Never deleted: at exit it waits idly, and Qt Keychain's queue needs it until then.
        static auto *only = new KeychainThread;
        return *only;
    }

    //! Runs `work` there and waits for it. Calls follow each other.
    template <class Work> auto run(Work work) -> decltype(work()) {
        const std::lock_guard one(m_mutex);
        std::promise<decltype(work())> promise;
        auto future = promise.get_future();
        QMetaObject::invokeMethod(
            &m_there, [&] { promise.set_value(work()); }, Qt::QueuedConnection);
        return future.get();
    }

    //! Whether a job that was given up on still waits inside Qt Keychain. On the thread.
    bool stuck = false;

private:
    KeychainThread() {
        m_there.moveToThread(&m_thread);
        m_thread.setObjectName(QStringLiteral("keychain"));
        m_thread.start();
    }

    std::mutex m_mutex;
    QThread m_thread;
    QObject m_there;
};

enum class Ending { Finished, GivenUp };

//! On the keychain's thread. A job given up on deletes itself when it ends: what it waits for holds
//! a pointer to it.
Ending runJob(QKeychain::Job *job, const QString &key) {
    auto &thread = KeychainThread::instance();
    job->setInsecureFallback(false);
    job->setAutoDelete(false);
    job->setKey(key);
    QEventLoop loop;
    bool finished = false;
    QObject::connect(job, &QKeychain::Job::finished, &loop, [&] {
        finished = true;
        loop.quit();
    });
    QTimer::singleShot(kJobLimit, &loop, &QEventLoop::quit);
    job->start();
    loop.exec();
    if (finished) {
        return Ending::Finished;
    }
    thread.stuck = true;
    QObject::connect(job, &QKeychain::Job::finished,
                     [] { KeychainThread::instance().stuck = false; });
    job->setAutoDelete(true);
    return Ending::GivenUp;
}

class OsKeychain final : public Keychain {
public:
    explicit OsKeychain(std::string_view profileId)
        : m_service(profileId.empty() ? QStringLiteral("Sealpost")
                                      : QStringLiteral("Sealpost:") + textOf(profileId)) {}

    Result<std::optional<SecretBytes>> read(std::string_view key) override {
        using Answer = Result<std::optional<SecretBytes>>;
        return onThread("keychain.read", KeychainUse::Read, [&](KeychainState state) -> Answer {
            return state == KeychainState::Empty ? Answer(std::nullopt) : readThere(key);
        });
    }

    Result<void> write(std::string_view key, const SecretBytes &secret) override {
        return onThread("keychain.write", KeychainUse::Write,
                        [&](KeychainState) { return writeThere(key, secret); });
    }

    Result<void> remove(std::string_view key) override {
        return onThread(
            "keychain.remove", KeychainUse::Read, [&](KeychainState state) -> Result<void> {
                return state == KeychainState::Empty ? Result<void>() : removeThere(key);
            });
    }

private:
    template <class Work>
    static auto onThread(std::string_view stage, KeychainUse use, Work work)
        -> decltype(work(KeychainState::Ready)) {
        if (QCoreApplication::instance() == nullptr) {
            return fail("keychain.no-application", stage, Reaction::Bug);
        }
        return KeychainThread::instance().run([&]() -> decltype(work(KeychainState::Ready)) {
            if (KeychainThread::instance().stuck) {
                return failed(stage, "an earlier call still waits");
            }
            auto state = openKeychain(use);
            if (!state) {
                return fail(std::move(state.error()));
            }
            return work(*state);
        });
    }

    Result<std::optional<SecretBytes>> readThere(std::string_view key) {
        auto *job = new QKeychain::ReadPasswordJob(m_service);
        if (runJob(job, textOf(key)) == Ending::GivenUp) {
            return failed("keychain.read", "no answer");
        }
        const auto error = job->error();
        const auto text = job->errorString();
        auto bytes = job->binaryData();
        delete job;
        if (error == QKeychain::EntryNotFound) {
            return std::nullopt;
        }
        if (error != QKeychain::NoError) {
            return fail(errorFrom(error, "keychain.read", text));
        }
        SecretBytes secret(
            std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        wipe(bytes);
        return secret;
    }

    Result<void> writeThere(std::string_view key, const SecretBytes &secret) {
        QByteArray bytes(secret.view().data(), static_cast<qsizetype>(secret.size()));
        auto *job = new QKeychain::WritePasswordJob(m_service);
        job->setBinaryData(bytes);
        if (runJob(job, textOf(key)) == Ending::GivenUp) {
            return failed("keychain.write", "no answer");
        }
        const auto error = job->error();
        const auto text = job->errorString();
        delete job;
        wipe(bytes);
        return error == QKeychain::NoError ? Result<void>()
                                           : fail(errorFrom(error, "keychain.write", text));
    }

    Result<void> removeThere(std::string_view key) {
        auto *job = new QKeychain::DeletePasswordJob(m_service);
        if (runJob(job, textOf(key)) == Ending::GivenUp) {
            return failed("keychain.remove", "no answer");
        }
        const auto error = job->error();
        const auto text = job->errorString();
        delete job;
        return error == QKeychain::NoError || error == QKeychain::EntryNotFound
                   ? Result<void>()
                   : fail(errorFrom(error, "keychain.remove", text));
    }

    QString m_service;
};

} // namespace

std::unique_ptr<Keychain> makeOsKeychain(std::string_view profileId) {
    return std::make_unique<OsKeychain>(profileId);
}

} // namespace sealpost::crypto
