// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ImapAppend.h"

#include "base/Module.h"
#include "base/Text.h"
#include "crypto/SystemRoots.h"
#include "net/HttpsModule.h"

#include <array>
#include <utility>

namespace sealpost::net {

namespace {

//! One line of an answer to LIST.
struct Listed {
    std::string flags; //!< parted by spaces
    std::string name;
};

//! A quoted string or an atom at the end of the line, without its quotes.
std::string lastWord(std::string_view line) {
    line = base::trimmed(line);
    if (!line.ends_with('"')) {
        const auto space = line.rfind(' ');
        return std::string(space == std::string_view::npos ? line : line.substr(space + 1));
    }
    std::string word;
    for (auto at = line.size() - 1; at-- > 0;) {
        if (line[at] == '"' && (at == 0 || line[at - 1] != '\\')) {
            break;
        }
        word.insert(word.begin(), line[at]);
    }
    std::erase(word, '\\');
    return word;
}

std::vector<Listed> listedIn(std::string_view listing) {
    std::vector<Listed> all;
    for (const auto &line : base::split(listing, '\n')) {
        const auto open = line.find('(');
        const auto close = line.find(')');
        if (line.starts_with("* LIST ") && open != std::string::npos &&
            close != std::string::npos && close > open) {
            all.push_back({std::string(line.substr(open + 1, close - open - 1)),
                           lastWord(line.substr(close + 1))});
        }
    }
    return all;
}

bool hasFlag(const Listed &folder, std::string_view wanted) {
    for (const auto &flag : base::split(folder.flags, ' ')) {
        if (base::equalsIgnoringCase(flag, wanted)) {
            return true;
        }
    }
    return false;
}

std::string rootsFor(const ImapMailbox &mailbox) {
    return mailbox.caFile ? std::string() : crypto::hashedRootsFolder();
}

} // namespace

std::string sentFolderIn(std::string_view listing) {
    const auto folders = listedIn(listing);
    for (const auto &folder : folders) {
        if (hasFlag(folder, "\\Sent")) {
            return folder.name;
        }
    }
    // What servers and programs without special-use names call it, the usual ones first.
    constexpr std::array kUsual = {"Sent",       "Sent Items", "Sent Messages",   "Sent Mail",
                                   "INBOX.Sent", "INBOX/Sent", "INBOX.Sent Items"};
    for (const auto *name : kUsual) {
        for (const auto &folder : folders) {
            if (base::equalsIgnoringCase(folder.name, name) && !hasFlag(folder, "\\Noselect")) {
                return folder.name;
            }
        }
    }
    return {};
}

Result<std::string> findSentFolder(const ImapMailbox &mailbox, Deadline deadline,
                                   std::stop_token stop) {
    const auto &module = httpsModule();
    if (!module) {
        return fail(module.error());
    }
    const auto listing =
        (*module)->imapFolders(mailbox, rootsFor(mailbox), deadline, std::move(stop));
    if (!listing) {
        return fail(listing.error());
    }
    auto folder = sentFolderIn(*listing);
    return folder.empty() ? Result<std::string>(fail("imap.no-sent-folder", "imap.list",
                                                     Reaction::FixInput, {}, mailbox.host))
                          : folder;
}

Result<void> appendToSent(const ImapMailbox &mailbox, base::ByteSource &message, ByteCount size,
                          Deadline deadline, std::stop_token stop) {
    const auto &module = httpsModule();
    const ImapMessage what{sentFolderIn, message, size};
    return module
               ? (*module)->imapAppend(mailbox, rootsFor(mailbox), what, deadline, std::move(stop))
               : fail(module.error());
}

} // namespace sealpost::net
