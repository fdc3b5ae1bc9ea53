// SPDX-License-Identifier: GPL-3.0-or-later
// CPU time of reading and laying over each other all layers of a large organisation's policy: a
// signed bundle of 300 register entries and 100 exceptions, verified; five machine files; a user's.
// bench_policy [RUNS]
#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "runtime/PolicyFiles.h"
#include "support/BundleSigner.h"
#include "support/FakeClock.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sys/resource.h>
#include <vector>

using namespace sealpost;

namespace {

double cpuMilliseconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) * 1000.0 +
               static_cast<double>(time.tv_usec) / 1000.0;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

std::string bundleDocument(Time expires) {
    std::string toml = "lock = [\"decision\", \"tls\"]\n[bundle]\nversion = 1\nexpires = " +
                       base::toIso8601(expires) + "\n";
    for (int i = 0; i < 300; ++i) {
        toml += "[[tls.register]]\ndomain = \"partner" + std::to_string(i) +
                ".example\"\nreference = \"Agreement " + std::to_string(i) + "\"\n";
    }
    for (int i = 0; i < 100; ++i) {
        toml += "[[tls.exceptions]]\ndomain = \"court" + std::to_string(i) +
                ".example\"\nreason = \"Old server\"\nauthorised-by = \"DNS team\"\n"
                "reference = \"CHG-1\"\nexpires = 2099-01-01\n";
    }
    return toml;
}

} // namespace

int main(int argc, char **argv) {
    const QCoreApplication app(argc, argv);
    const int runs = argc > 1 ? QByteArray(argv[1]).toInt() : 15;
    QTemporaryDir dir;
    const std::filesystem::path folder = dir.path().toStdString();
    std::filesystem::create_directories(folder / "etc" / "policy.d");
    const test::BundleSigner signer;
    auto fingerprint = signer.fingerprint();
    const auto clock =
        std::make_shared<test::FakeClock>(base::SystemClock().now() + std::chrono::hours(1));
    const auto served = signer.sign(bundleDocument(clock->now() + std::chrono::days(30)));
    std::ofstream(folder / "etc" / "policy.toml")
        << "organisation.bundle-url = \"https://policy.example/\"\n"
           "organisation.bundle-signers = [\""
        << fingerprint << "\"]\n";
    for (int i = 0; i < 5; ++i) {
        std::ofstream(folder / "etc" / "policy.d" / (std::to_string(i) + ".toml"))
            << "lock = [\"scan\"]\nmessage.max-size-mib = 30\nscan.max-depth = 12\n"
               "domains.partner = [\"a.example\", \"b.example\"]\n";
    }
    std::ofstream(folder / "user.toml") << "message.plan-lifetime-minutes = 5\n";
    const auto database =
        store::Database::open(folder / "sealpost.db",
                              SecretBytes(std::string(crypto::kSealedBoxKeySize, 'k')))
            .value();
    runtime::PolicyPlaces places;
    places.machineFolder = folder / "etc";
    places.userPolicy = folder / "user.toml";
    places.bundle = [&](const policy::Policy &machine) {
        runtime::OrganisationBundle bundle(
            [&](const std::string &) -> Result<std::string> { return served; },
            store::SealedFacts(database), clock);
        return bundle.read(machine.organisation, runtime::Asking::WhenDue);
    };
    std::vector<double> times;
    for (int run = 0; run <= runs; ++run) {
        const auto before = cpuMilliseconds();
        const auto reading = runtime::readPolicies(places);
        const auto used = cpuMilliseconds() - before;
        if (!reading.effective || reading.effective->policy.tlsRegister.size() != 300) {
            std::fprintf(stderr, "the policy does not load: %s\n",
                         reading.effective ? "" : reading.effective.error().code.c_str());
            return 1;
        }
        if (run == 0) {
            std::printf("first, with the schema and the built-in policy: %.1f ms CPU\n", used);
        } else {
            times.push_back(used);
        }
    }
    std::sort(times.begin(), times.end());
    std::printf("again, median of %d: %.1f ms CPU, worst %.1f\n", runs, times[times.size() / 2],
                times.back());
    return 0;
}
