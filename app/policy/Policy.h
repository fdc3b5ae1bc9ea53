// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Assurance.h"
#include "base/Classification.h"
#include "base/Clock.h"
#include "base/RouteKind.h"
#include "base/SmimeChoice.h"
#include "base/Units.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sealpost::policy {

//! The rows of the decision table: what a message is, apart from who gets it.
enum class MessageClass {
    Official,              //!< OFFICIAL, nothing found
    OfficialDomainUnknown, //!< OFFICIAL, nothing found, and nothing is known of the domain
    Sensitive,             //!< OFFICIAL-SENSITIVE, or personal data found
    Secrets,               //!< keys, credentials, private certificates, one-time-password seeds
};

[[nodiscard]] constexpr std::string_view toString(MessageClass messageClass) {
    switch (messageClass) {
    case MessageClass::Official:
        return "official";
    case MessageClass::OfficialDomainUnknown:
        return "official-domain-unknown";
    case MessageClass::Sensitive:
        return "sensitive";
    case MessageClass::Secrets:
        return "secrets";
    }
    return "secrets";
}

//! One row: the routes in order of preference, what TLS needs there, and which routes owe a
//! written justification.
struct DecisionRow {
    std::vector<RouteKind> routes;
    std::set<Assurance> tlsSuffices;
    std::set<RouteKind> justify;
};

//! What to do where it can't be found out whether a certificate has been revoked.
enum class RevocationUnknown { Block, Justify, Allow };

//! Whether a question to an OCSP responder has a nonce (RFC 9654); from strict to lax.
enum class OcspNonce {
    Required, //!< an answer without it is none; responders that answer from a store then fail
    Sent,     //!< an answer that has one must have ours
    No,
};

//! What to do where something about a message or a recipient gives pause; from strict to lax.
enum class OnConcern {
    Block,
    Justify, //!< a person says in writing why it may go all the same; journaled
    Confirm, //!< a person ticks a statement
    Allow,
};

//! A domain that is excused from TLS, never into plain text: S/MIME is required instead.
struct TlsException {
    std::string domain; //!< A-label; covers its subdomains
    std::string reason;
    std::string authorisedBy;
    std::string reference;
    Time expires{};
};

//! A domain for whose TLS the administrator vouches.
struct RegisterEntry {
    std::string domain; //!< A-label; covers its subdomains
    std::string reference;
};

//! The least that TLS to an MX must fulfil to count as verified.
struct TlsMinimum {
    int version = 12; //!< 12: TLS 1.2; 13: TLS 1.3
    int rsaBits = 2048;
    int ecBits = 256;
};

//! Office 365 Message Encryption: a mail-flow rule of the tenant encrypts what carries the trigger.
//! Without a tenant and a trigger it is not set up.
struct OmePolicy {
    std::set<std::string> tenants; //!< domains of accounts' addresses, A-labels; exactly these
    std::set<std::string> submissionHosts{"smtp.office365.com"}; //!< of the tenants; exactly these
    std::string triggerHeader;  //!< "X-Encrypt-This: yes"; may be empty
    std::string triggerSubject; //!< "[secure]", put in front of the subject; may be empty
};

//! How the scanner looks into what is sent: an organisation's own rules, and bounds on containers.
struct ScanPolicy {
    std::vector<std::string> rules; //!< absolute paths of rule files, beside the built-in rules
    int maxDepth = 8;               //!< containers in containers
    std::uint64_t maxItems = 20'000;
    ByteCount maxTotal = 1024 * base::kMiB; //!< unpacked, of one file
    ByteCount maxItem = 256 * base::kMiB;   //!< of one thing inside
    std::uint64_t maxRatio = 250;           //!< bytes unpacked for each byte of an archive
    //! Categories, by their words, whose findings a person may say are wrong.
    std::set<std::string> dismissible{"credential", "one-time-seed", "personal-data"};
};

