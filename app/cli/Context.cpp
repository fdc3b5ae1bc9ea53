// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Context.h"

#include "cli/Text.h"

#include <array>
#include <fstream>
#include <utility>

namespace sealpost::cli {

namespace {

constexpr std::size_t kSecretLimit = 4096;

} // namespace

Result<std::shared_ptr<runtime::Runtime>> Context::runtime() {
    if (!m_runtime) {
        auto opened = runtime::Runtime::open(options);
        if (!opened) {
            return tl::unexpected(opened.error());
        }
        m_runtime = std::move(*opened);
    }
    return m_runtime;
}

tl::expected<SecretBytes, ExitCode>
Context::secret(const std::string &file, const std::string &option, std::string_view prompt) {
    if (file.empty()) {
        auto typed = askSecret ? askSecret(prompt) : std::nullopt;
        if (!typed) {
            return tl::unexpected(output.usage(
                QStringLiteral("A secret is needed and nobody is there to type it: give %1 FILE, "
                               "or %1 - for standard input.")
                    .arg(toQString(option))));
        }
        return std::move(*typed);
    }
    std::ifstream opened;
    if (file != "-") {
        opened.open(toPath(file), std::ios::binary);
        if (!opened) {
            return tl::unexpected(output.badInput(
                QStringLiteral("input.unreadable"),
                QStringLiteral("%1 can't be read.").arg(toQString(file)),
                QStringLiteral("Check that the file exists and that you may read it.")));
        }
    }
    auto bytes = readAll(file == "-" ? in : opened, kSecretLimit);
    if (!bytes) {
        return tl::unexpected(
            output.badInput(QStringLiteral("input.too-large"),
                            QStringLiteral("%1 is too long for a secret.").arg(toQString(file)),
                            QStringLiteral("Check that it is the right file.")));
    }
    SecretBytes first(std::string_view(*bytes).substr(0, bytes->find_first_of("\r\n")));
    base::wipe(*bytes);
    return first;
}

std::optional<std::string> readAll(std::istream &in, ByteCount limit) {
    std::string bytes;
    std::array<char, 64 * base::kKiB> chunk{};
    while (in.read(chunk.data(), chunk.size()) || in.gcount() > 0) {
        bytes.append(chunk.data(), static_cast<std::size_t>(in.gcount()));
        if (bytes.size() > limit) {
            base::wipe(bytes);
            return std::nullopt;
        }
    }
    return bytes;
}

} // namespace sealpost::cli
