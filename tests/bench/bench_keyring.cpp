// SPDX-License-Identifier: GPL-3.0-or-later
// A key ring of N certificates (5,000 unless told): how long it takes to open it, and to choose the
// certificate of one recipient, beside a key ring of 50. CPU time too, since a busy machine waits.
#include "crypto/CertificateStore.h"
#include "gnupg/StoreFixture.h"

#include <QCoreApplication>
#include <QTextStream>
#include <algorithm>
#include <chrono>
#include <ctime>
#include <vector>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace {

constexpr int kBatch = 250;
constexpr int kChosen = 200;
using Milliseconds = std::chrono::duration<double, std::milli>;

double cpuMilliseconds() {
    return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string addressOf(int number) {
    return "person" + std::to_string(number) + "@example.test";
}

void fill(const StoreFixture &fixture, int count) {
    for (int from = 0; from < count; from += kBatch) {
        std::string pem;
        for (int i = from; i < std::min(from + kBatch, count); ++i) {
            pem +=
                mailPki().issue({.name = addressOf(i), .address = addressOf(i)}).certificatePem();
        }
        const auto done =
            fixture.store->importCertificates(pem, Deadline::after(std::chrono::minutes(10)));
        if (!done) {
            qFatal("import: %s", done.error().code.c_str());
        }
    }
}

void choose(const StoreFixture &fixture, int number) {
    const auto found =
        fixture.store->findForAddress(addressOf(number), CertificatePurpose::Encrypt, soon(), {});
    if (!found || found->size() != 1 || found->front().state != CertificateState::Usable) {
        qFatal("not found");
    }
}

void measure(QTextStream &out, int count) {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    fill(fixture, count);
    fixture.reopen();
    auto start = std::chrono::steady_clock::now();
    auto cpu = cpuMilliseconds();
    choose(fixture, 0); // reads the key ring, and the revocation lists
    out << "certificates " << count << ": first choice "
        << Milliseconds(std::chrono::steady_clock::now() - start).count() << " ms ("
        << cpuMilliseconds() - cpu << " ms CPU of this process)";
    std::vector<double> times;
    cpu = cpuMilliseconds();
    for (int i = 0; i < kChosen; ++i) {
        start = std::chrono::steady_clock::now();
        choose(fixture, i * 7 % count);
        times.push_back(Milliseconds(std::chrono::steady_clock::now() - start).count());
    }
    cpu = cpuMilliseconds() - cpu;
    std::ranges::sort(times);
    out << "; each further choice: median " << times[times.size() / 2] << " ms, longest "
        << times.back() << " ms, CPU " << cpu / kChosen << " ms\n";
    out.flush();
}

} // namespace

int main(int argc, char *argv[]) {
    const QCoreApplication app(argc, argv);
    const int count = argc > 1 ? std::stoi(argv[1]) : 5'000;
    QTextStream out(stdout);
    measure(out, 50);
    measure(out, count);
    return 0;
}