//! The label that stands in signed messages (RFC 2634 §3.2); none where `policyId` is empty.
struct SecurityLabelPolicy {
    std::string policyId; //!< dotted object identifier
    int official = 1;     //!< the classification's number there
    int officialSensitive = 2;
};

//! How S/MIME messages are made.
struct SmimePolicy {
    std::optional<ContentCipher> cipher; //!< none: as all recipients' certificates say
    SmimeDigest digest = SmimeDigest::Sha256;
    RsaSignature rsaSignature = RsaSignature::Pkcs1;
    std::optional<RsaTransport> rsaTransport; //!< none: as each recipient's certificate says
    SignedForm signedForm = SignedForm::Detached;
    HeaderHiding hideHeaders = HeaderHiding::Baseline;
    bool legacyDisplay = true; //!< the hidden fields stand in the text too, for older readers
    SecurityLabelPolicy label;
};

//! Where other people's certificates are looked for, beside key ring and DNS, and what is asked of
//! responders.
struct CertificatePolicy {
    std::chrono::days renewalReminder{60}; //!< of one's own certificates, before they end
    OcspNonce ocspNonce = OcspNonce::Sent;
    std::vector<std::string> directories; //!< "ldaps://host/base" (RFC 4516), in order
    std::vector<std::string> bundles;     //!< folders (absolute), or https:// URLs of one file
};

//! Whether every server on the way is to hand a message on under TLS alone (RFC 8689).
enum class RequireTls { No, WhereOffered, Always };

//! A submission server whose certificate is judged by one authority alone.
struct PinnedAuthority {
    std::string host; //!< A-label; covers what is under it
    std::string file; //!< PEM, absolute path

    bool operator==(const PinnedAuthority &) const = default;
};

//! How messages are handed to a person's own mail server.
struct SubmissionPolicy {
    int minimumVersion = 12;                          //!< 12: TLS 1.2; 13: TLS 1.3
    RequireTls requireTls = RequireTls::WhereOffered; //!< of what goes by the route tls
    std::set<std::string> daneHosts; //!< servers that TLSA records vouch for; each covers what is
                                     //!< under it
    std::vector<PinnedAuthority> pinned;
    bool reportSuccess = false;          //!< a report of delivery is asked for too (RFC 3461)
    std::chrono::hours deliverWithin{0}; //!< else it comes back (RFC 2852); 0: no limit
    std::chrono::hours retryFor{24};     //!< a temporary failure is tried again so long
    bool systemProxy = false; //!< through the proxy that the computer's settings name, if they do
};

//! What Sealpost is known as at an OpenID provider.
struct OAuthRegistration {
    std::string issuer; //!< "https://accounts.google.com"; accounts with this issuer take it
    std::string clientId;
    std::string clientSecret; //!< some providers want one of a desktop's program too; no secret

    bool operator==(const OAuthRegistration &) const = default;
};

//! How accounts are set up.
struct AccountPolicy {
    bool lookUpSettings = true; //!< a domain's servers are asked for what an account needs
    std::vector<OAuthRegistration> oauthClients;
};

//! What becomes of the journal beside being kept.
struct JournalPolicy {
    std::chrono::hours signEvery{24}; //!< by the sender's key; 0: never
    std::string syslogHost;           //!< A-label, over TLS (RFC 5425); empty: none
    std::uint16_t syslogPort = 6514;
    std::string syslogAuthority; //!< PEM, absolute path; empty: the system's authorities
};

//! How long the store keeps what is done with; 0: until a person removes it.
struct RetentionPolicy {
    std::chrono::days sent{0};   //!< messages that were accepted or refused
    std::chrono::days drafts{0}; //!< since they were last changed
};

//! Outer header fields that carry a message's marking for gateways.
enum class MarkingHeader {
    SioLabel,           //!< RFC 7444
    XProtectiveMarking, //!< the marking as text
    MsipLabels,         //!< Microsoft Purview's label
};

