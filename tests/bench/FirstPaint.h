// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QEvent>
#include <QTextStream>
#include <chrono>

namespace sealpost::bench {

//! Prints the time of the first paint of the window, in seconds since the epoch.
class FirstPaint final : public QObject {
public:
    bool eventFilter(QObject *object, QEvent *event) override {
        if (event->type() == QEvent::Paint && !m_done) {
            m_done = true;
            // After the paint itself has gone through.
            QMetaObject::invokeMethod(this, &FirstPaint::print, Qt::QueuedConnection);
        }
        return QObject::eventFilter(object, event);
    }

private:
    void print() {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        QTextStream(stdout) << QString::number(std::chrono::duration<double>(now).count(), 'f', 6)
                            << Qt::endl;
        QCoreApplication::quit();
    }
    bool m_done = false;
};

} // namespace sealpost::bench
