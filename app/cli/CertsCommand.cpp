// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "cli/CertificateFile.h"
#include "cli/CertsVerbs.h"
#include "cli/Command.h"
#include "cli/GivenFile.h"
#include "cli/Text.h"
#include "mail/Address.h"
#include "wording/CardText.h"
#include "wording/ChoiceText.h"
#include "wording/Wording.h"

#include <QJsonArray>
#include <chrono>

namespace sealpost::cli {

namespace {

constexpr ByteCount kFileLimit = 4 * base::kMiB;
constexpr std::chrono::minutes kTime{2};

QJsonObject toJson(const crypto::CertificateInfo &certificate) {
    QJsonArray addresses;
    for (const auto &address : certificate.addresses) {
        addresses.append(QString::fromStdString(address));
    }
    const auto text = [](const std::string &value) { return QString::fromStdString(value); };
    return {
        {QStringLiteral("fingerprint"), text(certificate.fingerprint)},
        {QStringLiteral("sha1"), text(certificate.sha1)},
        {QStringLiteral("subject"), text(certificate.subject)},
        {QStringLiteral("issuer"), text(certificate.issuer)},
        {QStringLiteral("serial"), text(certificate.serial)},
        {QStringLiteral("addresses"), addresses},
        {QStringLiteral("not_before"), text(base::toIso8601(certificate.notBefore))},
        {QStringLiteral("not_after"), text(base::toIso8601(certificate.notAfter))},
        {QStringLiteral("key"), QJsonObject{{QStringLiteral("type"), text(certificate.keyType)},
                                            {QStringLiteral("bits"), certificate.keyBits},
                                            {QStringLiteral("curve"), text(certificate.curve)}}},
        {QStringLiteral("signature"), text(certificate.signature)},
        {QStringLiteral("private_key"), certificate.isOwn()},
        {QStringLiteral("on_card"), certificate.privateKey == crypto::PrivateKey::OnCard},
        {QStringLiteral("state"), toQString(toString(certificate.state))},
        {QStringLiteral("detail"), text(certificate.detail)}};
}

QJsonArray toJson(const std::vector<crypto::CertificateInfo> &certificates) {
    QJsonArray array;
    for (const auto &certificate : certificates) {
        array.append(toJson(certificate));
    }
    return array;
}

QString addressesOf(const crypto::CertificateInfo &certificate) {
    const auto joined = base::join(certificate.addresses, ", ");
    return QString::fromStdString(joined.empty() ? certificate.subject : joined);
}

QString ownerWord(crypto::PrivateKey key) {
    switch (key) {
    case crypto::PrivateKey::Absent:
        return QStringLiteral("theirs");
    case crypto::PrivateKey::InAgent:
        return QStringLiteral("yours");
    case crypto::PrivateKey::OnCard:
        return QStringLiteral("yours, on a card");
    }
    return {};
}

//! A row, or a JSON object, for each.
void printCertificates(Output &output, const std::vector<crypto::CertificateInfo> &certificates) {
    std::vector<QStringList> rows;
    for (const auto &certificate : certificates) {
        if (output.json()) {
            output.object(toJson(certificate));
            continue;
        }
        rows.push_back({addressesOf(certificate), ownerWord(certificate.privateKey),
                        toQString(toString(certificate.state)),
                        QString::fromStdString(certificate.fingerprint.substr(0, 16))});
    }
    output.table(rows);
}

class ImportCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("import", "Bring in certificates, or your own key (PKCS#12)");
        m_verb.option("files", m_files, "PEM, DER, PKCS#7 or PKCS#12 files")
            .required()
            .typeName("FILE");
        m_verb
            .option("--passphrase-file", m_passphraseFile,
                    "The PKCS#12 file's passphrase is this file's first line; - standard input")
            .typeName("FILE");
        m_verb.flag("--trust", m_trust, "Trust the root certificates that are in the files");
    }

