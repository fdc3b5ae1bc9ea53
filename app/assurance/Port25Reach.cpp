// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/Port25Reach.h"

#include "base/Text.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;

constexpr std::size_t kHostsThatShow = 3;
constexpr auto kRemembered = 30min;
//! A network that let one through is not suspected again for so long.
constexpr auto kOpenFor = 1h;

enum class Contact { Made, Failed, None };

Contact contactOf(const MxReport &mx) {
    if (mx.addresses.empty()) {
        return Contact::None; // DNS failed, not the connection
    }
    switch (mx.outcome) {
    case ProbeOutcome::Unreachable:
        return Contact::Failed;
    case ProbeOutcome::NotProbed:
    case ProbeOutcome::PortBlocked:
    case ProbeOutcome::NoAddress:
    case ProbeOutcome::PrivateAddress:
        return Contact::None;
    case ProbeOutcome::Encrypted:
    case ProbeOutcome::NoStartTls:
    case ProbeOutcome::StartTlsRefused:
    case ProbeOutcome::HandshakeFailed:
    case ProbeOutcome::TlsAlert:
    case ProbeOutcome::TempRejected:
    case ProbeOutcome::Rejected:
    case ProbeOutcome::Silent:
    case ProbeOutcome::Tarpit:
    case ProbeOutcome::HungUp:
    case ProbeOutcome::Garbage:
    case ProbeOutcome::Endless:
    case ProbeOutcome::Mangled:
    case ProbeOutcome::Injected:
        return Contact::Made;
    }
    return Contact::None;
}

//! Hosts beside one another ("mx1.court.example", "mx2.court.example") are one witness.
std::string familyOf(const std::string &host) {
    const auto dot = host.find('.');
    const bool hasParent = dot != std::string::npos && host.find('.', dot + 1) != std::string::npos;
    return hasParent ? host.substr(dot + 1) : host;
}

struct Witness {
    std::string family;
    std::vector<std::string> addresses;
};

//! One a line: its family, then its addresses.
std::string textOf(const std::vector<Witness> &witnesses) {
    std::vector<std::string> lines;
    lines.reserve(witnesses.size());
    for (const auto &witness : witnesses) {
        lines.push_back(witness.family + ' ' + base::join(witness.addresses, " "));
    }
    return base::join(lines, "\n");
}

std::vector<Witness> witnessesFrom(const std::string &text) {
    std::vector<Witness> witnesses;
    for (const auto &line : base::split(text, '\n')) {
        auto words = base::split(line, ' ');
        if (words.size() > 1) {
            auto family = std::move(words.front());
            words.erase(words.begin());
            witnesses.push_back({std::move(family), std::move(words)});
        }
    }
    return witnesses;
}

bool related(const Witness &one, const Witness &other) {
    return one.family == other.family ||
           std::find_first_of(one.addresses.begin(), one.addresses.end(), other.addresses.begin(),
                              other.addresses.end()) != one.addresses.end();
}
} // namespace

struct Port25Reach::Private {
    explicit Private(Port25Config c) : config(std::move(c)) {}

    Port25Config config;
    std::mutex mutex;
    std::string network;
    std::vector<Witness> witnesses; //!< unrelated, since a host was reached
    Time openUntil{};
    Time blockedUntil{};
    bool foundHere = false; //!< by this process, not by an earlier one

    [[nodiscard]] std::string key() const { return "port25:" + network; }
    [[nodiscard]] std::string witnessesKey() const { return "port25-witnesses:" + network; }

    //! Under the lock: forgets everything where the network is another one than before.
    void notice() {
        auto present = config.network();
        if (present == network) {
            return;
        }
        network = std::move(present);
        witnesses.clear();
        openUntil = blockedUntil = {};
        foundHere = false;
        const auto now = config.clock->now();
        if (const auto stored = config.cache ? config.cache->get(key(), now) : std::nullopt) {
            blockedUntil = base::fromIso8601(*stored);
        }
        if (const auto stored =
                config.cache ? config.cache->get(witnessesKey(), now) : std::nullopt) {
            witnesses = witnessesFrom(*stored);
        }
    }

    //! For the next process: who checks one domain after the other, each with a command of its own,
    //! is to wait three times and not each time.
    void setWitnesses(std::vector<Witness> now) {
        if (witnesses.empty() && now.empty()) {
            return;
        }
        witnesses = std::move(now);
        if (config.cache) {
            config.cache->put(witnessesKey(), textOf(witnesses), config.clock->now() + kRemembered);
        }
    }

    void setBlockedUntil(Time until) {
        blockedUntil = until;
        if (config.cache) {
            config.cache->put(key(), base::toIso8601(until), until);
        }
    }
};

Port25Reach::Port25Reach(Port25Config config) : d(std::make_unique<Private>(std::move(config))) {
    // Here rather than in the first dialogue, whose thread would open the store for it.
    d->notice();
}
Port25Reach::~Port25Reach() = default;

bool Port25Reach::isBlocked(Freshness freshness) {
    const std::lock_guard lock(d->mutex);
    d->notice();
    const bool blocked = d->blockedUntil > d->config.clock->now();
    switch (freshness) {
    case Freshness::Cached:
        return blocked;
    case Freshness::FreshOnce:
        return blocked && d->foundHere;
    case Freshness::Fresh:
        return false;
    }
    return false;
}

void Port25Reach::learn(const MxReport &mx) {
    const std::lock_guard lock(d->mutex);
    d->notice();
    const auto now = d->config.clock->now();
    switch (contactOf(mx)) {
    case Contact::None:
        return;
    case Contact::Made:
        d->setWitnesses({});
        d->openUntil = now + kOpenFor;
        if (d->blockedUntil > now) {
            d->setBlockedUntil(now);
        }
        return;
    case Contact::Failed:
        break;
    }
    Witness witness{familyOf(mx.host), mx.addresses};
    const bool known = std::any_of(d->witnesses.begin(), d->witnesses.end(),
                                   [&](const auto &other) { return related(witness, other); });
    if (d->openUntil > now || known) {
        return;
    }
    auto all = d->witnesses;
    all.push_back(std::move(witness));
    if (all.size() >= kHostsThatShow) {
        all.clear();
        d->foundHere = true;
        d->setBlockedUntil(now + kRemembered);
    }
    d->setWitnesses(std::move(all));
}

} // namespace sealpost::assurance
