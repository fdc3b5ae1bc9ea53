// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/OwnRules.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace sealpost::scan {

namespace {

constexpr qint64 kLargestFile = qint64{8} * 1024 * 1024;
constexpr qint64 kLargestCache = qint64{256} * 1024 * 1024;

QString cacheFile(const std::string &folder) {
    return QString::fromStdString(folder) + QStringLiteral("/scan-anchors.hsdb");
}

tl::unexpected<Error> refuse(const std::string &file, const std::string &why) {
    return fail("scan.rules", "scan.rules", Reaction::AskAdmin, file + ": " + why, file);
}

Result<QByteArray> contentOf(const std::string &path) {
    const QFileInfo info(QString::fromStdString(path));
    if (!info.isAbsolute()) {
        return refuse(path, "not an absolute path");
    }
    if (!info.isFile()) { // a FIFO would block
        return refuse(path, "no file");
    }
    if (info.size() > kLargestFile) {
        return refuse(path, "larger than 8 MiB");
    }
    QFile file(info.filePath());
    if (!file.open(QIODevice::ReadOnly)) {
        return refuse(path, "can't be opened");
    }
    return file.read(kLargestFile);
}

} // namespace

Result<OwnRules> readOwnRules(const std::vector<std::string> &files) {
    OwnRules all;
    for (const auto &file : files) {
        const auto bytes = contentOf(file);
        if (!bytes) {
            return tl::unexpected(bytes.error());
        }
        const std::string_view content(bytes->constData(), static_cast<std::size_t>(bytes->size()));
        if (AccountChecks::isTable(content)) {
            if (auto added = all.accounts.add(content, file); !added) {
                return tl::unexpected(added.error());
            }
            continue;
        }
        auto rules = parseOwnRules(content, file);
        if (!rules) {
            return tl::unexpected(rules.error());
        }
        std::move(rules->begin(), rules->end(), std::back_inserter(all.rules));
    }
    return all;
}

std::string keptAnchors(const std::string &folder) {
    QFile file(cacheFile(folder));
    if (folder.empty() || !file.open(QIODevice::ReadOnly) || file.size() > kLargestCache) {
        return {};
    }
    return file.readAll().toStdString();
}

void keepAnchors(const std::string &folder, const std::string &serialised) {
    if (folder.empty()) {
        return;
    }
    QSaveFile file(cacheFile(folder));
    if (file.open(QIODevice::WriteOnly)) {
        file.write(serialised.data(), static_cast<qint64>(serialised.size()));
        file.commit();
    }
}

} // namespace sealpost::scan
