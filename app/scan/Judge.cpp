// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Judge.h"

#include "base/Text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sealpost::scan {

namespace {

double entropyOf(std::string_view text) {
    std::array<std::size_t, 256> counts{};
    for (const char c : text) {
        ++counts.at(static_cast<unsigned char>(c));
    }
    double bits = 0;
    for (const auto count : counts) {
        if (count > 0) {
            const auto share = static_cast<double>(count) / static_cast<double>(text.size());
            bits -= share * std::log2(share);
        }
    }
    return bits;
}

std::string_view slice(std::string_view text, Span span) {
    return text.substr(span.from, span.to - span.from);
}

bool isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

//! Whole words only: "nin" is not in "running". `text` is lower case.
bool hasWord(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const auto end = at + word.size();
        const bool startsWord = at == 0 || !isWordCharacter(text[at - 1]);
        const bool endsWord = end == text.size() || !isWordCharacter(text[end]);
        if (startsWord && endsWord) {
            return true;
        }
    }
    return false;
}

const std::string *firstWordIn(std::string_view text, const std::vector<std::string> &words) {
    const auto found = std::find_if(words.begin(), words.end(),
                                    [&](const std::string &word) { return hasWord(text, word); });
    return found == words.end() ? nullptr : &*found;
}

//! What stands around a secret; the first line of a table among it.
std::string surroundings(std::string_view text, Span span, std::size_t distance) {
    const auto from = span.from > distance ? span.from - distance : 0;
    const auto header = from > 0 ? tableHeader(text) : std::string_view();
    std::string around;
    around.reserve(2 * distance + header.size() + 2);
    around += slice(text, {from, span.from});
    around += ' ';
    around += slice(text, {span.to, std::min(span.to + distance, text.size())});
    if (!header.empty()) {
        around += '\n';
        around += header;
    }
    return around;
}

//! The lines that a match is on.
std::string_view linesOf(std::string_view text, Span span) {
    const auto before =
        text.substr(0, span.from).substr(span.from - std::min(span.from, kLineNearby));
    const auto lineBreak = before.find_last_of('\n');
    const auto from = lineBreak == std::string_view::npos
                          ? span.from - before.size()
                          : span.from - before.size() + lineBreak + 1;
    const auto after = text.substr(span.to).substr(0, kLineNearby);
    const auto to = span.to + std::min(after.find('\n'), after.size());
    return slice(text, {from, to});
}

Confidence raised(Confidence confidence) {
    return confidence == Confidence::Low ? Confidence::Medium : Confidence::High;
}

bool anyIn(const std::vector<Pattern> &patterns, std::string_view text, bool &gaveUp) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const Pattern &pattern) {
        PatternMatch ignored;
        const auto outcome = pattern.find(text, 0, text.size(), ignored);
        gaveUp = gaveUp || outcome == PatternOutcome::LimitReached;
        return outcome == PatternOutcome::Match;
    });
}

bool hasAny(const std::vector<std::string> &words, std::string_view secret) {
    if (words.empty()) {
        return false;
    }
    const auto lower = base::asciiLower(secret);
    return std::any_of(words.begin(), words.end(), [&](const std::string &word) {
        return lower.find(word) != std::string::npos;
    });
}

std::string_view partFor(AllowOn on, std::string_view text, const Candidate &candidate) {
    switch (on) {
    case AllowOn::Secret:
        return slice(text, candidate.secret);
    case AllowOn::Match:
        return slice(text, candidate.whole);
    case AllowOn::Line:
        return linesOf(text, candidate.whole);
    }
    return {};
}

bool isAllowedTogether(const CompiledRule &compiled, std::string_view text, std::string_view path,
                       const Candidate &candidate, bool &gaveUp) {
    for (std::size_t i = 0; i < compiled.allowTogether.size(); ++i) {
        const auto &list = compiled.rule.allowTogether[i];
        const auto &patterns = compiled.allowTogether[i];
        if ((patterns.paths.empty() || anyIn(patterns.paths, path, gaveUp)) &&
            (list.stopwords.empty() || hasAny(list.stopwords, slice(text, candidate.secret))) &&
            (patterns.regexes.empty() ||
             anyIn(patterns.regexes, partFor(list.on, text, candidate), gaveUp))) {
            return true;
        }
    }
    return false;
}

bool isAllowed(const CompiledRule &compiled, std::string_view text, std::string_view path,
               const Candidate &candidate, bool &gaveUp) {
    const auto secret = slice(text, candidate.secret);
    return hasAny(compiled.rule.stopwords, secret) ||
           isAllowedTogether(compiled, text, path, candidate, gaveUp) ||
           anyIn(compiled.allow, secret, gaveUp) ||
           anyIn(compiled.allowMatch, slice(text, candidate.whole), gaveUp) ||
           (!compiled.allowLine.empty() &&
            anyIn(compiled.allowLine, linesOf(text, candidate.whole), gaveUp));
}

