// SPDX-License-Identifier: GPL-3.0-or-later
// A policy file, and the same bytes as the text of a record.
#include "assurance/MtaStsPolicy.h"
#include "base/Text.h"

#include <cstdint>
#include <cstdlib>

using namespace sealpost;
using assurance::MtaStsMode;
using assurance::MtaStsPolicy;

namespace {

void demand(bool holds) {
    if (!holds) {
        std::abort();
    }
}

std::string written(const MtaStsPolicy &policy) {
    std::string file = "version: STSv1\nmode: " + std::string(toString(policy.mode)) + "\n";
    for (const auto &pattern : policy.mx) {
        file += "mx: " + pattern + "\n";
    }
    return file + "max_age: " + std::to_string(policy.maxAge.count()) + "\n";
}

void checkPattern(const MtaStsPolicy &policy, const std::string &pattern) {
    demand(pattern == base::asciiLower(pattern));
    const bool wildcard = pattern.starts_with("*.");
    const auto host = wildcard ? "mx" + pattern.substr(1) : pattern;
    demand(policy.allows(host));
    const MtaStsPolicy alone{MtaStsMode::Enforce, {}, {pattern}};
    demand(!alone.allows("more." + host));
    demand(!alone.allows("") && !alone.allows("."));
    demand(!wildcard || !alone.allows(pattern.substr(2)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char *>(data), size);
    if (const auto policy = assurance::parseMtaStsPolicy(bytes)) {
        demand(policy->mode == MtaStsMode::None || !policy->mx.empty());
        demand(policy->maxAge.count() >= 0);
        for (const auto &pattern : policy->mx) {
            checkPattern(*policy, pattern);
        }
        const auto again = assurance::parseMtaStsPolicy(written(*policy));
        demand(again && again->mode == policy->mode && again->mx == policy->mx &&
               again->maxAge == policy->maxAge);
    }
    if (const auto id = assurance::mtaStsId({&bytes, 1})) {
        demand(!id->empty() && id->size() <= 32 && !base::hasControlCharacters(*id));
    }
    return 0;
}
