// SPDX-License-Identifier: GPL-3.0-or-later
// Runs while building: writes the compiled anchors of the built-in rules to the file named.
#include "scan/Prefilter.h"
#include "scan/RuleSet.h"

#include <fstream>
#include <iostream>

using namespace sealpost;

namespace {

Result<std::string> compiledAnchors() {
    const auto rules = scan::RuleSet::builtIn();
    if (!rules) {
        return tl::unexpected(rules.error());
    }
    const auto anchors = rules->anchors();
    const auto prefilter = scan::Prefilter::compile(anchors);
    if (!prefilter) {
        return tl::unexpected(prefilter.error());
    }
    return prefilter->serialised(anchors);
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: sealpost_rule_compiler FILE\n";
        return 2;
    }
    const auto bytes = compiledAnchors();
    if (!bytes) {
        std::cerr << bytes.error().logSafeDetail << '\n';
        return 1;
    }
    std::ofstream file(argv[1], std::ios::binary);
    file << *bytes;
    return file.flush() ? 0 : 1;
}
