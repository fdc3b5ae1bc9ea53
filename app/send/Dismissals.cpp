// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/Dismissals.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "routing/Dismissal.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

namespace sealpost::send {

namespace {

constexpr std::string_view kStage = "dismiss";

//! HMAC over the kind, the place without its line, and the content by its digest: the same content
//! keeps its mark while lines come and go above it.
std::string markOf(const scan::Finding &finding, std::string_view file, const SecretBytes &key) {
    std::string told;
    for (const std::string_view field :
         {std::string_view("sealpost-finding-1"), std::string_view(finding.kind),
          std::string_view(finding.location.source), std::string_view(finding.location.part),
          finding.digest.empty() ? file : std::string_view(finding.digest)}) {
        told += std::to_string(field.size()) + ':';
        told += field;
    }
    return base::toHex(crypto::hmacSha256(key.view(), told));
}

bool saysSomething(std::string_view reason) {
    return base::trimmed(reason).size() >= mail::kShortestReason;
}

//! What follows KIND:PLACE= where the wish is for this finding.
std::optional<std::string_view> reasonFor(std::string_view wish, const scan::Finding &finding) {
    const auto start = finding.kind + ':';
    if (!wish.starts_with(start)) {
        return std::nullopt;
    }
    wish.remove_prefix(start.size());
    auto place = placeOf(finding.location);
    while (true) {
        if (wish.starts_with(place + '=')) {
            return wish.substr(place.size() + 1);
        }
        const auto colon = place.rfind(':');
        if (colon == std::string::npos || colon < finding.location.source.size()) {
            return std::nullopt;
        }
        place.resize(colon);
    }
}

//! Where each character of UTF-8 starts, and where the last one ends.
std::vector<std::size_t> characterStarts(std::string_view text) {
    std::vector<std::size_t> starts;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) {
            starts.push_back(at);
        }
    }
    starts.push_back(text.size());
    return starts;
}

//! Of what was found in texts, by how many characters it has; markings are no secret.
std::map<std::size_t, std::set<std::string>>
digestsByLength(const std::vector<scan::Finding> &findings) {
    std::map<std::size_t, std::set<std::string>> digests;
    for (const auto &finding : findings) {
        if (!finding.digest.empty() && finding.category != scan::Category::Marking) {
            digests[finding.location.length].insert(finding.digest);
        }
    }
    return digests;
}

tl::unexpected<Error> refuse(std::string_view code, std::string_view wish) {
    return fail(code, kStage, Reaction::FixInput, {}, wish.substr(0, wish.find('=')));
}

} // namespace

void applyDismissals(std::vector<scan::Finding> &findings, std::string_view file,
                     const std::vector<mail::Dismissal> &dismissals, const policy::Policy &policy,
                     const SecretBytes *key) {
    for (auto &finding : findings) {
        if (key == nullptr || key->empty()) {
            continue;
        }
        finding.mark = markOf(finding, file, *key);
        finding.dismissible = routing::mayDismiss(finding, policy);
        const auto found = std::find_if(
            dismissals.begin(), dismissals.end(), [&](const mail::Dismissal &dismissal) {
                return dismissal.mark == finding.mark && saysSomething(dismissal.reason) &&
                       !repeats(dismissal.reason, finding);
            });
        if (finding.dismissible && found != dismissals.end()) {
            finding.dismissedBecause = base::trimmed(found->reason);
        }
    }
}

bool repeats(std::string_view reason, const scan::Finding &finding) {
    return repeatsAny(reason, {finding});
}

bool repeatsAny(std::string_view reason, const std::vector<scan::Finding> &findings) {
    // What ends a sentence may count as the end of what was found.
    constexpr std::array<std::string_view, 6> kEnds = {"", ".", ",", ";", "!", "?"};
    const auto starts = characterStarts(reason);
    for (const auto &[length, digests] : digestsByLength(findings)) {
        for (const auto end : kEnds) {
            const auto inside = length - std::min(length, end.size());
            for (std::size_t i = 0; inside > 0 && i + inside < starts.size(); ++i) {
                const auto piece = reason.substr(starts[i], starts[i + inside] - starts[i]);
                if (digests.contains(crypto::sha256(std::string(piece).append(end)))) {
                    return true;
                }
            }
        }
    }
    return false;
}

std::string placeOf(const scan::Location &location) {
    auto place = location.source;
    if (!location.part.empty()) {
        place += ':' + location.part;
    }
    if (location.line > 0) {
        place += ':' + std::to_string(location.line);
    }
    return place;
}

Result<std::vector<mail::Dismissal>> dismissalsFor(const std::vector<std::string> &wishes,
                                                   const std::vector<scan::Finding> &findings) {
    std::vector<mail::Dismissal> all;
    for (const auto &wish : wishes) {
        bool matched = false;
        for (const auto &finding : findings) {
            const auto reason = reasonFor(wish, finding);
            if (!reason) {
                continue;
            }
            if (!finding.dismissible) {
                return refuse("dismissal.not-allowed", wish);
            }
            if (!saysSomething(*reason)) {
                return refuse("dismissal.no-reason", wish);
            }
            if (repeats(*reason, finding)) {
                return refuse("dismissal.repeats", wish);
            }
            all.push_back({finding.mark, finding.kind, std::string(base::trimmed(*reason))});
            matched = true;
        }
        if (!matched) {
            return refuse("dismissal.no-match", wish);
        }
    }
    return all;
}

} // namespace sealpost::send
