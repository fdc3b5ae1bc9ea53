// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <stop_token>

namespace sealpost::cli {

//! Turns the first Ctrl-C (or SIGTERM) into a stop request; a second one ends the program as usual.
//! One at a time, of main() alone.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;
    [[nodiscard]] std::stop_token token() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sealpost::cli
