// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Prefilter.h"

#include "scan/TextRegions.h"

#include <QCryptographicHash>
#include <algorithm>
#include <array>
#include <climits>
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
std::string fingerprintOf(const std::vector<Anchor> &anchors) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const auto &anchor : anchors) {
        // With its closing zero, which parts one from the next.
        hash.addData(QByteArrayView(anchor.pattern.c_str(),
                                    static_cast<qsizetype>(anchor.pattern.size()) + 1));
        hash.addData(std::to_string(static_cast<int>(anchor.where)).c_str());
    }
    return hash.result().toStdString();
}

struct DatabaseDeleter {
    void operator()(hs_database_t *database) const { hs_free_database(database); }
};
using DatabasePtr = std::unique_ptr<hs_database_t, DatabaseDeleter>;

using Databases = std::array<DatabasePtr, kAnchorPlaces.size()>; //!< by AnchorPlace

//! Those anchors that can be there; none where there are none.
Result<DatabasePtr> compiled(const std::vector<Anchor> &anchors, AnchorPlace where) {
    std::vector<const char *> expressions;
    std::vector<unsigned> ids;
    for (std::size_t i = 0; i < anchors.size(); ++i) {
        if (!anchors[i].pattern.empty() && anchors[i].where == where) {
            ids.push_back(static_cast<unsigned>(i));
            expressions.push_back(anchors[i].pattern.c_str());
        }
    }
    if (expressions.empty()) {
        return DatabasePtr();
    }
    const std::vector<unsigned> flags(expressions.size(), HS_FLAG_PREFILTER | HS_FLAG_MULTILINE);
    // The generic platform gives the same database on every machine.
    const hs_platform_info_t generic{};
    hs_database_t *database = nullptr;
    hs_compile_error_t *error = nullptr;
    if (hs_compile_multi(expressions.data(), flags.data(), ids.data(),
                         static_cast<unsigned>(expressions.size()), HS_MODE_BLOCK, &generic,
                         &database, &error) != HS_SUCCESS) {
        const std::unique_ptr<hs_compile_error_t, CompileErrorDeleter> owner(error);
        const auto which = error->expression < 0
                               ? std::string("?")
                               : std::to_string(ids[static_cast<std::size_t>(error->expression)]);
        return fail("scan.rules", "scan.rules", Reaction::AskAdmin,
                    "anchor " + which + ": " + error->message);
    }
    return DatabasePtr(database);
}

constexpr std::size_t kLength = 8; //!< of a number in a serialised prefilter

//! A length, then the bytes of one database; a length of zero where there is none.
bool appendSerialised(const DatabasePtr &database, std::string &into) {
    char *bytes = nullptr;
    std::size_t size = 0;
    if (database && hs_serialize_database(database.get(), &bytes, &size) != HS_SUCCESS) {
        return false;
    }
    for (std::size_t i = 0; i < kLength; ++i) {
        into += static_cast<char>(size >> (8U * i) & 0xFFU);
    }
    into.append(bytes, size);
    std::free(bytes);
    return true;
}

//! Takes what appendSerialised() wrote off the front; false where it is none, or not for us.
bool takeSerialised(std::string_view &from, DatabasePtr &into) {
    if (from.size() < kLength) {
        return false;
    }
    std::size_t size = 0;
    for (std::size_t i = kLength; i-- > 0;) {
        size = size << 8U | static_cast<unsigned char>(from[i]);
    }
    from.remove_prefix(kLength);
    if (size > from.size()) {
        return false;
    }
    hs_database_t *database = nullptr;
    if (size > 0 && hs_deserialize_database(from.data(), size, &database) != HS_SUCCESS) {
        return false;
    }
    into.reset(database);
    from.remove_prefix(size);
    return true;
}

//! Pieces of a text, put together so that one call searches them all.
class Pieces {
public:
    void gather(std::string_view text, const std::vector<Region> &regions) {
        m_bytes.clear();
        m_starts.clear();
        for (const auto &region : regions) {
            m_starts.push_back({m_bytes.size(), region.from, region.to});
            m_bytes.append(text.substr(region.from, region.to - region.from));
            m_bytes += '\n';
        }
    }
    [[nodiscard]] std::string_view bytes() const { return m_bytes; }
    //! Where in the text the piece stands in which something ends here.
    [[nodiscard]] std::size_t inText(std::size_t end) const {
        const auto after = std::partition_point(m_starts.begin(), m_starts.end(),
                                                [&](const Start &at) { return at.here < end; });
        if (after == m_starts.begin()) {
            return end;
        }
        const auto &start = *std::prev(after);
        return std::min(end - start.here + start.there, start.to); // not its closing line break
    }

private:
    struct Start {
        std::size_t here;
        std::size_t there;
        std::size_t to;
    };
    std::string m_bytes;
    std::vector<Start> m_starts;
};

//! What one thread needs.
struct Workspace {
    ScratchPtr scratch;
    std::vector<HitRange> ranges;
    Pieces pieces;
    std::vector<std::size_t> open; //!< by rule: 1 + the index of its newest range

    void add(unsigned rule, std::size_t end) {
        auto &newest = open[rule];
        if (newest > 0) {
            auto &range = ranges[newest - 1];
            if (end >= range.first && end <= range.last + Prefilter::kJoin &&
                end <= range.first + Prefilter::kLongest) {
                range.last = std::max(range.last, end);
                ++range.ends;
                return;
            }
        }
        ranges.push_back({rule, end, end});
        newest = ranges.size();
    }
};

