// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/ErrorTable.h"

#include <array>

namespace sealpost::wording {

namespace {

constexpr const char *kByReaction = nullptr; //!< the next step that the Error's reaction names
constexpr const char *kTellServer =
    "Nothing was sent. Ask your helpdesk: the mail server has to be mended.";

// clang-format off
constexpr auto kErrors = std::to_array<ErrorRow>({
    // Draft and addresses
    {"draft.no-recipient", "The message has no recipient.", "Enter at least one address."},
    {"draft.no-sender", "The message has no sender.", "Choose an account."},
    {"draft.empty-recipient", "One of the recipients has no address.", "Take it out or complete it."},
    {"draft.non-ascii-local-part", "The part before the @ of {subject} has letters that most mail servers do not take yet.", "Ask the recipient for an address without accents."},
    {"draft.not-utf8", "{subject} has characters that are not valid text (UTF-8).", "Type it again, or save the file as UTF-8."},
    {"draft.body-nul", "The message has a NUL character, which no mail may have.", "Attach the text as a file instead."},
    {"address.empty", "An address is missing.", "Enter one, like jo@court.example."},
    {"address.no-at", "{subject} is not a complete address: it has no @.", "Enter it like jo@court.example."},
    {"address.control-character", "The address {subject} has a line break or control character.", "Type it again."},
    {"address.bad-local-part", "The part before the @ of {subject} can't be used.", "Check the address for a typing mistake."},
    {"address.bad-domain", "The part after the @ of {subject} is not a domain.", "Check the address for a typing mistake."},
    {"address.too-long", "The address {subject} is too long.", "Check the address for a typing mistake."},
    {"address.unbalanced-quote", "A quotation mark is missing in {subject}.", "Check the address for a typing mistake."},
    {"address.unbalanced-bracket", "An angle bracket is missing in {subject}.", "Enter it like Jo Bloggs <jo@court.example>."},
    {"domain.empty", "The domain is missing.", "Enter one, like court.example."},
    {"domain.bad-label", "{subject} is not a domain name.", "Check it for a typing mistake."},
    {"domain.single-label", "{subject} is not a complete domain name.", "Enter it like court.example."},
    {"domain.ip-literal", "{subject} is a number, not a domain name.", "Enter a name, like court.example."},
    {"domain.control-character", "The domain {subject} has a control character.", "Type it again."},
    {"domain.too-long", "The domain {subject} is too long.", "Check it for a typing mistake."},
    {"input.unreadable", "{subject} can't be read.", "Check the name, and that you may open it."},
    {"input.too-large", "{subject} is too large.", "Attach it as a file instead."},
    {"input.not-text", "{subject} is not text (UTF-8).", "Save it as UTF-8, or attach it as a file."},
    {"mime.not-a-message", "{subject} is not a mail message that can be read.", "Check that it is the right file."},
    {"mime.too-deep", "The message {subject} is packed too many times over.", "Attach its parts singly."},
    {"mime.too-many-parts", "The message {subject} has too many parts.", "Attach its parts singly."},
    {"draft.header-injection", "There is a line break or control character in {subject}, which is not allowed there.", "Take it out and try again."},
    {"draft.attachment-name", "The name of the attachment {subject} can't be used.", "Rename the file and attach it again."},
    {"draft.from-not-account", "The sender's address {subject} is not the account's.", "Choose the account that has this address."},
    {"message.too-large", "The message is too large: {detail}.", "Take an attachment out, or send it in parts."},
    {"attachment.missing", "The attachment {subject} can't be found.", "Check its name, or attach it again from where it is now."},
    {"attachment.unreadable", "The attachment {subject} can't be read.", "Check that you may open the file."},
    {"attachment.not-a-file", "{subject} is not a file, so it can't be attached.", "Attach a file. A folder can be packed first."},
    {"attachment.too-large", "The attachment {subject} is too large.", "Attach a smaller file, or hand it over in another way."},
    {"attachment.changed", "The attachment {subject} changed while it was read.", "Wait until it is complete and try again."},
    {"dismissal.no-match", "Nothing like {subject} was found in this message.", "Check what was found with the command plan, and name it as it stands there."},
    {"dismissal.not-allowed", "{subject} can't be marked as wrongly found: your organisation's policy does not let you.", "Take it out, or ask your helpdesk."},
    {"dismissal.no-reason", "There is no reason with {subject}.", "Say in at least ten characters why it was wrongly found."},
    // The program itself
    {"app.incomplete", "Sealpost is not completely installed: {detail}.", "Ask your helpdesk to install it again."},
    // Plan
    {"plan.blocked", "The message can't be sent to every recipient.", "Look at the recipients marked Blocked: each has a next step."},
    {"plan.changed", "The message changed after it was checked.", "Look at it once more and send again."},
    {"plan.expired", "Too much time has passed since the message was checked.", "Send again: it will be checked anew."},
    {"plan.owed", "Something is still needed from you before this can be sent: {detail}.", "Confirm or justify what is asked for."},
    {"plan.deadline", "Checking the recipients took too long.", "Try again."},
    {"plan.stopped", "Checking was stopped.", "Try again when you are ready."},
    {"send.stopped", "Sending was stopped before anything went out.", "The message is as it was. Send it again when you are ready."},
    // Keychain
    {"keychain.missing", "No keychain is running on this computer, so keys and passwords can't be kept safely.", "Start your desktop's keyring (for example GNOME Keyring) and try again. Sealpost never keeps secrets in a file instead."},
    {"keychain.locked", "The keychain is locked.", "Unlock it (by signing in to your desktop again, or in its own program) and try again."},
    {"keychain.denied", "The keychain did not let Sealpost in.", "Allow access when it asks, and try again."},
    {"keychain.failed", "The keychain did not answer as it should.", kByReaction},
    {"authority.bad-name", "{subject} can't stand in a certificate.", "Choose another name."},
    {"authority.unreadable", "The practice authority in {subject} can't be read.", "Remove the practice folder: it is made anew."},
    {"authority.unwritable", "The practice authority can't be written to {subject}.", "Check that you may write there."},
    {"practice.folder", "The practice folder can't be used: {detail}.", "Check that you may write to {subject}."},
    // Certificates
    {"gnupg.missing", "GnuPG (gpgsm and gpg-agent) is not installed.", "Ask your helpdesk to install it."},
    {"gnupg.failed", "The key store (GnuPG) did not answer as it should: {detail}.", kByReaction},
    {"gnupg.deadline", "The key store (GnuPG) took too long.", kByReaction},
    {"gnupg.home", "The folder for keys can't be used: {detail}.", kByReaction},
    {"pkcs12.unreadable", "{subject} is not a key file that can be read (PKCS#12: .p12 or .pfx).", "Check that it is the right file and that it is complete."},
    {"pkcs12.wrong-passphrase", "The passphrase does not open {subject}.", "Type it again. It was given to you together with the file."},
    {"pkcs12.no-key", "There is no private key in {subject}.", "Ask whoever issued it for the file that holds your key too."},
    {"pkcs12.no-certificate", "There is no certificate for the key in {subject}.", "Ask whoever issued it for the complete file."},
    {"pkcs12.unsupported-key", "The key in {subject} is of a kind that can't be used: {detail}.", "Ask for an RSA or elliptic-curve key."},
    {"certificate.unreadable", "{subject} is not a certificate that can be read.", "Check that it is the right file."},
    {"certificate.not-found", "There is no such certificate: {subject}.", "Look at the list of certificates."},
    {"certificate.ambiguous", "Several certificates begin with {subject}.", "Give more of the fingerprint."},
    {"certificate.not-a-root", "{subject} is not a root certificate, so it can't be trusted as one.", "Import the authority's root certificate."},
    {"certificate.refused", "The key store did not take the certificate {subject}: {detail}.", "Ask whoever issued it."},
    {"smime.no-key", "The private key of your certificate is not on this computer.", "Import your certificate and key (a .p12 or .pfx file)."},
    {"smime.sign", "The message could not be signed: {detail}.", kByReaction},
    {"smime.encrypt", "The message could not be encrypted: {detail}.", kByReaction},
    // Accounts
    {"account.exists", "There is an account named {subject} already.", "Choose another name."},
    {"account.not-found", "There is no account named {subject}.", "Look at the list of accounts."},
    {"account.none", "There is no account to send from yet.", "Add one first."},
    {"account.choose", "There are several accounts.", "Say which one to send from."},
    {"account.bad-name", "{subject} can't be the name of an account.", "Choose a short name without line breaks."},
    {"account.no-password", "The password of the account {subject} is not in the keychain.", "Enter it again in the account's settings."},
    // TLS and submission
    {"tls.certificate", "The certificate of {subject} can't be trusted: {detail}.", kTellServer},
    {"tls.version", "The server offers no version of TLS that is allowed.", kTellServer},
    {"tls.alert", "The server broke off the encryption: {detail}.", kTellServer},
    {"tls.handshake", "Encryption with the server could not be started: {detail}.", kTellServer},
    {"tls.closed", "The server hung up before encryption was in place.", kByReaction},
    {"tls.ca-file", "The list of trusted authorities can't be read: {detail}.", kByReaction},
    {"tls.not-tls", "The server answered something that is not encryption. Somebody may be interfering.", kTellServer},
    {"tls.broken", "The encrypted connection was damaged on its way.", "Nothing more was sent. Try again; if it happens again, tell your security team."},
    {"tls.host", "{subject} is not a name that a certificate can be checked against.", "Enter the server's name as its provider gives it."},
    {"dns.anchor", "The root key of the domain name system can't be read: {detail}.", kByReaction},
    {"dns.config", "The settings for the domain name system can't be used: {detail}.", kByReaction},
    {"dns.setup", "Looking up names could not be started: {detail}.", kByReaction},
    {"http.certificate", "The certificate of {subject} can't be trusted.", kByReaction},
    {"http.deadline", "{subject} took too long to answer.", kByReaction},
    {"http.failed", "{subject} can't be reached: {detail}.", kByReaction},
    {"http.status", "{subject} answered with the code {detail}.", kByReaction},
    {"http.stopped", "Fetching was stopped.", kByReaction},
    {"http.too-large", "What {subject} offers is too large.", kByReaction},
    {"http.url", "{subject} is not an address that can be fetched.", kByReaction},
    {"smtp.bare-newline", "The message has a line break of an unusual kind and was not sent.", "Tell your helpdesk, and read this code to them."},
    {"smtp.line-too-long", "A line of the message is too long to be sent.", "Tell your helpdesk, and read this code to them."},
    {"smtp.not-7bit", "The message has bytes that the server may change, so it was not sent.", "Tell your helpdesk, and read this code to them."},
    {"net.refused", "{subject} refused the connection.", "Check host and port of the account, then try again."},
    {"net.unreachable", "{subject} can't be reached.", "Check your network connection and try again."},
    {"net.deadline", "The server took too long to answer.", kByReaction},
    {"net.stopped", "Stopped.", "Nothing more was sent."},
    {"net.broken", "The connection broke off.", kByReaction},
    {"net.listen", "A local port could not be opened: {detail}.", kByReaction},
    {"smtp.hung-up", "The server hung up in the middle of the conversation.", kByReaction},
    {"smtp.garbage", "The server gave an answer that makes no sense: {detail}.", kByReaction},
    {"smtp.endless", "The server gave an answer without end.", kByReaction},
    {"smtp.injected", "The server sent more than it may before encryption began. Somebody may be interfering.", "Nothing was sent. Tell your security team."},
    {"submit.starttls-missing", "The server {subject} offers no encryption, so nothing was sent, not even your password.", kTellServer},
    {"submit.auth-missing", "The server {subject} does not offer a way to sign in that Sealpost can use.", kTellServer},
    {"submit.auth-failed", "The server {subject} did not accept user name and password.", "Check them in the account's settings."},
    {"submit.auth-temporary", "The server {subject} could not check the password just now.", kByReaction},
    {"submit.too-large", "The server takes no message of this size: {detail}.", "Take an attachment out, or hand it over in another way."},
    {"submit.starttls-refused", "The server {subject} offers encryption, but refused to begin it. Nothing was sent, not even your password.", kTellServer},
    {"submit.host-unknown", "There is no server named {subject}.", "Check the host in the account's settings."},
    {"submit.host-bogus", "The address of the server {subject} was forged or broken on its way here.", "Nothing was sent. Tell your security team."},
    {"submit.resolve", "The address of the server {subject} could not be looked up.", "Check your network connection and try again."},
    {"submit.smtputf8", "The server can't take an address with letters such as accents.", "Use an address without them."},
    {"submit.deferred", "The server did not take the message for now ({detail}).", "Try again in a little while."},
    {"submit.refused", "The server refused the message ({detail}).", "Look at the server's reply in the details, and ask your helpdesk."},
    {"submit.recipients-refused", "The server refused every recipient.", "Check the addresses."},
    {"outbox.not-found", "There is no such message in the outbox.", "Look at the outbox."},
    {"outbox.not-waiting", "This message is not waiting to be sent ({detail}).", "Look at the outbox: a message that ended uncertain is for you to decide."},
    {"outbox.not-uncertain", "This message is not uncertain ({detail}), so there is nothing to decide.", "Look at the outbox."},
    {"outbox.domain-changed", "{subject} no longer protects mail well enough for this message ({detail}).", "Check the recipient again, or discard the message and write it anew."},
    // Store and profile
    {"store.full", "There is no space left on the disk.", "Make some space and try again. The message is as it was."},
    {"store.damaged", "Sealpost's data on this computer is damaged.", "Nothing was changed. Ask your helpdesk to restore it from a backup."},
    {"store.newer", "Sealpost's data was made by a later version.", "Nothing was changed. Install the later version again."},
    {"store.unwritable", "Sealpost's data can't be written to.", "Check that you may write to {subject}."},
    {"store.locked", "Another program holds Sealpost's data.", kByReaction},
    {"store.no-driver", "The part of Qt that keeps data (SQLite) is not installed.", "Ask your helpdesk to install it (libqt6sql6-sqlite)."},
    {"store.wrong-key", "The key in the keychain does not open Sealpost's data.", "Nothing was changed. The data may be from another computer: ask your helpdesk."},
    {"profile.unwritable", "The folder {subject} can't be used.", "Check that you may write to it."},
    {"profile.busy", "Another Sealpost is sending from this profile.", "Wait until it is done and try again."},
    // CJSM directory
    {"file.unwritable", "{subject} can't be written.", "Check that the folder exists and that you may write there."},
    {"cjsm.columns", "This is not a CJSM directory: it has no column \"{detail}\".", "Download the directory from CJSM as CSV and import that file unchanged. The directory that you had is kept."},
    {"cjsm.empty", "No row of this CJSM directory can be used.", "Download the directory from CJSM again. The directory that you had is kept."},
    // Policy
    {"policy.invalid", "The policy has a mistake ({subject}), so nothing is sent.", "Ask your administrator to mend it. Sealpost does not fall back to laxer rules."},
    {"policy.unreadable", "The policy file {subject} can't be read.", "Check that it exists and that you may open it."},
    // Scanner
    {"scan.cpu", "This computer's processor is too old for the scanner (it needs SSE4.2).", kByReaction},
    {"scan.memory", "There was not enough memory to look through the message.", kByReaction},
    {"scan.deadline", "Looking through the attachments took too long.", "Try again, or send fewer files at a time."},
    {"scan.stopped", "Looking through the attachments was stopped.", "Try again when you are ready."},
});
// clang-format on

} // namespace

std::span<const ErrorRow> errorTable() {
    return kErrors;
}

} // namespace sealpost::wording
