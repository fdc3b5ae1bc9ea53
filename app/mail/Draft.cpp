// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Draft.h"

#include "base/SizeText.h"
#include "base/Text.h"
#include "mail/PlainFile.h"
#include "mail/Utf8.h"

#include <QByteArray>
#include <QMimeDatabase>
#include <algorithm>
#include <fstream>

namespace sealpost::mail {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kValidate = "draft.validate";
constexpr std::string_view kRead = "attachment.read";
constexpr std::size_t kMaxName = 255;

//! A path need not be UTF-8 (on POSIX it is any bytes); what is shown of it is.
std::string utf8Name(const fs::path &path) {
    const auto bytes = path.u8string();
    return QString::fromUtf8(reinterpret_cast<const char *>(bytes.data()),
                             static_cast<qsizetype>(bytes.size()))
        .toStdString();
}

std::string nameOf(const Attachment &attachment) {
    return attachment.name.empty() ? utf8Name(attachment.path.filename()) : attachment.name;
}

Result<void> refuse(std::string_view code, std::string_view subject, std::string_view detail = {}) {
    return fail(code, kValidate, Reaction::FixInput, detail, printable(subject));
}

Result<void> checkAddresses(const Draft &draft) {
    if (draft.from.empty()) {
        return refuse("draft.no-sender", "from");
    }
    if (draft.to.empty() && draft.cc.empty() && draft.bcc.empty()) {
        return refuse("draft.no-recipient", "to");
    }
    const auto isAscii = [](const std::string &text) {
        return std::all_of(text.begin(), text.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    };
    for (const auto *list : {&draft.to, &draft.cc, &draft.bcc}) {
        for (const auto &address : *list) {
            if (address.empty()) {
                return refuse("draft.empty-recipient", "to");
            }
            //= RFC 6531 §3.1 (such a local part needs SMTPUTF8, which we don't offer)
            if (!isAscii(address.localPart())) {
                return refuse("draft.non-ascii-local-part", address.forDisplay());
            }
        }
    }
    return isAscii(draft.from.localPart())
               ? Result<void>{}
               : refuse("draft.non-ascii-local-part", draft.from.forDisplay());
}

Result<void> checkName(const Attachment &attachment) {
    const auto name = nameOf(attachment);
    if (base::hasControlCharacters(name)) {
        return refuse("draft.header-injection", name, "attachment name");
    }
    const bool usable = !name.empty() && name != "." && name != ".." && name.size() <= kMaxName &&
                        isUtf8(name) && name.find_first_of("/\\") == std::string::npos &&
                        !hasFormatCharacters(name);
    return usable ? Result<void>{} : refuse("draft.attachment-name", name);
}

tl::unexpected<Error> refuseFile(std::string_view code, const fs::path &path,
                                 std::string_view detail = {}) {
    return fail(code, kRead, Reaction::FixInput, detail, printable(utf8Name(path)));
}

tl::unexpected<Error> refuseTooLarge(const fs::path &path, ByteCount size, ByteCount limit) {
    return refuseFile("attachment.too-large", path,
                      base::sizeText(size) + ", at most " + base::sizeText(limit));
}

//! The size of a plain file; devices, FIFOs, sockets and folders are refused without opening them,
//! since opening alone can block for ever or have effects.
Result<ByteCount> sizeOf(const fs::path &path) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
        return refuseFile("attachment.missing", path);
    }
    if (error || status.type() == fs::file_type::none) {
        return refuseFile("attachment.unreadable", path, error.category().name());
    }
    if (status.type() != fs::file_type::regular) {
        return refuseFile("attachment.not-a-file", path);
    }
    const auto size = fs::file_size(path, error);
    if (error) {
        return refuseFile("attachment.unreadable", path);
    }
    return size;
}

struct OpenFile {
    std::ifstream stream;
    ByteCount size = 0;
    [[nodiscard]] bool atEnd() { return stream.peek() == std::ifstream::traits_type::eof(); }
};

Result<OpenFile> openFile(const fs::path &path, ByteCount limit) {
    const auto size = sizeOf(path);
    if (!size) {
        return tl::unexpected(size.error());
    }
    if (*size > limit) {
        return refuseTooLarge(path, *size, limit);
    }
    OpenFile file{std::ifstream(path, std::ios::binary), *size};
    if (!file.stream) {
        return refuseFile("attachment.unreadable", path);
    }
    return file;
}