    ExitCode run(Context &context) override {
        const auto store = openStore(context);
        if (!store) {
            return context.output.fail(store.error());
        }
        for (const auto &file : m_files) {
            if (const auto code = import(context, **store, file); code != ExitCode::Done) {
                return code;
            }
        }
        return ExitCode::Done;
    }

private:
    ExitCode import(Context &context, crypto::CertificateStore &store, const std::string &name) {
        auto &output = context.output;
        const auto path = toPath(name);
        auto file = readGivenFile(path, kFileLimit);
        if (!file) {
            return output.fail(file.error());
        }
        const auto deadline = Deadline::after(kTime);
        Result<crypto::ImportSummary> summary;
        if (isPkcs12(*file, name)) {
            const auto passphrase = passphraseFor(context, name);
            if (!passphrase) {
                return passphrase.error();
            }
            summary = store.importPkcs12(*file, *passphrase, deadline);
        } else {
            summary = store.importCertificates(*file, deadline);
        }
        base::wipe(*file);
        if (!summary) {
            auto error = summary.error();
            if (error.subject.empty()) {
                error.subject = name;
            }
            return output.fail(error);
        }
        if (const auto code = trustRoots(output, store, *summary); code != ExitCode::Done) {
            return code;
        }
        report(output, name, *summary);
        return ExitCode::Done;
    }

    //! Asked for once: several files of one import have the same.
    tl::expected<SecretBytes, ExitCode> passphraseFor(Context &context, const std::string &name) {
        if (m_passphraseFile.empty()) {
            return context.secret({}, "--passphrase-file", "Passphrase of " + name + ": ");
        }
        if (!m_passphrase) {
            auto read = context.secret(m_passphraseFile, "--passphrase-file", {});
            if (!read) {
                return read;
            }
            m_passphrase = std::move(*read);
        }
        return m_passphrase->clone();
    }

    ExitCode trustRoots(Output &output, crypto::CertificateStore &store,
                        crypto::ImportSummary &summary) const {
        if (!m_trust) {
            return ExitCode::Done;
        }
        bool found = false;
        for (const auto &certificate : summary.certificates) {
            if (certificate.subject != certificate.issuer) {
                continue;
            }
            found = true;
            output.notice(QStringLiteral("Trusting %1\n  SHA-256 %2")
                              .arg(toQString(certificate.subject),
                                   QString::fromStdString(certificate.fingerprint)));
            const auto trusted = store.trustRoot(certificate.fingerprint, Deadline::after(kTime));
            if (!trusted) {
                return output.fail(trusted.error());
            }
        }
        if (!found) {
            return output.badInput(
                QStringLiteral("certificate.not-a-root"),
                QStringLiteral("There is no root certificate in the file, so none was trusted."),
                QStringLiteral("Give the file that has the authority's root certificate."));
        }
        return assessAgain(output, store, summary);
    }

    //! What was judged before the root was trusted is no longer true.
    static ExitCode assessAgain(Output &output, crypto::CertificateStore &store,
                                crypto::ImportSummary &summary) {
        for (auto &certificate : summary.certificates) {
            auto now = store.show(certificate.fingerprint, Deadline::after(kTime), {});
            if (!now) {
                return output.fail(now.error());
            }
            certificate = std::move(*now);
        }
        return ExitCode::Done;
    }

    static void report(Output &output, const std::string &name,
                       const crypto::ImportSummary &summary) {
        if (output.json()) {
            output.object({{QStringLiteral("file"), toQString(name)},
                           {QStringLiteral("certificates"), toJson(summary.certificates)},
                           {QStringLiteral("newly_added"), summary.newlyAdded},
                           {QStringLiteral("private_keys"), summary.privateKeys}});
            return;
        }
        output.line(QStringLiteral("%1: certificates %2, of them new %3, private keys %4")
                        .arg(toQString(name))
                        .arg(summary.certificates.size())
                        .arg(summary.newlyAdded)
                        .arg(summary.privateKeys));
        printCertificates(output, summary.certificates);
    }