//! How the classification is written into messages.
struct MarkingPolicy {
    std::set<Classification> written{Classification::OfficialSensitive};
    bool inSubject = true;                //!< first in the subject, inside the protection
    bool inBody = true;                   //!< on top of the text
    std::vector<std::string> handling;    //!< what may be chosen: "RECIPIENTS ONLY"
    std::vector<std::string> descriptors; //!< the same: "COMMERCIAL"
    std::set<MarkingHeader> headers;
    std::string msipSite; //!< GUID of the tenant
    std::string msipOfficial;
    std::string msipOfficialSensitive; //!< GUID of the label
};

//! A recipient's side of the organisation's border, as disclaimers tell them apart.
enum class DisclaimerFor { External, Partner, GovUk, Internal };

struct DisclaimerText {
    DisclaimerFor relation = DisclaimerFor::External;
    std::string language; //!< "en"
    std::string text;     //!< lines of plain text, with fields of kDisclaimerFields in braces
};

//! What a disclaimer may leave to be filled in: "{name}".
inline constexpr std::string_view kDisclaimerFields[] = {"name", "organisation", "classification"};

//! What is appended to mail that leaves the organisation.
struct DisclaimerPolicy {
    bool append = true;
    std::string organisation;
    std::vector<std::string> languages{"en"}; //!< in this order
    //! Where a relation has none External's serves, but never for Internal.
    std::vector<DisclaimerText> texts;
};

//! Where an organisation's signed bundle of rules comes from; only a machine policy says so.
struct OrganisationPolicy {
    std::string bundleUrl;                //!< https://…; empty: there is none
    std::set<std::string> bundleSigners;  //!< SHA-256 of certificates, lower-case hexadecimal
    std::uint64_t bundleLeastVersion = 0; //!< an older one is refused even where none was seen yet
    std::chrono::hours bundleRefresh{24}; //!< how often a newer one is asked for
};

//! The rules of one organisation, as values; the built-in defaults are
//! resources/policy/default.toml.
struct Policy {
    std::map<MessageClass, DecisionRow> decision;
    TlsMinimum tlsMinimum;
    RevocationUnknown revocationUnknown = RevocationUnknown::Justify;
    std::chrono::days expiryWarning{30};
    std::set<std::string> internalDomains;  //!< A-labels; each covers its subdomains
    std::set<std::string> partnerDomains;   //!< the same
    std::set<std::string> tlsRequiredUnder; //!< domains under which TLS is always required: gov.uk
    std::vector<TlsException> exceptions;
    std::vector<RegisterEntry> tlsRegister;
    std::set<std::string> multiClientRelays; //!< host names and parents: mailgun.org, …
    bool managedComputer = false;
    OnConcern keyWithLock = OnConcern::Justify;  //!< a password beside what it opens
    OnConcern belowMinimum = OnConcern::Justify; //!< a finding calls for a higher classification
    OnConcern lookAlike = OnConcern::Confirm;    //!< a domain that resembles a known one
    OnConcern firstTime = OnConcern::Confirm;    //!< sensitive, to an external address never used
    std::set<Classification> forwardable{Classification::Official,
                                         Classification::OfficialSensitive};
    OmePolicy ome;
    bool probePort25 = true;
    std::set<std::string> privateNetworks; //!< "10.53.0.0/24": a mail server in there is asked
    bool fetchMtaSts = true; //!< policies of MTA-STS, over HTTPS from the recipients' domains
    ByteCount maxMessageSize = 50 * base::kMiB; //!< attachments as files, before encoding
    ScanPolicy scan;
    SmimePolicy smime;
    CertificatePolicy certificates;
    MarkingPolicy marking;
    DisclaimerPolicy disclaimer;
    OrganisationPolicy organisation;
    SubmissionPolicy submission;
    AccountPolicy accounts;
    JournalPolicy journal;
    RetentionPolicy retention;
    std::chrono::minutes planLifetime{15};
    std::chrono::hours reportLifetime{1};
    bool allowTestOverrides = true; //!< SEALPOST_RESOLVER and the like are heeded
};

} // namespace sealpost::policy
