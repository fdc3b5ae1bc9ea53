// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Cli.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace sealpost::test {

struct Ran {
    int code = -1;
    QByteArray out;
    QByteArray err;

    [[nodiscard]] QList<QByteArray> lines() const;
    //! The object of the first line, or of the one asked for.
    [[nodiscard]] QJsonObject json(int line = 0) const;
    [[nodiscard]] QByteArray all() const; //!< for a failed check's message
};

//! sealpost-cli in this process, in practice mode, with a profile of its own.
class CliHarness {
public:
    CliHarness();

    [[nodiscard]] Ran run(const QStringList &args, const QByteArray &input = {}) const;
    //! The same with --json.
    [[nodiscard]] Ran json(const QStringList &args, const QByteArray &input = {}) const;
    [[nodiscard]] QString profile() const { return m_profile.path(); }
    //! A file of the test's own, beside the profile.
    [[nodiscard]] QString file(const QString &name, const QByteArray &content) const;
    [[nodiscard]] QString path(const QString &name) const { return m_files.filePath(name); }
    //! Names of what has arrived at the practice server.
    [[nodiscard]] QStringList inbox() const;
    [[nodiscard]] QByteArray arrived(const QString &name) const;
    //! Files of the profile that have the text in them.
    [[nodiscard]] QStringList profileFilesWith(const QByteArray &text) const;

    runtime::RuntimeOptions options; //!< to change before a run

private:
    QTemporaryDir m_profile;
    QTemporaryDir m_files;
};

//! Empty where there are lines and each is an object that fulfils the schema of that name,
//! else what is wrong.
[[nodiscard]] QByteArray schemaProblem(const QByteArray &lines, const char *schema);

} // namespace sealpost::test

//! Fails the test with all that was printed.
#define VERIFY_CODE(ran, expected)                                                                 \
    do {                                                                                           \
        const sealpost::test::Ran &checked = ran;                                                  \
        QVERIFY2(checked.code == (expected), checked.all().constData());                           \
    } while (false)
#define VERIFY_SCHEMA(lines, schema)                                                               \
    do {                                                                                           \
        const auto problem = sealpost::test::schemaProblem(lines, schema);                         \
        QVERIFY2(problem.isEmpty(), problem.constData());                                          \
    } while (false)
