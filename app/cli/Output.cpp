// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Output.h"

#include "cli/Text.h"
#include "wording/Wording.h"

#include <QJsonDocument>
#include <algorithm>

namespace sealpost::cli {

namespace {

QString reactionWord(Reaction reaction) {
    switch (reaction) {
    case Reaction::Retry:
        return QStringLiteral("retry");
    case Reaction::FixInput:
        return QStringLiteral("fix-input");
    case Reaction::AskAdmin:
        return QStringLiteral("ask-admin");
    case Reaction::Bug:
        return QStringLiteral("bug");
    }
    return QStringLiteral("bug");
}

QJsonObject errorObject(const QString &code, Reaction reaction, const QString &what,
                        const QString &next) {
    return {
        {QStringLiteral("error"), QJsonObject{{QStringLiteral("code"), code},
                                              {QStringLiteral("reaction"), reactionWord(reaction)},
                                              {QStringLiteral("what"), what},
                                              {QStringLiteral("next"), next}}}};
}

//! Rows with aligned columns, as lines.
QStringList aligned(const std::vector<QStringList> &rows) {
    QStringList lines;
    std::vector<qsizetype> widths;
    for (const auto &row : rows) {
        widths.resize(std::max(widths.size(), static_cast<std::size_t>(row.size())));
        for (qsizetype column = 0; column < row.size(); ++column) {
            auto &width = widths[static_cast<std::size_t>(column)];
            width = std::max(width, row.at(column).size());
        }
    }
    for (const auto &row : rows) {
        QString text;
        for (qsizetype column = 0; column < row.size(); ++column) {
            const auto last = column + 1 == row.size();
            text +=
                last ? row.at(column)
                     : row.at(column).leftJustified(widths[static_cast<std::size_t>(column)] + 2);
        }
        while (text.endsWith(QLatin1Char(' '))) {
            text.chop(1);
        }
        lines.append(text);
    }
    return lines;
}

} // namespace

Output::Output(std::ostream &out, std::ostream &err, Style style)
    : m_out(out), m_err(err), m_style(style) {}

void Output::write(std::ostream &stream, const QString &text) {
    const auto bytes = printable(text).toUtf8();
    const std::scoped_lock guard(m_mutex);
    clearProgress();
    stream.write(bytes.constData(), bytes.size());
    stream.put('\n');
    stream.flush();
}

void Output::line(const QString &text) {
    if (!m_style.json && m_style.verbosity != Verbosity::Quiet) {
        write(m_out, text);
    }
}

void Output::bytes(std::string_view content) {
    const std::scoped_lock guard(m_mutex);
    clearProgress();
    m_out << content << std::flush;
}

void Output::clearProgress() {
    if (m_progressShown) {
        m_err << "\r\033[K" << std::flush;
        m_progressShown = false;
    }
}

void Output::progress(const QString &text) {
    constexpr std::chrono::milliseconds kPause{200};
    const std::scoped_lock guard(m_mutex);
    const auto now = std::chrono::steady_clock::now();
    if (!m_showsProgress || m_style.verbosity == Verbosity::Quiet ||
        now - m_lastProgress < kPause) {
        return;
    }
    m_lastProgress = now;
    m_progressShown = true;
    m_err << "\r\033[K" << printable(text).toStdString() << std::flush;
}

void Output::endProgress() {
    const std::scoped_lock guard(m_mutex);
    clearProgress();
}

void Output::summary(const QString &title, const std::vector<QStringList> &rows) {
    if (m_style.verbosity == Verbosity::Quiet) {
        return;
    }
    auto &stream = m_style.json ? m_err : m_out;
    write(stream, title);
    for (const auto &text : aligned(rows)) {
        write(stream, text);
    }
}

void Output::table(const std::vector<QStringList> &rows) {
    for (const auto &text : aligned(rows)) {
        line(text);
    }
}

void Output::object(QJsonObject object) {
    if (m_style.practice) {
        object.insert(QStringLiteral("practice"), true);
    }
    // JSON escapes control characters itself, so printable() changes nothing that matters here.
    write(m_out, QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
}

void Output::notice(const QString &text) {
    write(m_err, text);
}

void Output::explain(const Error &error) {
    explain(error, wording::text(error));
}

void Output::explain(const Error &error, const wording::ErrorText &words) {
    notice(words.what);
    notice(words.next);
    auto code = QStringLiteral("Code: ") + words.code;
    if (m_style.verbosity == Verbosity::Verbose) {
        code +=
            QStringLiteral(" (%1) %2").arg(toQString(error.stage), toQString(error.logSafeDetail));
    }
    notice(code);
}

ExitCode Output::fail(const Error &error) {
    if (m_style.json) {
        const auto words = wording::text(error);
        object(errorObject(words.code, error.reaction, words.what, words.next));
    }
    explain(error);
    return exitCodeFor(error);
}

ExitCode Output::fail(const Error &error, std::int64_t line) {
    if (m_style.json) {
        const auto words = wording::text(error);
        auto told = errorObject(words.code, error.reaction, words.what, words.next);
        auto inner = told.value(QStringLiteral("error")).toObject();
        inner.insert(QStringLiteral("line"), static_cast<qint64>(line));
        told.insert(QStringLiteral("error"), inner);
        object(told);
    }
    explain(error);
    return exitCodeFor(error);
}

ExitCode Output::usage(const QString &what) {
    const auto next = QStringLiteral("See sealpost-cli --help.");
    if (m_style.json) {
        object(errorObject(QStringLiteral("cli.usage"), Reaction::FixInput, what, next));
    }
    notice(what);
    notice(next);
    return ExitCode::Usage;
}

ExitCode Output::badInput(const QString &code, const QString &what, const QString &next) {
    if (m_style.json) {
        object(errorObject(code, Reaction::FixInput, what, next));
    }
    notice(what);
    notice(next);
    notice(QStringLiteral("Code: ") + code);
    return ExitCode::Permanent;
}

} // namespace sealpost::cli