    std::vector<std::string> m_files;
    std::string m_passphraseFile;
    std::optional<SecretBytes> m_passphrase;
    bool m_trust = false;
};

class ListCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("list", "The certificates that are known");
    }

    ExitCode run(Context &context) override {
        const auto store = openStore(context);
        if (!store) {
            return context.output.fail(store.error());
        }
        const auto certificates = (*store)->list(Deadline::after(kTime), context.stop);
        if (!certificates) {
            return context.output.fail(certificates.error());
        }
        if (certificates->empty()) {
            context.output.line(QStringLiteral("There are no certificates yet."));
        }
        printCertificates(context.output, *certificates);
        listSystem(context, **store);
        return ExitCode::Done;
    }

private:
    //! One's own that the operating system keeps (docs/adr/0015): they are told, since people look
    //! for them here, and said not to sign yet.
    static void listSystem(Context &context, crypto::CertificateStore &store) {
        const auto runtime = context.runtime();
        const auto system = runtime ? (*runtime)->systemKeys() : nullptr;
        if (!system) {
            return; // this system has none
        }
        auto &output = context.output;
        const auto own = system->own();
        if (!own) {
            const auto text = wording::text(own.error());
            output.notice(QStringLiteral("%1 %2 (%3)").arg(text.what, text.next, text.code));
            return;
        }
        for (const auto &der : *own) {
            const auto read = store.examine({{}, der, {}}, Deadline::after(kTime), context.stop);
            if (!read || read->empty() || read->front().links.empty()) {
                continue;
            }
            const auto &info = read->front().links.front().info;
            if (output.json()) {
                auto object = toJson(info);
                object.insert(QStringLiteral("system_store"), true);
                output.object(object);
            } else {
                output.line(QStringLiteral("%1: in this computer's own store of certificates. "
                                           "Sealpost can't sign with it yet.")
                                .arg(addressesOf(info)));
            }
        }
    }
};

class CardCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("card", "Use the keys on the smart card in the reader");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto store = openStore(context);
        if (!store) {
            return output.fail(store.error());
        }
        const auto card = (*store)->readCard(Deadline::after(kTime));
        if (!card) {
            return output.fail(card.error());
        }
        std::vector<crypto::CertificateInfo> certificates;
        for (const auto &fingerprint : card->fingerprints) {
            auto found = (*store)->show(fingerprint, Deadline::after(kTime), context.stop);
            if (!found) {
                return output.fail(found.error());
            }
            certificates.push_back(std::move(*found));
        }
        report(output, *card, certificates);
        return ExitCode::Done;
    }

private:
    static void report(Output &output, const crypto::CardSummary &card,
                       const std::vector<crypto::CertificateInfo> &certificates) {
        if (output.json()) {
            output.object(
                {{QStringLiteral("serial"), QString::fromStdString(card.serial)},
                 {QStringLiteral("keys"), card.keys},
                 {QStringLiteral("keys_without_certificate"), card.keysWithoutCertificate},
                 {QStringLiteral("newly_added"), card.newlyAdded},
                 {QStringLiteral("certificates"), toJson(certificates)}});
            return;
        }
        output.line(QStringLiteral("Card %1: keys %2, certificates %3, of them new %4")
                        .arg(QString::fromStdString(card.serial))
                        .arg(card.keys)
                        .arg(certificates.size())
                        .arg(card.newlyAdded));
        printCertificates(output, certificates);
        output.line(wording::text(card));
    }
};

class ShowCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("show", "One certificate, or those for an address, in full");
        m_verb
            .option("which", m_which,
                    "SHA-256 or SHA-1 fingerprint, at least 8 digits of it; or an address")
            .required()
            .typeName("FINGERPRINT-OR-ADDRESS");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto found = find(context);
        if (!found) {
            return output.fail(found.error());
        }
        const auto chosen = choice(context, *found);
        bool first = true;
        for (const auto &certificate : *found) {
            if (output.json()) {
                auto object = toJson(certificate);
                object.insert(QStringLiteral("choice"),
                              first && chosen ? toQString(toString(chosen->reason)) : QString());
                output.object(object);
            } else {
                print(output, certificate);
                if (first && chosen) {
                    output.line(wording::text(*chosen));
                }
            }
            first = false;
        }
        return ExitCode::Done;
    }

