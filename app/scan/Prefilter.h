// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: all anchors in one Hyperscan pass.
#pragma once

#include "base/Result.h"
#include "scan/Rule.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! A cheap pattern that lies inside each match of a rule.
struct Anchor {
    std::string pattern; //!< empty: never hits
    AnchorPlace where = AnchorPlace::Anywhere;
};

//! Where an anchor ended, many times close together: each end lies in [first, last].
struct HitRange {
    std::uint32_t rule = 0;
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t ends = 1; //!< how many they are
};

//! What Hyperscan makes of a pattern.
struct AnchorWidth {
    std::size_t least = 0;
    std::optional<std::size_t> most; //!< none: any
};
//! AskAdmin "scan.rules" with Hyperscan's message where it can't search for the pattern.
[[nodiscard]] Result<AnchorWidth> anchorWidth(const std::string &pattern);

//! A compiled set of anchors; an empty one is passed over. Any thread.
class Prefilter {
public:
    //! AskAdmin "scan.rules" naming the anchor's index; AskAdmin "scan.cpu" without SSE4.2.
    [[nodiscard]] static Result<Prefilter> compile(const std::vector<Anchor> &anchors);
    //! What serialised() gave, where it belongs to these anchors and to this version of Hyperscan;
    //! else compiled anew.
    [[nodiscard]] static Result<Prefilter> load(const std::vector<Anchor> &anchors,
                                                std::string_view serialised);
    [[nodiscard]] Result<std::string> serialised(const std::vector<Anchor> &anchors) const;
    Prefilter(Prefilter &&other) noexcept;
    Prefilter &operator=(Prefilter &&other) noexcept;
    ~Prefilter();

    //! All hits in the block, ordered by rule and end. Ends of one rule that are closer than
    //! kJoin to each other make one range, of kLongest at most: so hostile text can't fill the
    //! memory with hits.
    [[nodiscard]] Result<std::vector<HitRange>> hits(std::string_view block) const;
    static constexpr std::size_t kJoin = 128;
    static constexpr std::size_t kLongest = 2048;

private:
    struct Private;
    explicit Prefilter(std::unique_ptr<Private> data);
    [[nodiscard]] static Result<Prefilter> withScratch(std::unique_ptr<Private> data);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::scan
