// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/PracticeInbox.h"

#include "practice/PracticePaths.h"

#include <QDir>
#include <QFile>
#include <QTemporaryFile>
#include <algorithm>
#include <system_error>
#include <utility>

namespace sealpost::practice {

namespace {

constexpr int kMostMessages = 99'999;

tl::unexpected<Error> folderError(const QString &detail, const QString &folder) {
    return fail("practice.folder", "practice.inbox", Reaction::AskAdmin, detail.toStdString(),
                folder.toStdString());
}

int highestNumber(const QDir &folder) {
    int highest = 0;
    for (const auto &name : folder.entryList({QStringLiteral("*.eml")}, QDir::Files)) {
        highest = std::max(highest, name.chopped(4).toInt());
    }
    return highest;
}

} // namespace

struct PracticeInbox::Writer::Private {
    QDir folder;
    QTemporaryFile file;
};

PracticeInbox::PracticeInbox(std::filesystem::path folder) : m_folder(std::move(folder)) {}

Result<std::shared_ptr<PracticeInbox>> PracticeInbox::open(const std::filesystem::path &folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return folderError(QString::fromStdString(error.message()), toQString(folder));
    }
    return std::shared_ptr<PracticeInbox>(new PracticeInbox(folder));
}

Result<std::unique_ptr<PracticeInbox::Writer>>
PracticeInbox::begin(const Envelope &envelope) const {
    auto data = std::make_unique<Writer::Private>();
    data->folder = QDir(toQString(m_folder));
    data->file.setFileTemplate(data->folder.filePath(QStringLiteral(".incoming-XXXXXX")));
    if (!data->file.open()) {
        return folderError(data->file.errorString(), data->folder.path());
    }
    std::unique_ptr<Writer> writer(new Writer(std::move(data)));
    auto fields = "X-Practice-Envelope-From: <" + envelope.from + ">\r\n";
    for (const auto &recipient : envelope.to) {
        fields += "X-Practice-Envelope-To: <" + recipient + ">\r\n";
    }
    if (auto written = writer->write(fields); !written) {
        return tl::unexpected(written.error());
    }
    return writer;
}

PracticeInbox::Writer::Writer(std::unique_ptr<Private> data) : d(std::move(data)) {}
PracticeInbox::Writer::~Writer() = default; // QTemporaryFile removes what was not committed

Result<void> PracticeInbox::Writer::write(std::string_view bytes) {
    const auto size = static_cast<qint64>(bytes.size());
    if (d->file.write(bytes.data(), size) != size) {
        return folderError(d->file.errorString(), d->folder.path());
    }
    return {};
}

Result<std::string> PracticeInbox::Writer::commit() {
    if (!d->file.flush()) {
        return folderError(d->file.errorString(), d->folder.path());
    }
    const std::filesystem::path temporary(d->file.fileName().toStdU16String());
    d->file.close();
    // Other sessions and processes file into the same folder. A hard link fails where the name is
    // taken, at once and for certain; QFile::rename() falls back to a copy that would replace it.
    for (int number = highestNumber(d->folder) + 1; number <= kMostMessages; ++number) {
        const auto name = QStringLiteral("%1").arg(number, 4, 10, QLatin1Char('0'));
        const auto target = d->folder.filePath(name + QStringLiteral(".eml"));
        std::error_code error;
        std::filesystem::create_hard_link(temporary, target.toStdU16String(), error);
        if (!error) {
            d->file.remove();
            return name.toStdString();
        }
        if (error != std::errc::file_exists) {
            return folderError(QString::fromStdString(error.message()), d->folder.path());
        }
    }
    return folderError(QStringLiteral("can't name the message's file"), d->folder.path());
}

} // namespace sealpost::practice