private:
    //! Why the first one is what messages to the address are encrypted to; none for a fingerprint.
    [[nodiscard]] std::optional<crypto::CertificateChoice>
    choice(Context &context, const std::vector<crypto::CertificateInfo> &found) const {
        const auto address = mail::Address::parse(m_which);
        const auto store = openStore(context);
        if (!address || !store) {
            return std::nullopt;
        }
        return crypto::explainChoice(found, (*store)->pinnedFor(address->spec()));
    }

    //! At least one.
    [[nodiscard]] Result<std::vector<crypto::CertificateInfo>> find(Context &context) const {
        const auto byAddress = m_which.find('@') != std::string::npos;
        const auto address =
            byAddress ? mail::Address::parse(m_which) : Result<mail::Address>(mail::Address());
        if (!address) {
            return tl::unexpected(address.error());
        }
        const auto store = openStore(context);
        if (!store) {
            return tl::unexpected(store.error());
        }
        const auto deadline = Deadline::after(kTime);
        if (!byAddress) {
            return (*store)
                ->show(base::asciiLower(m_which), deadline, context.stop)
                .map([](const auto &one) { return std::vector{one}; });
        }
        auto found = (*store)->findForAddress(address->spec(), crypto::CertificatePurpose::Encrypt,
                                              deadline, context.stop);
        if (found && found->empty()) {
            return fail("certificate.not-found", "certs.show", Reaction::FixInput, {}, m_which);
        }
        return found;
    }

    static void print(Output &output, const crypto::CertificateInfo &certificate) {
        const auto text = [](const std::string &value) { return QString::fromStdString(value); };
        auto key = QStringLiteral("%1 %2").arg(text(certificate.keyType)).arg(certificate.keyBits);
        if (!certificate.curve.empty()) {
            key += QStringLiteral(" (%1)").arg(text(certificate.curve));
        }
        output.table({{QStringLiteral("State"), wording::text(certificate)},
                      {QStringLiteral("Addresses"), addressesOf(certificate)},
                      {QStringLiteral("Subject"), text(certificate.subject)},
                      {QStringLiteral("Issuer"), text(certificate.issuer)},
                      {QStringLiteral("Valid from"), wording::timeText(certificate.notBefore)},
                      {QStringLiteral("Valid until"), wording::timeText(certificate.notAfter)},
                      {QStringLiteral("Key"), key},
                      {QStringLiteral("Signature"), text(certificate.signature)},
                      {QStringLiteral("SHA-256"), text(certificate.fingerprint)},
                      {QStringLiteral("SHA-1"), text(certificate.sha1)}});
    }

    std::string m_which;
};

} // namespace

Result<std::shared_ptr<crypto::CertificateStore>> openStore(Context &context) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    return (*runtime)->certificates();
}

std::unique_ptr<Command> makeCertsCommand() {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(std::make_unique<ImportCommand>());
    verbs.push_back(std::make_unique<CardCommand>());
    verbs.push_back(std::make_unique<ListCommand>());
    verbs.push_back(std::make_unique<ShowCommand>());
    verbs.push_back(makeCertsFindCommand());
    verbs.push_back(makeCertsRefreshCommand());
    verbs.push_back(makeCertsAskCommand());
    verbs.push_back(makeCertsPinCommand());
    verbs.push_back(makeCertsUnpinCommand());
    verbs.push_back(makeCertsRequestCommand());
    verbs.push_back(makeCertsExportCommand());
    verbs.push_back(makeCertsRemoveCommand());
    verbs.push_back(makeCertsDoctorCommand());
    return std::make_unique<CommandGroup>("certs", "Certificates and keys", std::move(verbs));
}

} // namespace sealpost::cli
