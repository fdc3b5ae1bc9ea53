// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/SharedMxProber.h"

#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;

//! A server may show another certificate to who calls it by another name.
std::string sharedName(const ProbeTarget &target) {
    return target.serverName.empty() ? target.record.host
                                     : target.record.host + ' ' + target.serverName;
}

ProbeResult notProbed(const net::MxRecord &record) {
    ProbeResult result;
    result.mx.host = record.host;
    result.mx.preference = record.preference;
    return result;
}

//! As the streams see it: what is left of a last millisecond is nothing.
bool brokenOff(const Deadline &deadline, const std::stop_token &stop) {
    return stop.stop_requested() || deadline.remaining() == 0ms;
}
} // namespace

struct SharedMxProber::Private {
    enum class Claim { Known, Ours, TimeOver };

    //! A result, or the dialogue that will give it.
    struct Entry {
        std::shared_ptr<const ProbeResult> result; //!< of the last dialogue
        Time expires{};
        bool underway = false;
        std::list<std::string>::iterator used;
    };

    explicit Private(SharedProberConfig c) : config(std::move(c)) {}

    SharedProberConfig config;
    std::mutex mutex;
    std::condition_variable_any changed; //!< a dialogue ended, or a place is free
    std::unordered_map<std::string, Entry> entries;
    std::list<std::string> order; //!< hosts, the last used first
    std::size_t busy = 0;

    Entry &entryOf(const std::string &host) {
        const auto [found, made] = entries.try_emplace(host);
        if (made) {
            order.push_front(host);
            found->second.used = order.begin();
        } else {
            order.splice(order.begin(), order, found->second.used);
        }
        return found->second;
    }

    void forgetOldest() {
        for (auto last = order.end();
             entries.size() > config.remembered && last != order.begin();) {
            --last;
            const auto found = entries.find(*last);
            if (!found->second.underway) {
                entries.erase(found);
                last = order.erase(last);
            }
        }
    }

    //! Waits for a dialogue that goes on, or takes the host and one of the places for our own.
    Claim claim(const std::string &host, Freshness freshness, Deadline deadline,
                const std::stop_token &stop, std::shared_ptr<const ProbeResult> &result) {
        std::unique_lock lock(mutex);
        for (bool joined = false;; joined = true) {
            auto &entry = entryOf(host);
            const bool current = freshness != Freshness::Fresh && entry.result &&
                                 entry.expires > config.clock->now();
            if (current || (joined && entry.result)) {
                result = entry.result;
                return Claim::Known;
            }
            if (!entry.underway) {
                entry.underway = true;
                entry.result = nullptr;
                break;
            }
            if (!waitUntil(lock, deadline, stop, [&] { return !entryOf(host).underway; })) {
                return Claim::TimeOver;
            }
        }
        if (!waitUntil(lock, deadline, stop, [this] { return busy < config.atOnce; })) {
            entryOf(host).underway = false;
            changed.notify_all();
            return Claim::TimeOver;
        }
        ++busy;
        return Claim::Ours;
    }

    void settle(const std::string &host, const std::shared_ptr<const ProbeResult> &result,
                bool wasBrokenOff) {
        const std::lock_guard lock(mutex);
        --busy;
        auto &entry = entryOf(host);
        entry.underway = false;
        if (!wasBrokenOff) {
            entry.result = result;
            entry.expires = config.clock->now() + lifeOf(result->mx.outcome);
        }
        forgetOldest();
        changed.notify_all();
    }

    bool waitUntil(std::unique_lock<std::mutex> &lock, Deadline deadline,
                   const std::stop_token &stop, const std::function<bool()> &ready) {
        return changed.wait_for(lock, stop, deadline.remaining(), ready);
    }
};

SharedMxProber::SharedMxProber(SharedProberConfig config)
    : d(std::make_unique<Private>(std::move(config))) {}
SharedMxProber::~SharedMxProber() = default;

std::chrono::seconds SharedMxProber::lifeOf(ProbeOutcome outcome) {
    switch (outcome) {
    case ProbeOutcome::Encrypted:
    case ProbeOutcome::NoStartTls:
        return 10min;
    case ProbeOutcome::StartTlsRefused:
    case ProbeOutcome::HandshakeFailed:
    case ProbeOutcome::TlsAlert:
    case ProbeOutcome::PrivateAddress:
    case ProbeOutcome::Mangled:
    case ProbeOutcome::Endless:
    case ProbeOutcome::Rejected:
    case ProbeOutcome::Garbage:
        return 5min;
    case ProbeOutcome::Unreachable:
    case ProbeOutcome::TempRejected:
    case ProbeOutcome::Silent:
    case ProbeOutcome::Tarpit:
    case ProbeOutcome::HungUp:
    case ProbeOutcome::NoAddress:
    case ProbeOutcome::Injected:
        return 1min;
    case ProbeOutcome::PortBlocked: // Port25Reach remembers that
    case ProbeOutcome::NotProbed:
        return 0s;
    }
    return 0s;
}

ProbeResult SharedMxProber::probe(const ProbeTarget &target, Freshness freshness, Deadline deadline,
                                  std::stop_token stop) {
    std::shared_ptr<const ProbeResult> result;
    const auto host = sharedName(target);
    switch (d->claim(host, freshness, deadline, stop, result)) {
    case Private::Claim::Known:
        break;
    case Private::Claim::TimeOver:
        return notProbed(target.record);
    case Private::Claim::Ours:
        result = std::make_shared<const ProbeResult>(
            d->config.dialogue(target, freshness, deadline, stop));
        d->settle(host, result, brokenOff(deadline, stop));
        break;
    }
    auto copy = *result;
    copy.mx.preference = target.record.preference; // of the domain that asks
    return copy;
}

} // namespace sealpost::assurance