//! Nearby patterns and words.
bool fitsIn(const CompiledRule &compiled, std::string_view text, Candidate &candidate,
            bool &gaveUp) {
    const auto &rule = compiled.rule;
    if (rule.context.empty() && rule.notNear.empty() && compiled.near.empty()) {
        return true;
    }
    const auto around = surroundings(text, candidate.secret, rule.distance);
    const bool allNear =
        std::all_of(compiled.near.begin(), compiled.near.end(), [&](const Pattern &pattern) {
            PatternMatch ignored;
            const auto outcome = pattern.find(around, 0, around.size(), ignored);
            gaveUp = gaveUp || outcome == PatternOutcome::LimitReached;
            return outcome == PatternOutcome::Match;
        });
    if (!allNear) {
        return false;
    }
    if (rule.context.empty() && rule.notNear.empty()) {
        return true;
    }
    const auto words = base::asciiLower(around);
    if (const auto *word = firstWordIn(words, rule.context)) {
        candidate.confidence = raised(rule.confidence);
        candidate.because.push_back("near: " + *word);
        return true;
    }
    return !rule.contextRequired && firstWordIn(words, rule.notNear) == nullptr;
}

//! What the secret itself says for it.
std::vector<std::string> reasonsInside(const CompiledRule &compiled, std::string_view secret) {
    std::vector<std::string> because = {"shape"};
    if (compiled.rule.entropy > 0) {
        because.emplace_back("random");
    }
    if (std::any_of(compiled.validators.begin(), compiled.validators.end(),
                    [&](const Validator *validator) {
                        return validator->proves != nullptr && validator->proves(secret);
                    })) {
        because.emplace_back("check-digits");
    }
    return because;
}

//! Compiles a rule's patterns, and remembers the first mistake.
struct PatternCompiler {
    PatternCompilation when;
    std::optional<Error> error;

    void one(const std::string &regex, int group, std::optional<Pattern> &into) {
        auto compiled = Pattern::compile(regex, group, when);
        if (compiled) {
            into.emplace(std::move(*compiled));
        } else if (!error) {
            error = compiled.error();
        }
    }
    void optional(const std::string &regex, int group, std::optional<Pattern> &into) {
        if (!regex.empty()) {
            one(regex, group, into);
        }
    }
    void all(const std::vector<std::string> &regexes, std::vector<Pattern> &into) {
        for (const auto &regex : regexes) {
            std::optional<Pattern> compiled;
            one(regex, 0, compiled);
            if (compiled) {
                into.push_back(std::move(*compiled));
            }
        }
    }
};

} // namespace

std::string_view tableHeader(std::string_view text) {
    auto line = text.substr(0, kHeaderLine);
    line = line.substr(0, line.find('\n'));
    return line.find_first_of(",;\t|") == std::string_view::npos ? std::string_view() : line;
}

bool CompiledRule::isFor(std::string_view filePath) const {
    // Where a pattern reaches its limit the rule is for the file: none is passed over unseen.
    PatternMatch ignored;
    return (!path ||
            path->find(filePath, 0, filePath.size(), ignored) != PatternOutcome::NoMatch) &&
           std::none_of(allowPath.begin(), allowPath.end(),
                        [&](const Pattern &allowed) { return allowed.contains(filePath); });
}

std::string CompiledRule::meaningOf(std::string_view filePath) const {
    std::string meaning;
    if (path || !allowPath.empty()) {
        meaning += isFor(filePath) ? '1' : '0';
    }
    for (const auto &list : allowTogether) {
        bool gaveUp = false;
        meaning += anyIn(list.paths, filePath, gaveUp) ? '1' : '0';
    }
    return meaning;
}

Result<CompiledRule> compileRule(const Rule &rule, PatternCompilation when) {
    CompiledRule result;
    result.rule = rule;
    result.rule.matches.clear();
    result.rule.quiet.clear();
    PatternCompiler compiler{when, {}};
    compiler.optional(rule.regex, rule.secretGroup, result.pattern);
    compiler.optional(rule.path, 0, result.path);
    compiler.all(rule.allowPath, result.allowPath);
    compiler.all(rule.allow, result.allow);
    compiler.all(rule.allowMatch, result.allowMatch);
    compiler.all(rule.allowLine, result.allowLine);
    compiler.all(rule.near, result.near);
    for (const auto &list : rule.allowTogether) {
        auto &patterns = result.allowTogether.emplace_back();
        compiler.all(list.paths, patterns.paths);
        compiler.all(list.regexes, patterns.regexes);
    }
    if (compiler.error) {
        compiler.error->logSafeDetail = rule.id + ": " + compiler.error->logSafeDetail;
        return tl::unexpected(std::move(*compiler.error));
    }
    for (const auto &name : rule.validators) {
        result.validators.push_back(findValidator(name));
        result.isAccount = result.isAccount || name == "bank-account";
    }
    return result;
}

bool isGenuine(std::string_view text, std::string_view path, Candidate &candidate, bool &gaveUp) {
    const auto &compiled = *candidate.rule;
    const auto &rule = compiled.rule;
    const auto secret = slice(text, candidate.secret);
    candidate.confidence = rule.confidence;
    if (rule.entropy > 0 && entropyOf(secret) < rule.entropy) {
        return false;
    }
    if (!std::all_of(compiled.validators.begin(), compiled.validators.end(),
                     [&](const Validator *validator) { return validator->accepts(secret); })) {
        return false;
    }
    // Last, what takes longest: first of it the one that refuses more.
    const bool fitsFirst = !compiled.near.empty() && compiled.allowLine.empty();
    if ((fitsFirst && !fitsIn(compiled, text, candidate, gaveUp)) ||
        isAllowed(compiled, text, path, candidate, gaveUp) ||
        (!fitsFirst && !fitsIn(compiled, text, candidate, gaveUp))) {
        return false;
    }
    auto because = reasonsInside(compiled, secret);
    candidate.because.insert(candidate.because.begin(), because.begin(), because.end());
    return true;
}

} // namespace sealpost::scan
