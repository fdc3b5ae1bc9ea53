// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/Refresher.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace sealpost::assurance {

namespace {
constexpr std::size_t kMostWaiting = 64;
}

struct Refresher::Private {
    explicit Private(Work w) : work(std::move(w)) {}

    Work work;
    std::mutex mutex;
    std::condition_variable_any changed;
    std::deque<std::string> waiting;
    std::set<std::string> known; //!< waiting or underway
    std::jthread worker;         //!< from the first question on

    void workUntil(const std::stop_token &stop) {
        std::unique_lock lock(mutex);
        while (changed.wait(lock, stop, [this] { return !waiting.empty(); })) {
            if (stop.stop_requested()) {
                return;
            }
            const auto domain = std::move(waiting.front());
            waiting.pop_front();
            lock.unlock();
            work(domain, stop);
            lock.lock();
            known.erase(domain);
        }
    }
};

Refresher::Refresher(Work work) : d(std::make_unique<Private>(std::move(work))) {}
Refresher::~Refresher() = default;

void Refresher::ask(const std::string &domain) {
    const std::lock_guard lock(d->mutex);
    if (d->waiting.size() >= kMostWaiting || !d->known.insert(domain).second) {
        return;
    }
    d->waiting.push_back(domain);
    if (!d->worker.joinable()) {
        d->worker = std::jthread([this](const std::stop_token &stop) { d->workUntil(stop); });
    }
    d->changed.notify_one();
}

} // namespace sealpost::assurance
