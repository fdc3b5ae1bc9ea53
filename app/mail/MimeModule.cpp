// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/MimeModule.h"

#include "base/Module.h"

namespace sealpost::mail {

namespace {

const Result<const MimeModule *> &loaded() {
    static const auto module = base::moduleTable<MimeModule>("sealpost-mime");
    return module;
}

constexpr MimeModule kNothing{
    [](std::string_view, std::vector<PartRange> &) -> Result<ReadMessage> {
        return fail(loaded().error());
    },
    [](std::string_view) -> Result<std::vector<MessagePart>> { return fail(loaded().error()); },
    [](const std::string &, const Parameters &) { return std::string(); },
    [](const std::string &) { return std::string(); },
    [](std::string_view) { return std::string(); },
    [](const std::string &) { return ContentType(); },
    [](const std::string &, std::size_t) { return std::vector<RawMailbox>(); },
};

} // namespace

Result<void> needMime() {
    return loaded() ? Result<void>() : fail(loaded().error());
}

const MimeModule &mime() {
    return loaded() ? **loaded() : kNothing;
}

} // namespace sealpost::mail
