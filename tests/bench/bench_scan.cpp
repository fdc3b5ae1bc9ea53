// SPDX-License-Identifier: GPL-3.0-or-later
// Scans files in one process and prints CPU times as JSON; bench_scan.py runs it.
//   bench_scan tree FOLDER        each file, one after the other
//   bench_scan engine FOLDER      the search for all anchors alone, over the same texts
//   bench_scan file FILE          one file (a container)
//   bench_scan mail FILE          one small mail a thousand times, warm
//   bench_scan findings FOLDER    what is found in each file, to judge it: kind, confidence, place
//   bench_scan start              making a scanner
//   bench_scan live FILE          a keystroke in its first MiB as a body, against all of it
#include "scan/Prefilter.h"
#include "scan/RuleSet.h"
#include "scan/Scanner.h"

#include <QDirIterator>
#include <QFile>
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <map>
#include <sys/resource.h>

using namespace sealpost;

namespace {

double cpuSeconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::shared_ptr<const scan::Scanner> scanner() {
    auto made = scan::Scanner::create();
    return made ? *made : nullptr;
}

std::string contentOf(const QString &path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

//! Its memory is used again for the next file.
std::string_view contentOf(const QString &path, QByteArray &memory) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        return {};
    }
    const auto size = file.size();
    if (memory.size() < size) {
        memory = QByteArray(size, Qt::Uninitialized);
    }
    const auto got = file.read(memory.data(), size);
    return {memory.data(), static_cast<std::size_t>(std::max<qint64>(got, 0))};
}

struct Totals {
    std::size_t findings = 0;
    std::size_t skipped = 0;
    std::uint64_t bytes = 0;
    std::map<std::string, std::size_t> kinds;
    QByteArray memory;

    void scan(const scan::Scanner &with, const QString &path) {
        const auto content = contentOf(path, memory);
        bytes += content.size();
        const auto report = with.scanBytes(content, path.toStdString(),
                                           Deadline::after(std::chrono::minutes(10)), {});
        if (!report) {
            ++skipped;
            return;
        }
        findings += report->findings.size();
        skipped += report->skipped.size();
        for (const auto &finding : report->findings) {
            ++kinds[finding.kind];
        }
    }
};

void print(const Totals &totals, double seconds) {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("{\"cpu_s\": %.4f, \"mib\": %.2f, \"findings\": %zu, \"skipped\": %zu, "
                "\"max_rss_mib\": %.1f, \"kinds\": {",
                seconds, static_cast<double>(totals.bytes) / 1048576.0, totals.findings,
                totals.skipped, static_cast<double>(usage.ru_maxrss) / 1024.0);
    const char *comma = "";
    for (const auto &[kind, count] : totals.kinds) {
        std::printf("%s\"%s\": %zu", comma, kind.c_str(), count);
        comma = ", ";
    }
    std::printf("}}\n");
}

int scanTree(const QString &folder) {
    const auto start = cpuSeconds();
    const auto with = scanner();
    if (!with) {
        return 1;
    }
    Totals totals;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        totals.scan(*with, files.next());
    }
    print(totals, cpuSeconds() - start);
    return 0;
}

int searchTree(const QString &folder) {
    const auto rules = scan::RuleSet::builtIn();
    const auto engine =
        rules ? scan::Prefilter::compile(rules->anchors()) : tl::unexpected(rules.error());
    if (!engine) {
        return 1;
    }
    double spent = 0;
    ByteCount bytes = 0;
    std::size_t hits = 0;
    QByteArray memory;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const auto content = contentOf(files.next(), memory);
        const auto start = cpuSeconds();
        const auto found = engine->hits(content);
        spent += cpuSeconds() - start;
        bytes += content.size();
        hits += found ? found->size() : 0;
    }
    std::printf("{\"cpu_s\": %.4f, \"mib\": %.2f, \"hits\": %zu}\n", spent,
                static_cast<double>(bytes) / 1048576.0, hits);
    return 0;
}

