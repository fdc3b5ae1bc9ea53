// SPDX-License-Identifier: GPL-3.0-or-later
// Compiles with MinGW; never run.
#include "runtime/SystemEventLog.h"

#include <QString>
#include <system_error>

#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

namespace sealpost::runtime {

namespace {

constexpr wchar_t kSource[] = L"Sealpost";
// ReportEventW takes strings of at most 31,839 characters (learn.microsoft.com, ReportEventW).
constexpr qsizetype kLongest = 31'839;

Error unwritable() {
    return Error{"eventlog.unwritable",
                 "eventlog",
                 Reaction::AskAdmin,
                 std::system_category().message(static_cast<int>(GetLastError())),
                 {}};
}

class WindowsEventLog final : public SystemEventLog {
public:
    explicit WindowsEventLog(HANDLE source) : m_source(source) {}
    ~WindowsEventLog() override { DeregisterEventSource(m_source); }

    [[nodiscard]] Result<void> report(const std::string &text) override {
        // One event ID for all: what an event is stands in its text, as in the journal.
        constexpr DWORD kEventId = 1;
        const auto wide = QString::fromStdString(text).left(kLongest).toStdWString();
        const wchar_t *string = wide.c_str();
        const auto done = ReportEventW(m_source, EVENTLOG_INFORMATION_TYPE, 0, kEventId, nullptr, 1,
                                       0, &string, nullptr);
        return done != 0 ? Result<void>() : fail(unwritable());
    }

private:
    HANDLE m_source;
};

} // namespace

Result<std::unique_ptr<SystemEventLog>> systemEventLog() {
    const auto source = RegisterEventSourceW(nullptr, kSource);
    if (source == nullptr) {
        return fail(unwritable());
    }
    return std::make_unique<WindowsEventLog>(source);
}

} // namespace sealpost::runtime
