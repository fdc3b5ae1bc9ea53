// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateStore.h"
#include "gnupg/MailPki.h"
#include "support/FakeClock.h"
#include "support/MemoryKeychain.h"

#include <QString>
#include <QTemporaryDir>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace sealpost::test {

inline Deadline soon() {
    return Deadline::after(std::chrono::seconds(30));
}

//! Its word: QtTest can't print what has a toString of its own.
inline QString wordOf(crypto::CertificateState state) {
    const auto word = crypto::toString(state);
    return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
}

//! Hands out revocation lists from memory; a URL that it does not know is out of reach.
class FakeCrlServer {
public:
    void put(const std::string &url, std::string bytes) {
        const std::lock_guard guard(m_mutex);
        m_lists[url] = std::move(bytes);
    }
    void remove(const std::string &url) {
        const std::lock_guard guard(m_mutex);
        m_lists.erase(url);
    }
    //! Answers every URL that starts so, with the whole URL at hand.
    void answer(const std::string &prefix,
                std::function<Result<std::string>(const std::string &url)> how) {
        const std::lock_guard guard(m_mutex);
        m_answers[prefix] = std::move(how);
    }
    [[nodiscard]] int asked() const { return m_asked; }
    [[nodiscard]] crypto::UrlFetcher fetcher() {
        return [this](const std::string &url, Deadline, std::stop_token) -> Result<std::string> {
            ++m_asked;
            const std::lock_guard guard(m_mutex);
            for (const auto &[prefix, how] : m_answers) {
                if (url.starts_with(prefix)) {
                    return how(url);
                }
            }
            const auto at = m_lists.find(url);
            if (at == m_lists.end()) {
                return fail("net.timeout", "fetch", Reaction::Retry);
            }
            return at->second;
        };
    }

private:
    std::mutex m_mutex;
    std::map<std::string, std::string> m_lists;
    std::map<std::string, std::function<Result<std::string>(const std::string &)>> m_answers;
    std::atomic<int> m_asked = 0;
};

inline constexpr auto kIntermediateCrl = "http://crl.test/intermediate.crl";
inline constexpr auto kRootCrl = "http://crl.test/root.crl";

//! A store with a short home of its own, which goes away with it, agent and all.
class StoreFixture {
public:
    explicit StoreFixture(const MailPki &pki) {
        crls.put(kIntermediateCrl, pki.crl(MailIssuer::Intermediate));
        crls.put(kRootCrl, pki.crl(MailIssuer::Root));
        reopen();
    }
    void reopen() {
        store.reset();
        auto opened = crypto::CertificateStore::open(config());
        if (!opened) {
            qFatal("open: %s %s", opened.error().code.c_str(),
                   opened.error().logSafeDetail.c_str());
        }
        store = *opened;
    }
    [[nodiscard]] crypto::CertificateStoreConfig config() {
        return {home.path().toStdString(), keychain, clock, crls.fetcher()};
    }
    //! Root and intermediate, the root trusted.
    void trust(const MailPki &pki) const {
        const auto done =
            store
                ->importCertificates(pki.root.certificatePem() + pki.intermediate.certificatePem(),
                                     soon())
                .and_then(
                    [&](const auto &) { return store->trustRoot(pki.root.fingerprint(), soon()); });
        if (!done) {
            qFatal("trust: %s %s", done.error().code.c_str(), done.error().logSafeDetail.c_str());
        }
    }

    QTemporaryDir home{QStringLiteral("/tmp/sp-XXXXXX")};
    std::shared_ptr<MemoryKeychain> keychain = std::make_shared<MemoryKeychain>();
    std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>(base::SystemClock().now());
    FakeCrlServer crls;
    std::shared_ptr<crypto::CertificateStore> store; // last: ends its agent before the home goes
};

//! One key pair takes time: one PKI for a whole test program.
inline const MailPki &mailPki() {
    static const MailPki kPki(base::SystemClock().now());
    return kPki;
}

} // namespace sealpost::test