int listFindings(const QString &folder) {
    const auto with = scanner();
    if (!with) {
        return 1;
    }
    constexpr std::array kConfidence = {"low", "medium", "high"};
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const auto path = files.next();
        const auto report = with->scanBytes(contentOf(path), path.toStdString(),
                                            Deadline::after(std::chrono::minutes(10)), {});
        if (!report) {
            continue;
        }
        for (const auto &finding : report->findings) {
            std::printf("%s\t%s\t%s\t%s:%u\t%s\n", finding.kind.c_str(),
                        kConfidence.at(static_cast<std::size_t>(finding.confidence)),
                        path.toUtf8().constData(), finding.location.part.c_str(),
                        finding.location.line, finding.excerpt.c_str());
        }
    }
    return 0;
}

int scanFile(const QString &path) {
    const auto with = scanner();
    if (!with) {
        return 1;
    }
    const auto start = cpuSeconds();
    Totals totals;
    totals.scan(*with, path);
    print(totals, cpuSeconds() - start);
    return 0;
}

int scanMail(const QString &path) {
    constexpr int kTimes = 1000;
    const auto with = scanner();
    const auto mail = contentOf(path);
    if (!with || mail.empty()) {
        return 1;
    }
    std::vector<double> times;
    for (int i = 0; i < kTimes; ++i) {
        const auto start = cpuSeconds();
        const auto report =
            with->scanBytes(mail, "mail.eml", Deadline::after(std::chrono::minutes(1)), {});
        times.push_back(cpuSeconds() - start);
        if (!report) {
            return 1;
        }
    }
    std::sort(times.begin(), times.end());
    std::printf("{\"median_ms\": %.4f, \"p99_ms\": %.4f}\n", times[kTimes / 2] * 1e3,
                times[kTimes * 99 / 100] * 1e3);
    return 0;
}

//! Median CPU milliseconds of `work`, done for each of a few places in the text.
template <class Work> double medianMs(std::size_t size, Work work) {
    constexpr std::size_t kTimes = 41;
    std::vector<double> times;
    for (std::size_t i = 0; i < kTimes; ++i) {
        const auto start = cpuSeconds();
        work(size * i / kTimes + size / 50);
        times.push_back((cpuSeconds() - start) * 1e3);
    }
    std::sort(times.begin(), times.end());
    return times[kTimes / 2];
}

int scanLive(const QString &path) {
    constexpr std::size_t kBody = std::size_t{1024} * 1024;
    const auto with = scanner();
    auto body = "Dear colleague\n" + contentOf(path).substr(0, kBody);
    if (!with) {
        return 1;
    }
    scan::LiveText live;
    const auto found = with->scanText(body, "body", live).findings.size();
    const auto whole =
        medianMs(body.size(), [&](std::size_t) { (void)with->scanText(body, "body"); });
    ByteCount looked = 0;
    const auto key = medianMs(body.size(), [&](std::size_t at) {
        body.insert(at, 1, 'x');
        (void)with->scanText(body, "body", live);
        looked = std::max(looked, live.looked());
    });
    std::printf("{\"body_mib\": %.2f, \"findings\": %zu, \"whole_ms\": %.3f, "
                "\"keystroke_ms\": %.3f, \"ratio\": %.4f, \"most_bytes_looked_at\": %llu}\n",
                static_cast<double>(body.size()) / 1048576.0, found, whole, key, key / whole,
                static_cast<unsigned long long>(looked));
    return 0;
}

int timeStart() {
    const auto start = cpuSeconds();
    const auto with = scanner();
    std::printf("{\"start_ms\": %.3f}\n", (cpuSeconds() - start) * 1e3);
    return with ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
    const QString what = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    const QString path = argc > 2 ? QString::fromLocal8Bit(argv[2]) : QString();
    if (what == QLatin1String("tree")) {
        return scanTree(path);
    }
    if (what == QLatin1String("engine")) {
        return searchTree(path);
    }
    if (what == QLatin1String("findings")) {
        return listFindings(path);
    }
    if (what == QLatin1String("live")) {
        return scanLive(path);
    }
    if (what == QLatin1String("file")) {
        return scanFile(path);
    }
    if (what == QLatin1String("mail")) {
        return scanMail(path);
    }
    if (what == QLatin1String("start")) {
        return timeStart();
    }
    std::fputs("usage: bench_scan tree|engine|findings|file|mail|live PATH | start\n", stderr);
    return 2;
}
