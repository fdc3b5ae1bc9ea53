// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/LoopbackRedirect.h"

#include <array>
#include <chrono>
#include <optional>

namespace sealpost::net {

namespace {
using namespace std::chrono_literals;

constexpr std::size_t kLongestRequest = 16384;
constexpr auto kRequestTime = 5s;

//! The request's head; empty where it is too long, late, or the browser has gone.
std::string readHead(ByteStream &stream, Deadline deadline, const std::stop_token &stop) {
    std::string head;
    std::array<char, 2048> bytes{};
    while (head.find("\r\n\r\n") == std::string::npos) {
        const auto count = stream.read(bytes, deadline, stop);
        if (!count || *count == 0 || head.size() + *count > kLongestRequest) {
            return {};
        }
        head.append(bytes.data(), *count);
    }
    return head;
}

//! Of "GET /?code=x HTTP/1.1".
std::optional<std::string> queryOf(const std::string &head) {
    constexpr std::string_view kStart = "GET /?";
    const auto end = head.find(' ', kStart.size());
    if (!head.starts_with(kStart) || end == std::string::npos || end > head.find("\r\n")) {
        return std::nullopt;
    }
    return head.substr(kStart.size(), end - kStart.size());
}

void answer(ByteStream &stream, std::string_view status, const std::string &page, Deadline deadline,
            const std::stop_token &stop) {
    const auto head = "HTTP/1.1 " + std::string(status) +
                      "\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
                      "Referrer-Policy: no-referrer\r\nConnection: close\r\nContent-Length: " +
                      std::to_string(page.size()) + "\r\n\r\n";
    (void)stream.write(head + page, deadline, stop);
    stream.close();
}
} // namespace

Result<LoopbackRedirect> LoopbackRedirect::listen() {
    auto listener = TcpListener::listen("127.0.0.1", Port{0});
    if (!listener) {
        return fail(listener.error());
    }
    return LoopbackRedirect(std::move(*listener));
}

std::string LoopbackRedirect::uri() const {
    return "http://127.0.0.1:" + std::to_string(static_cast<std::uint16_t>(m_listener->port())) +
           "/";
}

Result<std::string> LoopbackRedirect::wait(const std::string &page, Deadline deadline,
                                           const std::stop_token &stop) {
    for (;;) {
        auto stream = m_listener->accept(deadline, stop);
        if (!stream) {
            return fail(stream.error());
        }
        const auto by = deadline.within(kRequestTime);
        auto query = queryOf(readHead(**stream, by, stop));
        answer(**stream, query ? "200 OK" : "404 Not Found", query ? page : std::string(), by,
               stop);
        if (query) {
            return std::move(*query);
        }
    }
}

} // namespace sealpost::net
