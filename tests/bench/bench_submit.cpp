// SPDX-License-Identifier: GPL-3.0-or-later
// Submits messages of one size to a server on loopback in one session:
// bench_submit PORT CA-FILE implicit|starttls COUNT BYTES. The time goes to standard output, in ms.
#include "submit/SmtpSubmitter.h"

#include <QByteArray>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace sealpost;

namespace {

//! localhost needs no DNS.
class NoResolver final : public net::DnsResolver {
public:
    [[nodiscard]] net::DnsAnswer query(const std::string & /*name*/, net::DnsType /*type*/,
                                       Deadline /*deadline*/, std::stop_token /*stop*/) override {
        return {};
    }
};

//! A message made as it is read, so that its size costs no memory.
class MadeSource final : public base::ByteSource {
public:
    explicit MadeSource(ByteCount size) : m_left(size) {
        constexpr std::string_view kLine =
            "0123456789012345678901234567890123456789012345678901234567890123456789012345\r\n";
        constexpr int kLines = 1000; // making them must cost nothing beside sending them
        for (int i = 0; i < kLines; ++i) {
            m_lines += kLine;
        }
    }
    [[nodiscard]] Result<std::size_t> read(std::span<char> into) override {
        std::size_t count = 0;
        while (count < into.size() && m_left > 0) {
            const auto most = std::min<ByteCount>(into.size() - count, m_left);
            const auto piece = std::string_view(m_lines).substr(m_at, most);
            piece.copy(into.data() + count, piece.size());
            count += piece.size();
            m_left -= piece.size();
            m_at = (m_at + piece.size()) % m_lines.size();
        }
        return count;
    }

private:
    std::string m_lines;
    ByteCount m_left;
    std::size_t m_at = 0;
};

//! To a whole number of lines.
ByteCount wholeLines(ByteCount size) {
    constexpr ByteCount kLine = 78;
    return std::max(size / kLine, ByteCount{1}) * kLine;
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 6) {
        return 2;
    }
    submit::SubmitterConfig config;
    config.resolver = std::make_shared<NoResolver>();
    config.trust.caFile = argv[2];
    mail::Account account;
    account.host = "localhost";
    account.port = Port{QByteArray(argv[1]).toUShort()};
    account.tls = std::string(argv[3]) == "starttls" ? mail::SubmissionTls::StartTls
                                                     : mail::SubmissionTls::Implicit;
    account.userName = "sam";
    const auto size = wholeLines(QByteArray(argv[5]).toULongLong());
    submit::Submission submission;
    submission.envelopeFrom = "sam@sender.example";
    submission.recipients = {"jo@court.example"};
    submission.size = size;
    submission.open = [size]() -> Result<std::unique_ptr<base::ByteSource>> {
        return std::make_unique<MadeSource>(size);
    };
    const std::vector<submit::Submission> all(QByteArray(argv[4]).toULongLong(), submission);
    const auto begin = std::chrono::steady_clock::now();
    const auto outcomes = submit::SmtpSubmitter(config).submit(
        account, submit::Credentials(base::SecretBytes(std::string("secret"))), all,
        Deadline::after(std::chrono::minutes(5)), {});
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    for (const auto &outcome : outcomes) {
        if (outcome.delivery != submit::Delivery::Accepted) {
            std::fprintf(stderr, "%s\n", outcome.error ? outcome.error->code.c_str() : "?");
            return 1;
        }
    }
    std::printf("%.1f\n", took.count());
    return 0;
}
