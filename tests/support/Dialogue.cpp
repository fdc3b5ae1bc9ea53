// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Dialogue.h"

#include "base/Text.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

namespace sealpost::test {

namespace {
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        const char code = text[++i];
        if (code == 'x' && i + 2 < text.size()) {
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
            continue;
        }
        out += code == 'r' ? '\r' : code == 'n' ? '\n' : code == '0' ? '\0' : code;
    }
    return out;
}

std::optional<Step> stepFrom(std::string_view line) {
    const auto rest = [&](std::string_view prefix) {
        return std::string(base::trimmed(line.substr(prefix.size())));
    };
    using Kind = Step::Kind;
    if (line.starts_with("S: ")) {
        return Step{Kind::Send, std::string(line.substr(3)) + "\r\n"};
    }
    if (line.starts_with("S! ")) {
        return Step{Kind::Send, unescaped(line.substr(3))};
    }
    if (line.starts_with("C: ")) {
        return Step{Kind::Expect, rest("C: ")};
    }
    if (line.starts_with("ENDLESS ")) {
        return Step{Kind::SendAlways, unescaped(rest("ENDLESS "))};
    }
    if (line.starts_with("DRIP ")) {
        return Step{Kind::Drip, unescaped(rest("DRIP "))};
    }
    if (line == "C*") {
        return Step{Kind::AnyBytes, {}};
    }
    if (line == "C-") {
        return Step{Kind::ExpectEnd, {}};
    }
    if (line == "MESSAGE") {
        return Step{Kind::Message, {}};
    }
    if (line == "CHUNK") {
        return Step{Kind::Chunk, {}};
    }
    if (line == "TLS") {
        return Step{Kind::Tls, {}};
    }
    if (line == "CLOSE") {
        return Step{Kind::Close, {}};
    }
    if (line == "HANG") {
        return Step{Kind::Hang, {}};
    }
    return std::nullopt;
}
} // namespace

Dialogue Dialogue::parse(std::string_view script, const std::string &name) {
    Dialogue dialogue;
    int number = 0;
    for (const auto &line : base::split(script, '\n')) {
        ++number;
        if (line.starts_with("#: ")) {
            const auto space = line.find(' ', 3);
            dialogue.properties[line.substr(3, space - 3)] =
                space == std::string::npos ? "" : line.substr(space + 1);
        } else if (!line.empty() && !line.starts_with("#")) {
            auto step = stepFrom(line);
            if (!step) {
                throw std::runtime_error(name + ":" + std::to_string(number) + ": " + line);
            }
            dialogue.steps.push_back(std::move(*step));
        }
    }
    return dialogue;
}

Dialogue Dialogue::load(const std::string &name) {
    std::ifstream file(std::filesystem::path(SEALPOST_DIALOGUES) / (name + ".smtp"),
                       std::ios::binary);
    if (!file) {
        throw std::runtime_error("no dialogue " + name);
    }
    const std::string script(std::istreambuf_iterator<char>(file), {});
    return parse(script, name);
}

std::vector<std::string> Dialogue::names(std::string_view prefix) {
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::directory_iterator(SEALPOST_DIALOGUES)) {
        const auto name = entry.path().stem().string();
        if (entry.path().extension() == ".smtp" && name.starts_with(prefix)) {
            names.push_back(name);
        }
    }
    if (names.empty()) {
        throw std::runtime_error("no dialogue starts with " + std::string(prefix));
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string Dialogue::property(const std::string &key, const std::string &otherwise) const {
    const auto found = properties.find(key);
    return found == properties.end() ? otherwise : found->second;
}

} // namespace sealpost::test
