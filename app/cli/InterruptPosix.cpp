// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Interrupt.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace sealpost::cli {

namespace {

// What a signal handler may touch: one file descriptor.
volatile std::sig_atomic_t writeEnd = -1;

extern "C" void onSignal(int /*number*/) {
    const auto before = errno;
    const char byte = 1;
    (void)!write(writeEnd, &byte, 1);
    errno = before;
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, nullptr);
}

} // namespace

struct Interrupt::Private {
    std::array<int, 2> ends{-1, -1};
    std::stop_source source;
    std::jthread waiter;
};

Interrupt::Interrupt() : d(std::make_unique<Private>()) {
    if (pipe2(d->ends.data(), O_CLOEXEC) != 0) {
        return; // signals then end the program as usual
    }
    writeEnd = d->ends[1];
    d->waiter = std::jthread([source = d->source, end = d->ends[0]]() mutable {
        char byte = 0;
        if (read(end, &byte, 1) == 1 && byte == 1) {
            source.request_stop();
        }
    });
    handle(SIGINT, onSignal);
    handle(SIGTERM, onSignal);
}

Interrupt::~Interrupt() {
    if (d->ends[1] < 0) {
        return;
    }
    handle(SIGINT, SIG_DFL);
    handle(SIGTERM, SIG_DFL);
    writeEnd = -1;
    const char over = 0;
    (void)!write(d->ends[1], &over, 1);
    if (d->waiter.joinable()) {
        d->waiter.join();
    }
    close(d->ends[0]);
    close(d->ends[1]);
}

std::stop_token Interrupt::token() const {
    return d->source.get_token();
}

} // namespace sealpost::cli
