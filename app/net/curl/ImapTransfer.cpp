// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/curl/ImapTransfer.h"

#include "net/curl/EasyHandle.h"
#include "net/curl/ProxyTunnel.h"

#include <algorithm>

namespace sealpost::net::curl {

namespace {

constexpr std::string_view kStage = "imap";
constexpr std::size_t kListingLimit = std::size_t{256} * 1024;

//! What the call-backs of one transfer share.
struct Transfer {
    std::string listing;
    base::ByteSource *message = nullptr;
    std::optional<Error> sourceError;
    std::stop_token stop;
};

std::size_t onListing(const char *bytes, std::size_t one, std::size_t count, void *context) {
    auto &transfer = *static_cast<Transfer *>(context);
    const auto room = kListingLimit - std::min(kListingLimit, transfer.listing.size());
    transfer.listing.append(bytes, std::min(count, room));
    return one * count;
}

std::size_t onMessage(char *into, std::size_t one, std::size_t count, void *context) {
    auto &transfer = *static_cast<Transfer *>(context);
    const auto read = transfer.message->read({into, one * count});
    if (!read) {
        transfer.sourceError = read.error();
        return CURL_READFUNC_ABORT;
    }
    return *read;
}

bool byStartTls(const ImapMailbox &mailbox) {
    return mailbox.port == kImapPort;
}

void signIn(CURL *curl, const ImapMailbox &mailbox) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, mailbox.userName.c_str());
    const std::string secret(mailbox.secret.view());
    if (mailbox.proof == ImapProof::Password) {
        curl_easy_setopt(curl, CURLOPT_PASSWORD, secret.c_str());
        return;
    }
    // Else libcurl would try an empty password where neither is offered.
    curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, "AUTH=OAUTHBEARER;AUTH=XOAUTH2");
    curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, secret.c_str());
}

Result<void> configure(CURL *curl, const ImapMailbox &mailbox, const std::string &roots,
                       Deadline deadline, Transfer &transfer) {
    Proxy proxy;
    if (mailbox.way == NetworkWay::SystemProxy) {
        auto found = proxyFor(mailbox.host, mailbox.port, deadline, transfer.stop);
        if (!found) {
            return fail(std::move(found.error()));
        }
        proxy = std::move(*found);
    }
    setLimits(curl, deadline, transfer.stop);
    setRoots(curl, mailbox.caFile, roots);
    setProxy(curl, proxy);
    curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, byStartTls(mailbox) ? "imap" : "imaps");
    // With STARTTLS: no sign-in, and nothing else, before TLS is there.
    curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, onListing);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, onMessage);
    curl_easy_setopt(curl, CURLOPT_READDATA, &transfer);
    signIn(curl, mailbox);
    return {};
}

std::string urlOf(CURL *curl, const ImapMailbox &mailbox, const std::string &folder) {
    const std::unique_ptr<char, Deleter> escaped(
        curl_easy_escape(curl, folder.c_str(), static_cast<int>(folder.size())));
    return (byStartTls(mailbox) ? "imap://" : "imaps://") + mailbox.host + ':' +
           std::to_string(static_cast<std::uint16_t>(mailbox.port)) + '/' +
           (escaped ? escaped.get() : "");
}

tl::unexpected<Error> failure(CURLcode code, const Transfer &transfer, const std::string &host) {
    if (transfer.sourceError) {
        return fail(*transfer.sourceError);
    }
    if (transfer.stop.stop_requested()) {
        return fail("imap.stopped", kStage, Reaction::Retry, {}, host);
    }
    switch (static_cast<int>(code)) {
    case CURLE_OPERATION_TIMEDOUT:
        return fail("imap.deadline", kStage, Reaction::Retry, {}, host);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return fail("imap.certificate", kStage, Reaction::AskAdmin, curl_easy_strerror(code), host);
    case CURLE_USE_SSL_FAILED:
        return fail("imap.no-tls", kStage, Reaction::AskAdmin, {}, host);
    case CURLE_LOGIN_DENIED:
        return fail("imap.login", kStage, Reaction::FixInput, {}, host);
    default:
        return fail("imap.failed", kStage, Reaction::Retry, curl_easy_strerror(code), host);
    }
}

CURLcode ask(CURL *curl, Transfer &transfer, const char *command) {
    transfer.listing.clear();
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, command);
    return curl_easy_perform(curl);
}

CURLcode listAll(CURL *curl, const ImapMailbox &mailbox, Transfer &transfer) {
    curl_easy_setopt(curl, CURLOPT_URL, urlOf(curl, mailbox, {}).c_str());
    //= RFC 6154 §2 (asked for, as a server need not say it by itself)
    const auto code = ask(curl, transfer, "LIST \"\" \"*\" RETURN (SPECIAL-USE)");
    // One that does not know this form is asked in the old one.
    return code == CURLE_QUOTE_ERROR ? ask(curl, transfer, "LIST \"\" \"*\"") : code;
}

} // namespace

Result<std::string> imapFolders(const ImapMailbox &mailbox, const std::string &roots,
                                Deadline deadline, std::stop_token stop) {
    Transfer transfer;
    transfer.stop = std::move(stop);
    const auto curl = newEasy();
    if (!curl) {
        return failure(CURLE_FAILED_INIT, transfer, mailbox.host);
    }
    if (auto ready = configure(curl.get(), mailbox, roots, deadline, transfer); !ready) {
        return fail(std::move(ready.error()));
    }
    const auto code = listAll(curl.get(), mailbox, transfer);
    if (code != CURLE_OK) {
        return failure(code, transfer, mailbox.host);
    }
    return std::move(transfer.listing);
}

Result<void> imapAppend(const ImapMailbox &mailbox, const std::string &roots,
                        const ImapMessage &message, Deadline deadline, std::stop_token stop) {
    Transfer transfer;
    transfer.stop = std::move(stop);
    transfer.message = &message.bytes;
    const auto curl = newEasy();
    if (!curl) {
        return failure(CURLE_FAILED_INIT, transfer, mailbox.host);
    }
    if (auto ready = configure(curl.get(), mailbox, roots, deadline, transfer); !ready) {
        return fail(std::move(ready.error()));
    }
    auto code = listAll(curl.get(), mailbox, transfer);
    if (code != CURLE_OK) {
        return failure(code, transfer, mailbox.host);
    }
    const auto folder = message.folderIn(transfer.listing);
    if (folder.empty()) {
        return fail("imap.no-sent-folder", kStage, Reaction::FixInput, {}, mailbox.host);
    }
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, nullptr);
    curl_easy_setopt(curl.get(), CURLOPT_URL, urlOf(curl.get(), mailbox, folder).c_str());
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size));
    code = curl_easy_perform(curl.get()); // in the same session
    return code == CURLE_OK ? Result<void>() : failure(code, transfer, mailbox.host);
}

} // namespace sealpost::net::curl
