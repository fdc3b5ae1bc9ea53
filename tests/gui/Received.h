// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Text.h"
#include "crypto/ChainReport.h"
#include "gui/Plans.h"
#include "receive/OpenedMessage.h"
#include "runtime/CertificateSearch.h"

#include <chrono>
#include <string>

namespace sealpost::testing {

inline receive::OpenedMessage plainMessage() {
    receive::OpenedMessage message;
    message.headers.from = {"Jo Bloggs", "jo@court.example"};
    message.headers.to = {{"Sam Okoro", "sam.okoro@justice.example"}, {"", "al@council.example"}};
    message.headers.subject = "Listing for Monday";
    message.headers.date = "Mon, 02 Mar 2026 09:00:00 +0000";
    message.text = "Hello Sam,\r\n\r\nthe hearing is listed for Monday at ten, court two.\r\n"
                   "The bundle is attached.\r\n\r\nJo\r\n";
    message.notes = {{"open.unsigned", {}}};
    return message;
}

inline crypto::SignatureFacts goodSignature() {
    crypto::SignatureFacts signature;
    signature.math = crypto::SignatureMath::Good;
    signature.digest = "SHA256";
    signature.signer = certificate("jo@court.example", crypto::CertificateState::Usable);
    signature.certificates = "-----BEGIN CERTIFICATE-----\n";
    return signature;
}

inline receive::OpenedMessage sealedMessage() {
    auto message = plainMessage();
    message.sender = receive::SenderVerdict::Verified;
    message.encrypted = true;
    message.headers.isProtected = true;
    receive::Layer encrypted;
    encrypted.kind = receive::Layer::Kind::Encrypted;
    encrypted.cipher = "aes-256-gcm";
    encrypted.integrity = crypto::Integrity::Proven;
    receive::Layer signedLayer;
    signedLayer.signatures = {goodSignature()};
    message.layers = {encrypted, signedLayer};
    message.attachments = {{"2", "application/pdf", "bundle.pdf", std::string(120'000, 'x')},
                           {"3", "application/octet-stream", "viewer.exe", "MZ"},
                           {"4", "message/rfc822", "", "inner"}};
    message.notes.clear();
    return message;
}

inline receive::OpenedMessage unprovenMessage() {
    auto message = sealedMessage();
    message.encrypted = false;
    message.layers.erase(message.layers.begin());
    message.sender = receive::SenderVerdict::Unproven;
    auto &signer = message.layers.front().signatures.front().signer;
    signer.state = crypto::CertificateState::Untrusted;
    signer.detail = "issuer-missing: CN=Court Mail Authority 2";
    message.attachments.clear();
    message.notes = {
        {"open.signer-state",
         {{"signer", "jo@court.example"}, {"state", "untrusted"}, {"detail", signer.detail}}}};
    return message;
}

inline receive::OpenedMessage forgedMessage() {
    auto message = plainMessage();
    message.sender = receive::SenderVerdict::Forged;
    message.text.reset();
    message.notes = {{"open.signature-changed", {{"signer", "CN=Jo Bloggs"}}}};
    return message;
}

inline crypto::ChainLink link(const std::string &name, bool authority, bool trustedRoot) {
    using namespace std::chrono_literals;
    crypto::ChainLink made;
    made.info = certificate("jo@court.example", crypto::CertificateState::None);
    made.info.subject = "CN=" + name + ",O=Courts,C=GB";
    made.info.issuer = "CN=Court Mail Authority,O=Courts,C=GB";
    made.info.fingerprint =
        base::toHex(name + std::string(32 - std::min<std::size_t>(name.size(), 32), '.'));
    made.info.keyType = "RSA";
    made.info.keyBits = 3072;
    made.info.signature = "sha256WithRSAEncryption";
    made.authority = authority;
    made.trustedRoot = trustedRoot;
    made.selfSigned = trustedRoot;
    if (authority) {
        made.info.addresses.clear();
    }
    made.keyUsage = authority ? "keyCertSign, cRLSign" : "digitalSignature, keyEncipherment";
    made.extendedUsage = authority ? "" : "emailProtection";
    made.revocation.status =
        trustedRoot ? crypto::RevocationStatus::NotNeeded : crypto::RevocationStatus::Good;
    made.revocation.kind = trustedRoot ? "" : "crl";
    made.revocation.source = trustedRoot ? "" : "http://crl.court.example/mail.crl";
    return made;
}

inline crypto::ChainReport goodChain() {
    crypto::ChainReport report;
    report.links = {link("Jo Bloggs", false, false), link("Court Mail Authority", true, false),
                    link("Courts Root", true, true)};
    return report;
}

inline crypto::ChainReport brokenChain() {
    crypto::ChainReport report;
    report.links = {link("Jo Bloggs", false, false)};
    report.missingIssuer = "CN=Court Mail Authority,O=Courts,C=GB";
    report.links.front().revocation = {};
    report.faults = {{"chain.issuer-missing", report.links.front().info.subject,
                      report.missingIssuer, crypto::Mend::FetchIssuer,
                      "http://pki.court.example/mail.cer"},
                     {"chain.expired", report.links.front().info.subject, "2026-01-31T00:00:00Z",
                      crypto::Mend::AskForNew, ""}};
    return report;
}

//! One in the key ring that has ended, one from a directory with nothing wrong, and a directory
//! that is silent.
inline runtime::CertificateSearch foundForJo() {
    runtime::CertificateSearch search;
    auto old = goodChain();
    old.links.front().info.fingerprint = "0a";
    old.links.front().info.state = crypto::CertificateState::Expired;
    old.links.front().info.notAfter = base::fromIso8601("2026-01-31T00:00:00Z");
    old.faults = {{"chain.expired", old.links.front().info.subject, "2026-01-31T00:00:00Z",
                   crypto::Mend::AskForNew, ""}};
    auto fresh = goodChain();
    fresh.links.front().info.fingerprint = "0b";
    search.candidates = {{assurance::SourceKind::KeyRing, {}, old, {}},
                         {assurance::SourceKind::Directory,
                          "ldaps://directory.justice.example/ou=people", fresh, "DER", true}};
    search.counts = "0a";
    search.why = {crypto::ChoiceReason::OnlyOne, 1, 0};
    search.troubles = {
        {"ldaps://mail.justice.example",
         {"ldap.deadline", "certs.find", Reaction::Retry, {}, "mail.justice.example"}}};
    search.dns.evidence = Evidence::ProvenAbsent;
    return search;
}

} // namespace sealpost::testing
