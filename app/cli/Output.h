// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "cli/ExitCode.h"
#include "wording/Wording.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <ostream>
#include <string_view>
#include <vector>

namespace sealpost::cli {

enum class Verbosity { Quiet, Normal, Verbose };

//! Where a command's words go: results to `out`, everything else to `err`. With JSON, results are
//! objects of one line each and plain lines are dropped. Any thread.
class Output {
public:
    struct Style {
        bool json = false;
        bool practice = false;
        Verbosity verbosity = Verbosity::Normal;
    };
    Output(std::ostream &out, std::ostream &err, Style style);

    //! Where `err` is a terminal progress() shows; call before threads do.
    void showProgress() { m_showsProgress = true; }

    [[nodiscard]] bool json() const { return m_style.json; }
    [[nodiscard]] bool verbose() const { return m_style.verbosity == Verbosity::Verbose; }

    //! A result for people; not with JSON, nor when quiet.
    void line(const QString &text = {});
    //! A file's bytes as they are, on `out`; whatever the style.
    void bytes(std::string_view content);
    //! Rows with aligned columns.
    void table(const std::vector<QStringList> &rows);
    //! A result for programs, whatever the style; "practice": true is added in practice mode.
    void object(QJsonObject object);
    //! A table under a title: a result for people or, with JSON, a word beside the results, on
    //! `err`. Not when quiet.
    void summary(const QString &title, const std::vector<QStringList> &rows);
    //! How far the work is, on one line of the terminal that is written over; a few times a second
    //! at most.
    void progress(const QString &text);
    //! Takes that line away.
    void endProgress();
    //! What a person must see even when quiet, on `err`.
    void notice(const QString &text);
    //! What happened, what to do, and the code, on `err`.
    void explain(const Error &error);
    void explain(const Error &error, const wording::ErrorText &words);
    //! The same, with JSON also an error object. The error's exit code.
    ExitCode fail(const Error &error);
    //! The same for one line of a list.
    ExitCode fail(const Error &error, std::int64_t line);
    //! The same for a mistake that only the command line knows of.
    ExitCode usage(const QString &what);
    //! The same for a named input that can't be used.
    ExitCode badInput(const QString &code, const QString &what, const QString &next);

private:
    void write(std::ostream &stream, const QString &text);
    void clearProgress(); //!< under the lock

    std::ostream &m_out;
    std::ostream &m_err;
    Style m_style;
    bool m_showsProgress = false;
    bool m_progressShown = false;
    std::chrono::steady_clock::time_point m_lastProgress{};
    std::mutex m_mutex;
};

} // namespace sealpost::cli
