// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Prefilter.h"

#include <QCryptographicHash>
#include <algorithm>
#include <cstdlib>
#include <hs.h>
#include <mutex>

namespace sealpost::scan {

namespace {

struct ScratchDeleter {
    void operator()(hs_scratch_t *scratch) const { hs_free_scratch(scratch); }
};
using ScratchPtr = std::unique_ptr<hs_scratch_t, ScratchDeleter>;

struct CompileErrorDeleter {
    void operator()(hs_compile_error_t *error) const { hs_free_compile_error(error); }
};

tl::unexpected<Error> noCpu() {
    return fail("scan.cpu", "scan.rules", Reaction::AskAdmin, "the CPU lacks SSE4.2");
}

//! Tells one set of anchors from another.
std::string fingerprintOf(const std::vector<std::string> &anchors) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const auto &anchor : anchors) {
        // With its closing zero, which parts one from the next.
        hash.addData(QByteArrayView(anchor.c_str(), static_cast<qsizetype>(anchor.size()) + 1));
    }
    return hash.result().toStdString();
}

//! What one thread needs.
struct Workspace {
    ScratchPtr scratch;
    std::vector<HitRange> ranges;
    std::vector<std::size_t> open; //!< by rule: 1 + the index of its newest range
};

int collect(unsigned int id, unsigned long long /*from*/, unsigned long long to,
            unsigned int /*flags*/, void *context) {
    auto &work = *static_cast<Workspace *>(context);
    const auto end = static_cast<std::size_t>(to);
    auto &open = work.open[id];
    if (open > 0) {
        auto &range = work.ranges[open - 1];
        if (end >= range.first && end <= range.last + Prefilter::kJoin &&
            end <= range.first + Prefilter::kLongest) {
            range.last = std::max(range.last, end);
            return 0;
        }
    }
    work.ranges.push_back({id, end, end});
    open = work.ranges.size();
    return 0;
}

} // namespace

struct Prefilter::Private {
    hs_database_t *database = nullptr;
    ScratchPtr prototype;
    std::mutex mutex;
    std::vector<std::unique_ptr<Workspace>> idle; //!< each is for one thread at a time
    std::size_t rules = 0;

    Private() = default;
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;
    ~Private() { hs_free_database(database); }

    //! Null where memory is short.
    std::unique_ptr<Workspace> borrow() {
        {
            const std::lock_guard lock(mutex);
            if (!idle.empty()) {
                auto work = std::move(idle.back());
                idle.pop_back();
                return work;
            }
        }
        hs_scratch_t *clone = nullptr;
        if (hs_clone_scratch(prototype.get(), &clone) != HS_SUCCESS) {
            return nullptr;
        }
        auto work = std::make_unique<Workspace>();
        work->scratch.reset(clone);
        work->open.resize(rules);
        return work;
    }
    void giveBack(std::unique_ptr<Workspace> work) {
        for (const auto &range : work->ranges) {
            work->open[range.rule] = 0;
        }
        work->ranges.clear();
        const std::lock_guard lock(mutex);
        idle.push_back(std::move(work));
    }
};

Prefilter::Prefilter(std::unique_ptr<Private> data) : d(std::move(data)) {}
Prefilter::Prefilter(Prefilter &&other) noexcept = default;
Prefilter &Prefilter::operator=(Prefilter &&other) noexcept = default;
Prefilter::~Prefilter() = default;

Result<Prefilter> Prefilter::compile(const std::vector<std::string> &anchors) {
    if (hs_valid_platform() != HS_SUCCESS) {
        return noCpu();
    }
    std::vector<const char *> expressions;
    std::vector<unsigned> ids;
    for (std::size_t i = 0; i < anchors.size(); ++i) {
        if (!anchors[i].empty()) {
            ids.push_back(static_cast<unsigned>(i));
            expressions.push_back(anchors[i].c_str());
        }
    }
    auto d = std::make_unique<Private>();
    d->rules = anchors.size();
    if (expressions.empty()) {
        return Prefilter(std::move(d));
    }
    const std::vector<unsigned> flags(expressions.size(), HS_FLAG_PREFILTER | HS_FLAG_MULTILINE);
    // The generic platform gives the same database on every machine.
    const hs_platform_info_t generic{};
    hs_compile_error_t *error = nullptr;
    if (hs_compile_multi(expressions.data(), flags.data(), ids.data(),
                         static_cast<unsigned>(expressions.size()), HS_MODE_BLOCK, &generic,
                         &d->database, &error) != HS_SUCCESS) {
        const std::unique_ptr<hs_compile_error_t, CompileErrorDeleter> owner(error);
        const auto which = error->expression < 0
                               ? std::string("?")
                               : std::to_string(ids[static_cast<std::size_t>(error->expression)]);
        return fail("scan.rules", "scan.rules", Reaction::AskAdmin,
                    "anchor " + which + ": " + error->message);
    }
    return withScratch(std::move(d));
}

Result<Prefilter> Prefilter::withScratch(std::unique_ptr<Private> data) {
    hs_scratch_t *scratch = nullptr;
    if (hs_alloc_scratch(data->database, &scratch) != HS_SUCCESS) {
        return fail("scan.rules", "scan.rules", Reaction::Bug, "no scratch space");
    }
    data->prototype.reset(scratch);
    return Prefilter(std::move(data));
}

Result<Prefilter> Prefilter::load(const std::vector<std::string> &anchors,
                                  std::string_view serialised) {
    if (hs_valid_platform() != HS_SUCCESS) {
        return noCpu();
    }
    const auto fingerprint = fingerprintOf(anchors);
    if (serialised.starts_with(fingerprint)) {
        serialised.remove_prefix(fingerprint.size());
        auto data = std::make_unique<Private>();
        data->rules = anchors.size();
        if (hs_deserialize_database(serialised.data(), serialised.size(), &data->database) ==
            HS_SUCCESS) {
            return withScratch(std::move(data));
        }
    }
    return compile(anchors);
}

Result<std::string> Prefilter::serialised(const std::vector<std::string> &anchors) const {
    char *bytes = nullptr;
    std::size_t size = 0;
    if (hs_serialize_database(d->database, &bytes, &size) != HS_SUCCESS) {
        return fail("scan.engine", "scan.rules", Reaction::Bug);
    }
    auto all = fingerprintOf(anchors) + std::string(bytes, size);
    std::free(bytes);
    return all;
}

Result<std::vector<HitRange>> Prefilter::hits(std::string_view block) const {
    if (d->database == nullptr || block.empty()) {
        return std::vector<HitRange>();
    }
    auto work = d->borrow();
    if (!work) {
        return fail("scan.memory", "scan.match", Reaction::Retry);
    }
    const auto status = hs_scan(d->database, block.data(), static_cast<unsigned>(block.size()), 0,
                                work->scratch.get(), collect, work.get());
    auto hits = work->ranges;
    d->giveBack(std::move(work));
    if (status != HS_SUCCESS) {
        return fail("scan.engine", "scan.match", Reaction::Bug, std::to_string(status));
    }
    std::sort(hits.begin(), hits.end(), [](const HitRange &a, const HitRange &b) {
        return a.rule != b.rule ? a.rule < b.rule : a.first < b.first;
    });
    return hits;
}

} // namespace sealpost::scan
