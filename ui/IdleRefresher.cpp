// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/IdleRefresher.h"

#include "ui/OnFinished.h"

#include <QCoreApplication>
#include <QEvent>

namespace sealpost::ui {

IdleRefresher::IdleRefresher(ComposeService &service, QObject *parent)
    : QObject(parent), m_service(service) {
    m_timer.setInterval(std::chrono::seconds(15));
    connect(&m_timer, &QTimer::timeout, this, &IdleRefresher::look);
}

void IdleRefresher::setPauses(std::chrono::milliseconds look, std::chrono::milliseconds idle,
                              std::chrono::milliseconds between) {
    m_timer.setInterval(look);
    m_idle = idle;
    m_between = between;
}

void IdleRefresher::start() {
    if (!m_timer.isActive()) {
        QCoreApplication::instance()->installEventFilter(this);
        m_lastInput.start();
        m_timer.start();
    }
}

bool IdleRefresher::eventFilter(QObject *watched, QEvent *event) {
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::MouseButtonPress ||
        event->type() == QEvent::Wheel) {
        m_lastInput.start();
    }
    return QObject::eventFilter(watched, event);
}

void IdleRefresher::look() {
    const bool due = !m_lastRefresh.isValid() || m_lastRefresh.hasExpired(m_between.count());
    if (m_running || !due || !m_lastInput.hasExpired(m_idle.count())) {
        return;
    }
    m_running = true;
    // What fails is tried by the message that needs it, or at the next time.
    onFinished(this, m_service.refreshRevocation(), [this](const auto & /*done*/) {
        m_running = false;
        m_lastRefresh.start();
    });
}

} // namespace sealpost::ui
