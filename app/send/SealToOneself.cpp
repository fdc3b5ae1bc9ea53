// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/SealToOneself.h"

#include "base/Text.h"
#include "mail/MimeBuilder.h"

#include <array>
#include <vector>

namespace sealpost::send {

namespace {

constexpr std::size_t kLongestHeader = std::size_t{1024} * 1024;
constexpr std::string_view kEnd = "\r\n\r\n";

//! A message in two: its header's fields, each with its line ends and folds, and what of its body
//! has been read already.
struct Opened {
    std::vector<std::string> fields;
    std::string bodyStart;
};

std::vector<std::string> fieldsOf(std::string_view header) {
    std::vector<std::string> fields;
    while (!header.empty()) {
        const auto end = header.find("\r\n");
        const auto line = header.substr(0, end == std::string_view::npos ? end : end + 2);
        if (!fields.empty() && (line.front() == ' ' || line.front() == '\t')) {
            fields.back() += line;
        } else {
            fields.emplace_back(line);
        }
        header.remove_prefix(line.size());
    }
    return fields;
}

Result<Opened> readHeader(base::ByteSource &message) {
    std::string read;
    std::array<char, 16384> buffer{};
    auto end = std::string::npos;
    while (end == std::string::npos && read.size() < kLongestHeader) {
        const auto count = message.read(buffer);
        if (!count) {
            return fail(count.error());
        }
        if (*count == 0) {
            break;
        }
        read.append(buffer.data(), *count);
        end = read.find(kEnd);
    }
    if (end == std::string::npos) {
        return fail("message.no-header", "sent-copy", Reaction::Bug);
    }
    return Opened{fieldsOf(std::string_view(read).substr(0, end + 2)),
                  read.substr(end + kEnd.size())};
}

bool isNamed(const std::string &field, std::string_view name) {
    return base::equalsIgnoringCase(field.substr(0, field.find(':')), name);
}

bool isOfTheBody(const std::string &field) {
    return base::asciiLower(field.substr(0, 8)) == "content-";
}

//! With the subject that everybody may read.
std::vector<std::string> outerOf(const std::vector<std::string> &fields) {
    std::vector<std::string> outer;
    for (const auto &field : fields) {
        if (isNamed(field, "Subject")) {
            outer.push_back("Subject: " + std::string(mail::kObscuredSubject) + "\r\n");
        } else if (!isOfTheBody(field) && !isNamed(field, "MIME-Version")) {
            outer.push_back(field);
        }
    }
    return outer;
}

//! The header of the entity inside. What is signed has its own protected fields within the
//! signature, and nothing is added around that.
std::string innerHeader(const std::vector<std::string> &fields,
                        const std::vector<std::string> &outer) {
    std::string body;
    bool isSigned = false;
    for (const auto &field : fields) {
        if (!isOfTheBody(field)) {
            continue;
        }
        if (isNamed(field, "Content-Type")) {
            const auto type = base::asciiLower(field);
            isSigned = type.find("multipart/signed") != std::string::npos ||
                       type.find("application/pkcs7-mime") != std::string::npos;
            body +=
                isSigned ? field : field.substr(0, field.size() - 2) + ";\r\n\thp=\"cipher\"\r\n";
        } else {
            body += field;
        }
    }
    if (isSigned) {
        return body + "\r\n";
    }
    std::string header;
    for (const auto &field : outer) {
        header += "HP-Outer: " + field; //= RFC 9788 §2.2
    }
    for (const auto &field : fields) {
        header += isOfTheBody(field) || isNamed(field, "MIME-Version") ? std::string() : field;
    }
    return header + body + "\r\n";
}

Result<void> copyRest(base::ByteSource &message, base::ByteSink &out) {
    std::array<char, 16384> buffer{};
    for (;;) {
        const auto count = message.read(buffer);
        if (!count || *count == 0) {
            return count ? Result<void>() : fail(count.error());
        }
        if (auto written = out.write({buffer.data(), *count}); !written) {
            return written;
        }
    }
}

//! The message as the entity inside: its header anew, then its body as it is.
Result<void> writeInside(const MessageSource &message, const std::vector<std::string> &outer,
                         base::ByteSink &inside) {
    const auto source = message();
    const auto opened = source ? readHeader(**source) : fail(source.error());
    if (!opened) {
        return fail(opened.error());
    }
    auto written = inside.write(innerHeader(opened->fields, outer) + opened->bodyStart);
    return written ? copyRest(**source, inside) : written;
}

//! What shows outside of the encryption.
Result<std::vector<std::string>> outerFields(const MessageSource &message) {
    const auto source = message();
    const auto opened = source ? readHeader(**source) : fail(source.error());
    return opened ? Result<std::vector<std::string>>(outerOf(opened->fields))
                  : fail(opened.error());
}

} // namespace

Result<void> sealToOneself(const MessageSource &message, const std::string &fingerprint,
                           const policy::SmimePolicy &rules, crypto::MessageSealer &sealer,
                           base::ByteSink &out) {
    const auto outer = outerFields(message);
    if (!outer) {
        return fail(outer.error());
    }
    crypto::EncryptionOrder order;
    order.fingerprints = {fingerprint};
    order.rsaTransport = rules.rsaTransport;
    const auto cipher =
        rules.cipher ? Result<ContentCipher>(*rules.cipher) : sealer.cipherFor(order.fingerprints);
    if (!cipher) {
        return fail(cipher.error());
    }
    order.cipher = *cipher;
    const auto kind = order.cipher == ContentCipher::Aes256Gcm ? mail::Pkcs7Kind::AuthEnvelopedData
                                                               : mail::Pkcs7Kind::EnvelopedData;
    auto done =
        out.write(base::join(*outer, "") + "MIME-Version: 1.0\r\n" + mail::pkcs7MimeHeader(kind));
    if (!done) {
        return done;
    }
    const crypto::ContentWriter content = [&](base::ByteSink &inside) {
        return writeInside(message, *outer, inside);
    };
    mail::Base64Sink base64(out);
    done = sealer.encrypt(content, order, base64);
    return done ? base64.finish() : done;
}

} // namespace sealpost::send
