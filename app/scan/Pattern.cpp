// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Pattern.h"

#include <array>
#include <atomic>
#include <mutex>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace sealpost::scan {

namespace {

// A bad pattern must not be able to hold up a scan; ordinary matches need a few hundred steps.
constexpr std::uint32_t kMatchLimit = 50'000;
constexpr std::uint32_t kDepthLimit = 1'000;
constexpr std::uint32_t kHeapLimitKiB = 4'096;
constexpr std::uint32_t kGroups = 32;

struct MatchDataDeleter {
    void operator()(pcre2_match_data *data) const { pcre2_match_data_free(data); }
};
struct MatchContextDeleter {
    void operator()(pcre2_match_context *context) const { pcre2_match_context_free(context); }
};

//! What a thread needs to match; kept, since allocating it costs more than a short match.
struct Workspace {
    std::unique_ptr<pcre2_match_data, MatchDataDeleter> data{
        pcre2_match_data_create(kGroups, nullptr)};
    std::unique_ptr<pcre2_match_context, MatchContextDeleter> context{
        pcre2_match_context_create(nullptr)};

    Workspace() {
        pcre2_set_match_limit(context.get(), kMatchLimit);
        pcre2_set_depth_limit(context.get(), kDepthLimit);
        pcre2_set_heap_limit(context.get(), kHeapLimitKiB);
    }
};

Workspace &workspace() {
    thread_local Workspace instance;
    return instance;
}

struct CodeDeleter {
    void operator()(pcre2_code *code) const { pcre2_code_free(code); }
};
using CodePtr = std::unique_ptr<pcre2_code, CodeDeleter>;

//! Making machine code takes as long as some ten matches without it.
constexpr int kUsesBeforeJit = 16;

} // namespace

struct Pattern::Private {
    std::string regex; //!< until it is compiled
    int group = 0;
    std::once_flag ready;
    CodePtr code;
    std::atomic<int> uses = 0;
    std::once_flag quick;
    CodePtr machineCode; //!< a copy: other threads are matching with the first
    std::atomic<const pcre2_code *> fast = nullptr;

    Result<void> compile();
    //! Ready to match; null where the pattern is none.
    const pcre2_code *use();
    //! With machine code; null where there is none to be had.
    const pcre2_code *useFast();
};

Result<void> Pattern::Private::compile() {
    int error = 0;
    PCRE2_SIZE offset = 0;
    code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(regex.data()), regex.size(),
                             PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_USE_OFFSET_LIMIT |
                                 PCRE2_NEVER_BACKSLASH_C,
                             &error, &offset, nullptr));
    if (!code) {
        std::array<PCRE2_UCHAR, 160> message{};
        pcre2_get_error_message(error, message.data(), message.size());
        return fail("scan.rules", "scan.rules", Reaction::AskAdmin,
                    std::string(reinterpret_cast<const char *>(message.data())) + " at " +
                        std::to_string(offset));
    }
    std::uint32_t groups = 0;
    pcre2_pattern_info(code.get(), PCRE2_INFO_CAPTURECOUNT, &groups);
    if (group < 0 || static_cast<std::uint32_t>(group) > groups || groups >= kGroups) {
        return fail("scan.rules", "scan.rules", Reaction::AskAdmin, "no such group");
    }
    regex.clear();
    return {};
}

const pcre2_code *Pattern::Private::use() {
    if (const auto *made = fast.load(std::memory_order_acquire)) {
        return made;
    }
    // Most rules never see a candidate.
    std::call_once(ready, [this] {
        if (!code) {
            (void)compile(); // what is wrong with it was said when it was new
        }
    });
    if (!code || uses.fetch_add(1, std::memory_order_relaxed) < kUsesBeforeJit) {
        return code.get();
    }
    return useFast();
}

const pcre2_code *Pattern::Private::useFast() {
    std::call_once(quick, [this] {
        machineCode.reset(pcre2_code_copy(code.get()));
        if (machineCode) {
            pcre2_jit_compile(machineCode.get(), PCRE2_JIT_COMPLETE);
            fast.store(machineCode.get(), std::memory_order_release);
        }
    });
    const auto *made = fast.load(std::memory_order_acquire);
    return made != nullptr ? made : code.get();
}

Pattern::Pattern(std::unique_ptr<Private> data) : d(std::move(data)) {}
Pattern::Pattern(Pattern &&other) noexcept = default;
Pattern &Pattern::operator=(Pattern &&other) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(const std::string &regex, int group, PatternCompilation when) {
    auto d = std::make_unique<Private>();
    d->regex = regex;
    d->group = group;
    if (when == PatternCompilation::Now) {
        if (auto compiled = d->compile(); !compiled) {
            return tl::unexpected(compiled.error());
        }
    }
    return Pattern(std::move(d));
}

PatternOutcome Pattern::find(std::string_view text, std::size_t from, std::size_t lastStart,
                             PatternMatch &match, SubjectEnd end) const {
    const auto *code = d->use();
    if (code == nullptr) {
        return PatternOutcome::LimitReached;
    }
    auto &space = workspace();
    pcre2_set_offset_limit(space.context.get(), lastStart);
    const auto options = PCRE2_NOTEMPTY | (end == SubjectEnd::Cut ? PCRE2_NOTEOL : 0U);
    const auto run = [&](const pcre2_code *with) {
        return pcre2_match(with, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                           options, space.data.get(), space.context.get());
    };
    int count = run(code);
    if (count < 0 && count != PCRE2_ERROR_NOMATCH && code == d->code.get()) {
        count = run(d->useFast()); // it counts its steps differently, and gets further
    }
    if (count == PCRE2_ERROR_NOMATCH) {
        return PatternOutcome::NoMatch;
    }
    if (count < 0) {
        return PatternOutcome::LimitReached;
    }
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(space.data.get());
    match.whole = {ends[0], ends[1]};
    const auto group = static_cast<std::size_t>(d->group);
    const bool hasGroup = d->group < count && ends[2 * group] != PCRE2_UNSET;
    match.secret = hasGroup ? Span{ends[2 * group], ends[2 * group + 1]} : match.whole;
    return PatternOutcome::Match;
}

int Pattern::groups() const {
    std::uint32_t groups = 0;
    if (d->code) {
        pcre2_pattern_info(d->code.get(), PCRE2_INFO_CAPTURECOUNT, &groups);
    }
    return static_cast<int>(groups);
}

bool Pattern::contains(std::string_view text) const {
    PatternMatch ignored;
    return find(text, 0, text.size(), ignored) == PatternOutcome::Match;
}

} // namespace sealpost::scan
