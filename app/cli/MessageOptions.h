// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Context.h"
#include "cli/Verb.h"
#include "mail/Account.h"
#include "mail/Draft.h"

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace sealpost::cli {

//! The MESSAGE-OPTIONS of plan and send.
class MessageOptions {
public:
    void define(const Verb &app);

    struct Message {
        mail::Draft draft;
        mail::Account account;
        std::vector<std::string> dismissed; //!< as given: "KIND:PLACE=REASON"
    };
    //! Reads what the options name. The exit code where something is wrong with it; it has been
    //! reported then.
    [[nodiscard]] tl::expected<Message, ExitCode> read(Context &context) const;

private:
    [[nodiscard]] tl::expected<mail::Draft, ExitCode> readDraft(Output &output) const;
    [[nodiscard]] tl::expected<std::string, ExitCode> readBody(Context &context) const;

    std::string m_account;
    std::string m_from;
    std::vector<std::string> m_to;
    std::vector<std::string> m_cc;
    std::vector<std::string> m_bcc;
    std::string m_subject;
    std::string m_classification = "OFFICIAL";
    std::string m_handling;
    std::string m_descriptor;
    std::vector<std::string> m_attachments;
    std::string m_forward;
    std::string m_forwardAs = "attached";
    std::string m_protect = "auto";
    std::vector<std::string> m_dismissed;
    std::string m_body;
};

} // namespace sealpost::cli
