// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/StatusTable.h"

#include "base/Text.h"

#include <algorithm>
#include <array>

namespace sealpost::wording {

namespace {

constexpr const char *kCheckAddress =
    "Check the address for a typing mistake, or ask the recipient for another one.";
constexpr const char *kOtherWay = "Ask the recipient in another way which address to use.";
constexpr const char *kHelpdesk = "Ask your helpdesk, and read the server's reply to them.";
constexpr const char *kSmaller = "Take an attachment out, or hand it over in another way.";
constexpr const char *kSignIn = "Check user name and password in the account's settings.";
constexpr const char *kTheirServer =
    "Ask the recipient's organisation: its mail server has to be mended.";
constexpr const char *kTell = "Nothing more was sent. Tell your security team.";

// clang-format off
constexpr auto kStatuses = std::to_array<StatusRow>({
    {"0.0", "The server gave no particular reason.", kHelpdesk},
    // The address
    {"1.0", "There is something wrong with an address.", kCheckAddress},
    {"1.1", "The recipient's server knows no such mailbox.", kCheckAddress},
    {"1.2", "There is no mail server for the recipient's domain.", kCheckAddress},
    {"1.3", "The server does not take the address as one.", kCheckAddress},
    {"1.4", "The address fits more than one mailbox.", "Ask the recipient for the full address."},
    {"1.5", "The address is valid, and the message was not taken all the same.", kHelpdesk},
    {"1.6", "The mailbox has moved, and the server does not say where to.", kOtherWay},
    {"1.7", "The server does not take your own address as one.", "Check the address in the account's settings."},
    {"1.8", "The server does not know the domain of your own address.", "Check the address in the account's settings."},
    {"1.9", "The message went on to a server that reports nothing back.", "Ask the recipient whether it came."},
    {"1.10", "The recipient's domain takes no mail at all.", kCheckAddress},
    // The mailbox
    {"2.0", "There is something wrong with the recipient's mailbox.", kOtherWay},
    {"2.1", "The recipient's mailbox is closed.", kOtherWay},
    {"2.2", "The recipient's mailbox is full.", "Tell the recipient in another way, and send it again later."},
    {"2.3", "The message is larger than the recipient's mailbox takes.", kSmaller},
    {"2.4", "A mailing list could not be unfolded.", "Write to the people on it one by one, or ask who looks after the list."},
    // The server
    {"3.0", "There is something wrong with the mail server.", kHelpdesk},
    {"3.1", "The mail server has no space left.", kHelpdesk},
    {"3.2", "The mail server takes no mail at the moment.", kHelpdesk},
    {"3.3", "The mail server lacks something that this message asks for.", kHelpdesk},
    {"3.4", "The message is larger than the mail server takes.", kSmaller},
    {"3.5", "The mail server is set up wrongly.", kHelpdesk},
    {"3.6", "The server changed the priority of the message.", "Nothing needs to be done."},
    // The way there
    {"4.0", "The message could not be passed on.", kHelpdesk},
    {"4.1", "The recipient's server does not answer.", kTheirServer},
    {"4.2", "The connection to the recipient's server broke off.", kTheirServer},
    {"4.3", "The mail server could not look something up in its directory.", kHelpdesk},
    {"4.4", "The mail server found no way to the recipient's server.", kCheckAddress},
    {"4.5", "The mail server has too much to do.", kHelpdesk},
    {"4.6", "The message went round in a circle.", "Ask the recipient: a forward of theirs leads back to itself."},
    {"4.7", "The message could not be delivered in time.", "Send it again, or hand it over in another way."},
    // The conversation
    {"5.0", "The server did not understand Sealpost.", kHelpdesk},
    {"5.1", "The server did not expect what Sealpost said.", kHelpdesk},
    {"5.2", "The server could not read what Sealpost said.", kHelpdesk},
    {"5.3", "There are too many recipients for this server.", "Send it to fewer people at a time."},
    {"5.4", "The server does not take what Sealpost asked for.", kHelpdesk},
    {"5.5", "The server speaks another version of the protocol.", kHelpdesk},
    {"5.6", "What proves who you are is too long for this server.", kHelpdesk},
    // The content
    {"6.0", "There is something about the content that the server can't pass on.", kHelpdesk},
    {"6.1", "The server does not take content of this kind.", "Send the attachment in another form, or hand it over in another way."},
    {"6.2", "The message would have to be changed on its way, which must not be.", kHelpdesk},
    {"6.3", "The message would have to be changed on its way, which the server can't do.", kHelpdesk},
    {"6.4", "The message was changed on its way, and something was lost.", kHelpdesk},
    {"6.5", "The server tried to change the message on its way and failed.", kHelpdesk},
    {"6.6", "The content was not there to be sent.", "Send it again."},
    {"6.7", "The server can't take an address with letters such as accents.", "Use an address without them."},
    {"6.8", "The server would have to answer with letters such as accents, and may not.", "Use addresses without them."},
    {"6.9", "The recipient's server can't take letters such as accents in the header.", "Use a subject and addresses without them."},
    {"6.10", "The server would have to answer with letters such as accents, and may not.", "Use addresses without them."},
    // Security and policy
    {"7.0", "The server refused it for reasons of security.", kHelpdesk},
    {"7.1", "You are not allowed to send this to this recipient.", kHelpdesk},
    {"7.2", "You are not allowed to write to this mailing list.", "Ask who looks after the list."},
    {"7.3", "The message would have to be encrypted anew on its way, which can't be done.", kHelpdesk},
    {"7.4", "The server lacks the protection that this message asks for.", kHelpdesk},
    {"7.5", "The server's encryption failed.", kHelpdesk},
    {"7.6", "The server does not know the kind of encryption.", kHelpdesk},
    {"7.7", "The message was changed on its way.", kTell},
    {"7.8", "The server did not accept user name and password.", kSignIn},
    {"7.9", "The server wants a stronger way to sign in.", kHelpdesk},
    {"7.10", "The server wants encryption first.", kHelpdesk},
    {"7.11", "The server wants encryption for this way to sign in.", kHelpdesk},
    {"7.12", "The server wants you to set a new password first.", "Set it where your provider says, then enter it in the account's settings."},
    {"7.13", "Your account has been closed.", kHelpdesk},
    {"7.14", "The server wants to be known to the other one first.", kHelpdesk},
    {"7.15", "The message is not urgent enough for this server at the moment.", "Send it again later."},
    {"7.16", "The message is too large for its priority.", kSmaller},
    {"7.17", "The mailbox belongs to somebody else than before.", kOtherWay},
    {"7.18", "The recipient's domain belongs to somebody else than before.", kOtherWay},
    {"7.19", "The server could not find out whose mailbox it is.", kOtherWay},
    {"7.20", "The recipient's server found no valid signature of your domain.", kHelpdesk},
    {"7.21", "The recipient's server did not accept the signature of your domain.", kHelpdesk},
    {"7.22", "The signature on the message is not of your address's domain.", kHelpdesk},
    {"7.23", "The recipient's server does not let your mail server send for your domain.", kHelpdesk},
    {"7.24", "The recipient's server could not check whether your mail server may send for your domain.", kHelpdesk},
    {"7.25", "The recipient's server does not know your mail server by name.", kHelpdesk},
    {"7.26", "The recipient's server could not verify that the message is from your domain.", kHelpdesk},
    {"7.27", "Your own domain says that it takes no mail, so others take none from it.", kHelpdesk},
    {"7.28", "There is too much mail at once.", "Wait a while, and send less at a time."},
    {"7.29", "The message was changed where it was passed on, and could not be verified.", kHelpdesk},
    {"7.30", "A server on the way can't promise that the message stays encrypted.", "Ask your helpdesk, or use S/MIME."},
});
// clang-format on

} // namespace

std::span<const StatusRow> statusTable() {
    return kStatuses;
}

std::optional<StatusRow> statusRow(std::string_view codes) {
    const auto find = [](std::string_view code) {
        return std::find_if(kStatuses.begin(), kStatuses.end(),
                            [&](const auto &row) { return row.code == code; });
    };
    const auto words = base::split(codes, ' ');
    for (std::size_t i = 0; i < std::min<std::size_t>(words.size(), 2); ++i) {
        const auto parts = base::split(words[i], '.');
        if (parts.size() != 3 || (parts[0] != "4" && parts[0] != "5")) {
            continue;
        }
        if (const auto *row = find(parts[1] + "." + parts[2]); row != kStatuses.end()) {
            return *row;
        }
        const auto *general = find(parts[1] + ".0");
        return general != kStatuses.end() ? *general : kStatuses.front();
    }
    return std::nullopt;
}

} // namespace sealpost::wording
