// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Terminal.h"

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <termios.h>
#include <unistd.h>

namespace sealpost::cli {

namespace {

//! No echo while it lives; what was typed ahead is thrown away.
class EchoOff {
public:
    explicit EchoOff(int terminal) : m_terminal(terminal) {
        m_changed = tcgetattr(terminal, &m_before) == 0;
        auto silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        m_changed = m_changed && tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
    }
    ~EchoOff() {
        if (m_changed) {
            (void)tcsetattr(m_terminal, TCSAFLUSH, &m_before);
        }
    }
    EchoOff(const EchoOff &) = delete;
    EchoOff &operator=(const EchoOff &) = delete;
    [[nodiscard]] bool works() const { return m_changed; }

private:
    int m_terminal;
    bool m_changed = false;
    termios m_before{};
};

std::optional<SecretBytes> readSecretLine(int terminal) {
    constexpr std::size_t kMost = 4096;
    std::string typed;
    typed.reserve(kMost); // so that no copy is left behind by growing
    for (;;) {
        char c = 0;
        const auto count = read(terminal, &c, 1);
        if (count != 1 || typed.size() >= kMost) {
            base::wipe(typed);
            return std::nullopt;
        }
        if (c == '\n' || c == '\r') {
            return SecretBytes(std::move(typed));
        }
        typed += c;
    }
}

} // namespace

bool inputIsTerminal() {
    return isatty(STDIN_FILENO) == 1;
}

bool errorIsTerminal() {
    return isatty(STDERR_FILENO) == 1;
}

std::optional<SecretBytes> askSecret(std::string_view prompt) {
    const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0) {
        return std::nullopt;
    }
    std::optional<SecretBytes> secret;
    {
        const EchoOff silence(terminal);
        if (silence.works() && write(terminal, prompt.data(), prompt.size()) > 0) {
            secret = readSecretLine(terminal);
            (void)!write(terminal, "\n", 1);
        }
    }
    close(terminal);
    return secret;
}

} // namespace sealpost::cli
