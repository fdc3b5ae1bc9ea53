// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/AccountFinder.h"

#include "base/Text.h"
#include "net/ImapAppend.h"
#include "submit/AutoconfigXml.h"
#include "submit/ProviderPresets.h"

namespace sealpost::submit {

namespace {

constexpr std::string_view kStage = "account.find";
constexpr std::chrono::seconds kStepTime{10};

mail::Account blankFor(const mail::Address &address) {
    mail::Account account;
    account.address = address;
    account.userName = address.spec();
    return account;
}

} // namespace

Result<FoundAccount> AccountFinder::find(const mail::Address &address, Deadline deadline,
                                         const std::stop_token &stop) const {
    // What can't be forged without a certificate comes before what can.
    using Way = std::optional<FoundAccount> (AccountFinder::*)(const mail::Address &, Deadline,
                                                               const std::stop_token &) const;
    for (const Way way :
         {&AccountFinder::byMx, &AccountFinder::byAutoconfig, &AccountFinder::bySrv}) {
        if (auto found = (this->*way)(address, deadline, stop)) {
            return std::move(*found);
        }
    }
    return fail("account.not-found-for", kStage, Reaction::FixInput, {}, address.domain());
}

std::optional<FoundAccount> AccountFinder::byMx(const mail::Address &address, Deadline deadline,
                                                const std::stop_token &stop) const {
    const auto answer =
        m_resolver->query(address.domain(), net::DnsType::Mx, deadline.within(kStepTime), stop);
    const auto records = net::mxRecords(answer);
    const auto kind = records.empty() ? std::nullopt : providerOfMx(records.front().host);
    if (answer.outcome != net::DnsOutcome::Records || !kind) {
        return std::nullopt;
    }
    FoundAccount found{blankFor(address), SettingsSource::Provider, true};
    applyPreset(found.account, *kind);
    return found;
}

std::optional<FoundAccount> AccountFinder::byAutoconfig(const mail::Address &address,
                                                        Deadline deadline,
                                                        const std::stop_token &stop) const {
    const auto &domain = address.domain();
    for (const auto &url : {"https://autoconfig." + domain + "/mail/config-v1.1.xml",
                            "https://" + domain + "/.well-known/autoconfig/mail/config-v1.1.xml"}) {
        const auto xml = m_get(url, deadline.within(kStepTime), stop);
        const auto described = xml ? readAutoconfig(*xml, address) : std::nullopt;
        if (!described) {
            continue;
        }
        const auto &server = described->submission;
        FoundAccount found{blankFor(address), SettingsSource::Autoconfig, true};
        found.account.host = server.host;
        found.account.port = server.port;
        found.account.tls = server.tls;
        found.account.userName = server.userName;
        found.account.signIn = server.signIn;
        if (described->imap) {
            found.account.imapHost = described->imap->host;
            found.account.imapPort = described->imap->port;
        }
        return found;
    }
    return std::nullopt;
}

namespace {

struct Service {
    const char *name;
    mail::SubmissionTls tls;
};

//! The first target of a service; none where there is none.
struct Target {
    net::SrvRecord record;
    bool certain = false; //!< by DNSSEC, or as it is under the domain
};

std::optional<Target> targetOf(net::DnsResolver &resolver, const char *service,
                               const std::string &domain, Deadline deadline,
                               const std::stop_token &stop) {
    const auto answer =
        resolver.query(service + domain, net::DnsType::Srv, deadline.within(kStepTime), stop);
    const auto records = net::srvRecords(answer);
    //= RFC 6186 §3.4: a target of "." says that there is no such service.
    if (answer.outcome != net::DnsOutcome::Records || records.empty() ||
        records.front().host.empty()) {
        return std::nullopt;
    }
    const bool certain = answer.security == net::DnsSecurity::Secure ||
                         base::isSameOrSubdomain(records.front().host, domain);
    return Target{records.front(), certain};
}

} // namespace

std::optional<FoundAccount> AccountFinder::bySrv(const mail::Address &address, Deadline deadline,
                                                 const std::stop_token &stop) const {
    //= RFC 8314 §5.1: the service with TLS from the start comes first.
    for (const auto &[name, tls] : {Service{"_submissions._tcp.", mail::SubmissionTls::Implicit},
                                    Service{"_submission._tcp.", mail::SubmissionTls::StartTls}}) {
        const auto target = targetOf(*m_resolver, name, address.domain(), deadline, stop);
        if (!target) {
            continue;
        }
        FoundAccount found{blankFor(address), SettingsSource::Srv, target->certain};
        found.account.host = target->record.host;
        found.account.port = target->record.port;
        found.account.tls = tls;
        addMailbox(found.account, deadline, stop);
        return found;
    }
    return std::nullopt;
}

//= RFC 6186 §3.2, RFC 8314 §3.2
void AccountFinder::addMailbox(mail::Account &account, Deadline deadline,
                               const std::stop_token &stop) const {
    for (const auto &[name, tls] : {Service{"_imaps._tcp.", mail::SubmissionTls::Implicit},
                                    Service{"_imap._tcp.", mail::SubmissionTls::StartTls}}) {
        const auto target = targetOf(*m_resolver, name, account.address.domain(), deadline, stop);
        const bool usable =
            target && target->certain &&
            (tls == mail::SubmissionTls::Implicit) == (target->record.port != net::kImapPort);
        if (usable) {
            account.imapHost = target->record.host;
            account.imapPort = target->record.port;
            return;
        }
    }
}

} // namespace sealpost::submit
