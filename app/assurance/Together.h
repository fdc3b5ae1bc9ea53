// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <thread>
#include <vector>

namespace sealpost::assurance {

//! `work` for each index below `count`, on at most `atOnce` threads that mostly wait; the caller's
//! is one of them. Returns when all is done. `work` throws nothing.
template <class Work> void forEachAtOnce(std::size_t count, std::size_t atOnce, const Work &work) {
    std::atomic<std::size_t> next{0};
    const auto take = [&] {
        for (auto i = next++; i < count; i = next++) {
            work(i);
        }
    };
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(count, atOnce); ++i) {
        threads.emplace_back(take);
    }
    take();
}

//! All of these at the same time; the first one in the caller's thread.
inline void together(std::initializer_list<std::function<void()>> tasks) {
    forEachAtOnce(tasks.size(), tasks.size(), [&](std::size_t i) {
        (*std::next(tasks.begin(), static_cast<std::ptrdiff_t>(i)))();
    });
}

} // namespace sealpost::assurance
