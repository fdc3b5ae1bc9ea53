// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to net: what libcurl does for it. libcurl and the thirty libraries below it are in the
// module "sealpost-https", which is loaded with the first request (docs/adr/0012).
#pragma once

#include "net/HttpsClient.h"
#include "net/ImapAppend.h"

#include <optional>
#include <string>

namespace sealpost::net {

//! One search in a directory.
struct LdapSearch {
    std::string url; //!< RFC 4516
    std::string host;
    std::optional<std::string> caFile; //!< PEM; empty: the system's
};

//! One message, and which of a mailbox's folders it is for: none where it is empty.
struct ImapMessage {
    std::string (*folderIn)(std::string_view listing) = nullptr;
    base::ByteSource &bytes;
    ByteCount size = 0;
};

struct HttpsModule {
    //! `roots` is a folder of hashed roots that stands in the place of libcurl's; empty: none does.
    Result<std::string> (*get)(const HttpRequest &request, const std::string &roots,
                               Deadline deadline, std::stop_token stop);
    Result<HttpResponse> (*postForm)(const HttpRequest &request, const std::string &roots,
                                     const base::SecretBytes &form, Deadline deadline,
                                     std::stop_token stop);
    //! The answer as LDIF; ldapCertificates()'s errors.
    Result<std::string> (*ldap)(const LdapSearch &search, Deadline deadline, std::stop_token stop);
    //! Signs in and asks for all folders: the lines of LIST's answer.
    Result<std::string> (*imapFolders)(const ImapMailbox &mailbox, const std::string &roots,
                                       Deadline deadline, std::stop_token stop);
    //! The same, and appends the message, in one session.
    Result<void> (*imapAppend)(const ImapMailbox &mailbox, const std::string &roots,
                               const ImapMessage &message, Deadline deadline, std::stop_token stop);
    //! A connected socket, which is the caller's; none where no proxy is named for the host.
    //! connectByProxy()'s errors.
    Result<std::optional<int>> (*tunnel)(const std::string &host, Port port, Deadline deadline,
                                         const std::stop_token &stop);
};

//! The module; moduleTable()'s errors.
[[nodiscard]] const Result<const HttpsModule *> &httpsModule();

} // namespace sealpost::net