int collect(unsigned int id, unsigned long long /*from*/, unsigned long long to,
            unsigned int /*flags*/, void *context) {
    static_cast<Workspace *>(context)->add(id, static_cast<std::size_t>(to));
    return 0;
}

int collectInPieces(unsigned int id, unsigned long long /*from*/, unsigned long long to,
                    unsigned int /*flags*/, void *context) {
    auto &work = *static_cast<Workspace *>(context);
    work.add(id, work.pieces.inText(static_cast<std::size_t>(to)));
    return 0;
}

} // namespace

Result<AnchorWidth> anchorWidth(const std::string &pattern) {
    hs_expr_info_t *info = nullptr;
    hs_compile_error_t *error = nullptr;
    if (hs_expression_info(pattern.c_str(), HS_FLAG_PREFILTER | HS_FLAG_MULTILINE, &info, &error) !=
        HS_SUCCESS) {
        const std::unique_ptr<hs_compile_error_t, CompileErrorDeleter> owner(error);
        return fail("scan.rules", "scan.rules", Reaction::AskAdmin, error->message);
    }
    AnchorWidth width;
    width.least = info->min_width;
    if (info->max_width != UINT_MAX) {
        width.most = info->max_width;
    }
    std::free(info);
    return width;
}

struct Prefilter::Private {
    Databases databases;
    ScratchPtr prototype;
    std::mutex mutex;
    std::vector<std::unique_ptr<Workspace>> idle; //!< each is for one thread at a time
    std::size_t rules = 0;

    Private() = default;
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;
    ~Private() = default;

    hs_error_t scan(std::string_view block, Workspace &work) const {
        auto status = scanOne(databases.front(), block, collect, work);
        if (!hasPlaces()) {
            return status;
        }
        const auto regions = textRegions(block);
        for (std::size_t i = 1; i < databases.size(); ++i) {
            if (databases.at(i) && !regions.of.at(i).empty()) {
                work.pieces.gather(block, regions.of.at(i));
                const auto one =
                    scanOne(databases.at(i), work.pieces.bytes(), collectInPieces, work);
                status = one == HS_SUCCESS ? status : one;
            }
        }
        return status;
    }
    [[nodiscard]] bool hasPlaces() const {
        return std::any_of(databases.begin() + 1, databases.end(),
                           [](const auto &database) { return database != nullptr; });
    }
    static hs_error_t scanOne(const DatabasePtr &database, std::string_view bytes,
                              match_event_handler each, Workspace &work) {
        return database ? hs_scan(database.get(), bytes.data(), static_cast<unsigned>(bytes.size()),
                                  0, work.scratch.get(), each, &work)
                        : HS_SUCCESS;
    }

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

Result<Prefilter> Prefilter::compile(const std::vector<Anchor> &anchors) {
    if (hs_valid_platform() != HS_SUCCESS) {
        return noCpu();
    }
    auto data = std::make_unique<Private>();
    data->rules = anchors.size();
    for (std::size_t i = 0; i < kAnchorPlaces.size(); ++i) {
        auto database = compiled(anchors, kAnchorPlaces.at(i));
        if (!database) {
            return tl::unexpected(database.error());
        }
        data->databases.at(i) = std::move(*database);
    }
    return withScratch(std::move(data));
}

Result<Prefilter> Prefilter::withScratch(std::unique_ptr<Private> data) {
    hs_scratch_t *scratch = nullptr;
    for (const auto &database : data->databases) {
        if (database && hs_alloc_scratch(database.get(), &scratch) != HS_SUCCESS) {
            hs_free_scratch(scratch);
            return fail("scan.rules", "scan.rules", Reaction::Bug, "no scratch space");
        }
    }
    data->prototype.reset(scratch);
    return Prefilter(std::move(data));
}

Result<Prefilter> Prefilter::load(const std::vector<Anchor> &anchors, std::string_view serialised) {
    if (hs_valid_platform() != HS_SUCCESS) {
        return noCpu();
    }
    const auto fingerprint = fingerprintOf(anchors);
    if (serialised.starts_with(fingerprint)) {
        serialised.remove_prefix(fingerprint.size());
        auto data = std::make_unique<Private>();
        data->rules = anchors.size();
        if (std::all_of(data->databases.begin(), data->databases.end(),
                        [&](auto &database) { return takeSerialised(serialised, database); })) {
            return withScratch(std::move(data));
        }
    }
    return compile(anchors);
}

Result<std::string> Prefilter::serialised(const std::vector<Anchor> &anchors) const {
    auto all = fingerprintOf(anchors);
    if (!std::all_of(d->databases.begin(), d->databases.end(),
                     [&](const auto &database) { return appendSerialised(database, all); })) {
        return fail("scan.engine", "scan.rules", Reaction::Bug);
    }
    return all;
}

Result<std::vector<HitRange>> Prefilter::hits(std::string_view block) const {
    if (!d->prototype || block.empty()) {
        return std::vector<HitRange>();
    }
    auto work = d->borrow();
    if (!work) {
        return fail("scan.memory", "scan.match", Reaction::Retry);
    }
    const auto status = d->scan(block, *work);
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
