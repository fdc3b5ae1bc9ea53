// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QEvent>
#include <QObject>
#include <QTextStream>
#include <chrono>
#include <functional>
#include <utility>

namespace sealpost::bench {

//! Prints a name and the time of a widget's first paint, in seconds since the epoch, once it has
//! gone through; then calls `after`.
class FirstPaint final : public QObject {
public:
    FirstPaint(const char *name, std::function<void()> after)
        : m_name(name), m_after(std::move(after)) {}
    bool eventFilter(QObject *object, QEvent *event) override {
        if (event->type() == QEvent::Paint && !m_done) {
            m_done = true;
            QMetaObject::invokeMethod(this, &FirstPaint::print, Qt::QueuedConnection);
        }
        return QObject::eventFilter(object, event);
    }

private:
    void print() {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        QTextStream(stdout) << m_name << ' '
                            << QString::number(std::chrono::duration<double>(now).count(), 'f', 6)
                            << Qt::endl;
        m_after();
    }
    const char *m_name;
    std::function<void()> m_after;
    bool m_done = false;
};

} // namespace sealpost::bench