//! Fills the buffer; a file that has become shorter has changed.
Result<void> readInto(OpenFile &file, const fs::path &path, std::string &buffer) {
    file.stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    if (file.stream.bad()) {
        return refuseFile("attachment.unreadable", path);
    }
    if (static_cast<ByteCount>(file.stream.gcount()) != buffer.size()) {
        return refuseFile("attachment.changed", path);
    }
    return {};
}

std::string mediaTypeOf(const std::string &name, const std::string &content) {
    constexpr std::size_t kEnough = 64 * base::kKiB;
    const auto head = QByteArray::fromRawData(
        content.data(), static_cast<qsizetype>(std::min(content.size(), kEnough)));
    const QMimeDatabase database;
    return database.mimeTypeForFileNameAndData(QString::fromStdString(name), head)
        .name()
        .toStdString();
}

} // namespace

Result<void> validate(const Draft &draft) {
    if (auto addresses = checkAddresses(draft); !addresses) {
        return addresses;
    }
    //= RFC 5322 §2.2 (a field body has no CR and no LF of its own)
    if (base::hasControlCharacters(draft.subject)) {
        return refuse("draft.header-injection", "subject");
    }
    if (!isUtf8(draft.subject)) {
        return refuse("draft.not-utf8", "subject");
    }
    if (draft.body.find('\0') != std::string::npos) {
        return refuse("draft.body-nul", "body");
    }
    if (!isUtf8(draft.body)) {
        return refuse("draft.not-utf8", "body");
    }
    for (const auto &attachment : draft.attachments) {
        if (auto name = checkName(attachment); !name) {
            return name;
        }
    }
    return {};
}

std::vector<Address> uniqueRecipients(const Draft &draft) {
    std::vector<Address> unique;
    for (const auto *list : {&draft.to, &draft.cc, &draft.bcc}) {
        for (const auto &address : *list) {
            if (std::find(unique.begin(), unique.end(), address) == unique.end()) {
                unique.push_back(address);
            }
        }
    }
    return unique;
}

Result<std::string> readPlainFile(const fs::path &path, ByteCount limit) {
    auto file = openFile(path, limit);
    if (!file) {
        return fail(file.error());
    }
    std::string content(file->size, '\0');
    if (auto read = readInto(*file, path, content); !read) {
        return fail(read.error());
    }
    if (!file->atEnd()) {
        return refuseFile("attachment.changed", path);
    }
    return content;
}

Result<LoadedAttachment> readAttachment(const Attachment &attachment, ByteCount limit) {
    LoadedAttachment loaded;
    if (attachment.content) {
        if (attachment.content->size() > limit) {
            return refuseTooLarge(attachment.name, attachment.content->size(), limit);
        }
        return LoadedAttachment{attachment.name, mediaTypeOf(attachment.name, *attachment.content),
                                *attachment.content};
    }
    auto content = readPlainFile(attachment.path, limit);
    if (!content) {
        return fail(content.error());
    }
    loaded.content = std::move(*content);
    loaded.name = nameOf(attachment);
    loaded.mediaType = mediaTypeOf(loaded.name, loaded.content);
    return loaded;
}

Result<PassedAttachment> passAttachment(const Attachment &attachment, ByteCount limit,
                                        base::ByteSink &out) {
    constexpr ByteCount kStep = 256 * base::kKiB;
    if (attachment.content) {
        auto loaded = readAttachment(attachment, limit);
        if (!loaded) {
            return fail(loaded.error());
        }
        if (auto written = out.write(loaded->content); !written) {
            return fail(written.error());
        }
        return PassedAttachment{loaded->name, loaded->mediaType, loaded->content.size()};
    }
    auto file = openFile(attachment.path, limit);
    if (!file) {
        return fail(file.error());
    }
    PassedAttachment passed{nameOf(attachment), {}, file->size};
    std::string buffer;
    for (ByteCount at = 0; at < file->size || at == 0; at += kStep) {
        buffer.resize(std::min(kStep, file->size - at));
        if (auto read = readInto(*file, attachment.path, buffer); !read) {
            return fail(read.error());
        }
        if (at == 0) {
            passed.mediaType = mediaTypeOf(passed.name, buffer);
        }
        if (auto written = out.write(buffer); !written) {
            return fail(written.error());
        }
    }
    if (!file->atEnd()) {
        return refuseFile("attachment.changed", attachment.path);
    }
    return passed;
}

} // namespace sealpost::mail
