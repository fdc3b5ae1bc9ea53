// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <sstream>

namespace sealpost::test {

namespace {

QByteArray contentOf(const QString &name) {
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

QList<QByteArray> Ran::lines() const {
    auto lines = out.split('\n');
    lines.removeAll(QByteArray());
    return lines;
}

QJsonObject Ran::json(int line) const {
    const auto all = lines();
    return line < all.size() ? QJsonDocument::fromJson(all.at(line)).object() : QJsonObject();
}

QByteArray Ran::all() const {
    return "exit code " + QByteArray::number(code) + "\n--- out\n" + out + "--- err\n" + err;
}

CliHarness::CliHarness() {
    options.mode = runtime::Mode::Practice;
    options.profile = m_profile.path().toStdString();
    options.machinePolicyFolder = m_files.filePath(QStringLiteral("no-policies")).toStdString();
}

Ran CliHarness::run(const QStringList &args, const QByteArray &input) const {
    std::istringstream in(input.toStdString());
    std::ostringstream out;
    std::ostringstream err;
    Ran ran;
    ran.code = cli::run(args, in, out, err, options);
    ran.out = QByteArray::fromStdString(out.str());
    ran.err = QByteArray::fromStdString(err.str());
    return ran;
}

Ran CliHarness::json(const QStringList &args, const QByteArray &input) const {
    return run(QStringList(QStringLiteral("--json")) + args, input);
}

QString CliHarness::file(const QString &name, const QByteArray &content) const {
    auto full = path(name);
    QDir().mkpath(QFileInfo(full).path());
    QFile file(full);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        return {};
    }
    return full;
}

QStringList CliHarness::inbox() const {
    return QDir(m_profile.filePath(QStringLiteral("practice/inbox")))
        .entryList(QDir::Files, QDir::Name);
}

QByteArray CliHarness::arrived(const QString &name) const {
    return contentOf(m_profile.filePath(QStringLiteral("practice/inbox/") + name));
}

QStringList CliHarness::profileFilesWith(const QByteArray &text) const {
    QStringList found;
    QDirIterator files(m_profile.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const auto name = files.next();
        if (contentOf(name).contains(text)) {
            found.append(name);
        }
    }
    return found;
}

QByteArray schemaProblem(const QByteArray &lines, const char *schema) {
    const QString source = QStringLiteral(SEALPOST_SOURCE_DIR);
    QProcess python;
    python.setProcessChannelMode(QProcess::MergedChannels);
    python.start(QStringLiteral(SEALPOST_PYTHON),
                 {source + QStringLiteral("/tests/cli/validate_json.py"),
                  source + QStringLiteral("/resources/schema/") + QLatin1String(schema) +
                      QStringLiteral(".schema.json")});
    python.write(lines);
    python.closeWriteChannel();
    if (!python.waitForFinished() || python.exitCode() != 0) {
        return QByteArray(schema) + ": " + python.readAll() + lines;
    }
    return {};
}

} // namespace sealpost::test
