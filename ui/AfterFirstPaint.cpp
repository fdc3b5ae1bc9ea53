// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/AfterFirstPaint.h"

#include <QEvent>
#include <QTimer>
#include <QWidget>

namespace sealpost::ui {
namespace {

using namespace std::chrono_literals;

class Watcher final : public QObject {
public:
    Watcher(QWidget *window, std::function<void()> work)
        : QObject(window), m_work(std::move(work)) {
        window->installEventFilter(this);
        QTimer::singleShot(1s, this, [this] { run(); });
    }
    bool eventFilter(QObject *object, QEvent *event) override {
        if (event->type() == QEvent::Paint) {
            object->removeEventFilter(this);
            QTimer::singleShot(0ms, this, [this] { run(); }); // once the paint has gone through
        }
        return QObject::eventFilter(object, event);
    }

private:
    void run() {
        if (auto work = std::exchange(m_work, {})) {
            work();
            deleteLater();
        }
    }
    std::function<void()> m_work;
};

} // namespace

void afterFirstPaint(QWidget *window, std::function<void()> work) {
    new Watcher(window, std::move(work));
}

} // namespace sealpost::ui
