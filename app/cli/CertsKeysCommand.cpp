// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CertsVerbs.h"
#include "cli/NewFile.h"
#include "cli/Text.h"
#include "mail/Address.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTime{2};

//! To a file where one is named, else to standard output.
ExitCode deliver(Output &output, const std::string &file, const std::string &pem) {
    if (!file.empty()) {
        if (const auto done = writeNew(file, pem); !done) {
            return output.fail(done.error());
        }
    }
    if (output.json()) {
        output.object({{QStringLiteral("file"), toQString(file)},
                       {QStringLiteral("pem"), QString::fromStdString(pem)}});
    } else if (file.empty()) {
        output.line(QString::fromStdString(pem).trimmed());
    } else {
        output.line(QStringLiteral("Written: %1").arg(toQString(file)));
    }
    return ExitCode::Done;
}

crypto::KeyKind keyKindOf(const std::string &word) {
    constexpr std::array kKinds = {
        std::pair{"rsa-4096", crypto::KeyKind::Rsa4096}, std::pair{"p256", crypto::KeyKind::P256},
        std::pair{"p384", crypto::KeyKind::P384}, std::pair{"p521", crypto::KeyKind::P521}};
    const auto *at = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto &kind) { return word == kind.first; });
    return at == kKinds.end() ? crypto::KeyKind::Rsa3072 : at->second;
}

class RequestCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb(
            "request", "Make a key here, and a request for a certificate to give to an authority");
        m_verb.option("address", m_address, "Your address").required().typeName("ADDRESS");
        m_verb.option("--name", m_order.name, "Your name, as it is to stand in the certificate")
            .typeName("NAME");
        m_verb.option("--organisation", m_order.organisation, "Your organisation").typeName("NAME");
        m_verb.option("--key", m_key, "The kind of key: rsa-3072 unless told otherwise")
            .oneOf({"rsa-3072", "rsa-4096", "p256", "p384", "p521"});
        m_verb.option("--out", m_file, "Write the request into this new file").typeName("FILE");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto address = mail::Address::parse(m_address);
        if (!address) {
            return output.fail(address.error());
        }
        const auto store = openStore(context);
        if (!store) {
            return output.fail(store.error());
        }
        m_order.address = address->spec();
        m_order.key = keyKindOf(m_key);
        if (m_order.name.empty()) {
            m_order.name =
                address->displayName().empty() ? address->spec() : address->displayName();
        }
        const auto pem = (*store)->requestCertificate(m_order, Deadline::after(kTime));
        if (!pem) {
            return output.fail(pem.error());
        }
        output.notice(QStringLiteral(
            "Give this request to your authority, and import the certificate that comes back: "
            "sealpost-cli certs import FILE. The key stays on this computer."));
        return deliver(output, m_file, *pem);
    }

private:
    std::string m_address;
    crypto::RequestOrder m_order;
    std::string m_key = "rsa-3072";
    std::string m_file;
};

class ExportCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("export", "Write a certificate, with its key if you say so");
        m_verb.option("which", m_which, "Its fingerprint, at least 8 digits of it")
            .required()
            .typeName("FINGERPRINT");
        m_verb.option("--out", m_file, "Write into this new file").typeName("FILE");
        m_verb.flag("--with-key", m_withKey,
                    "With the private key, as PKCS#12 under a passphrase; needs --out");
        m_verb
            .option("--passphrase-file", m_passphraseFile,
                    "That passphrase is this file's first line; - standard input")
            .typeName("FILE");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        if (m_withKey && m_file.empty()) {
            return output.usage(QStringLiteral("A key is written into a file: add --out FILE."));
        }
        const auto store = openStore(context);
        if (!store) {
            return output.fail(store.error());
        }
        if (!m_withKey) {
            const auto pem = (*store)->exportCertificates(m_which, Deadline::after(kTime));
            return pem ? deliver(output, m_file, *pem) : output.fail(pem.error());
        }
        const auto passphrase =
            context.secret(m_passphraseFile, "--passphrase-file", "A passphrase for the file: ");
        if (!passphrase) {
            return passphrase.error();
        }
        constexpr std::size_t kShortest = 12;
        if (passphrase->size() < kShortest) {
            return output.badInput(QStringLiteral("export.short-passphrase"),
                                   QStringLiteral("The passphrase is too short for a private key."),
                                   QStringLiteral("Take at least 12 characters."));
        }
        auto bytes = (*store)->exportPkcs12(m_which, *passphrase, Deadline::after(kTime));
        if (!bytes) {
            return output.fail(bytes.error());
        }
        const auto done = writeNew(m_file, *bytes);
        base::wipe(*bytes);
        if (!done) {
            return output.fail(done.error());
        }
        if (output.json()) {
            output.object(
                {{QStringLiteral("file"), toQString(m_file)}, {QStringLiteral("pem"), QString()}});
        }
        output.line(QStringLiteral("Written: %1. Whoever has it and its passphrase can read your "
                                   "mail and sign as you.")
                        .arg(toQString(m_file)));
        return ExitCode::Done;
    }

private:
    std::string m_which;
    std::string m_file;
    std::string m_passphraseFile;
    bool m_withKey = false;
};

class RemoveCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("remove", "Remove a certificate, with its key if you say so");
        m_verb.option("which", m_which, "Its fingerprint, at least 8 digits of it")
            .required()
            .typeName("FINGERPRINT");
        m_verb.flag("--with-key", m_withKey,
                    "The private key too: old mail to it can't be read again");
        m_verb.flag("--yes", m_yes, "Don't ask");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto store = openStore(context);
        if (!store) {
            return output.fail(store.error());
        }
        const auto found = (*store)->show(m_which, Deadline::after(kTime), context.stop);
        if (!found) {
            return output.fail(found.error());
        }
        if (!m_yes) {
            output.notice(
                QStringLiteral("This would remove %1\n  SHA-256 %2%3\nAdd --yes to do it.")
                    .arg(toQString(found->subject), toQString(found->fingerprint),
                         m_withKey ? QStringLiteral("\nand its private key for good: mail that was "
                                                    "encrypted to it can't be read again.")
                                   : QString()));
            return ExitCode::Owed;
        }
        const auto done =
            (*store)->remove(found->fingerprint,
                             m_withKey ? crypto::CertificateStore::Removal::WithKey
                                       : crypto::CertificateStore::Removal::CertificateAlone,
                             Deadline::after(kTime));
        if (!done) {
            return output.fail(done.error());
        }
        if (output.json()) {
            output.object({{QStringLiteral("removed"), toQString(found->fingerprint)},
                           {QStringLiteral("with_key"), m_withKey}});
        }
        output.line(QStringLiteral("Removed: %1").arg(toQString(found->subject)));
        return ExitCode::Done;
    }

private:
    std::string m_which;
    bool m_withKey = false;
    bool m_yes = false;
};

} // namespace

std::unique_ptr<Command> makeCertsRequestCommand() {
    return std::make_unique<RequestCommand>();
}
std::unique_ptr<Command> makeCertsExportCommand() {
    return std::make_unique<ExportCommand>();
}
std::unique_ptr<Command> makeCertsRemoveCommand() {
    return std::make_unique<RemoveCommand>();
}

} // namespace sealpost::cli
