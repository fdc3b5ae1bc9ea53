// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/DueSender.h"

#include "ui/OnFinished.h"

namespace sealpost::ui {

DueSender::DueSender(ComposeService &service, QObject *parent)
    : QObject(parent), m_service(service) {
    m_timer.setInterval(std::chrono::minutes(1));
    connect(&m_timer, &QTimer::timeout, this, &DueSender::run);
}

void DueSender::start() {
    m_timer.start();
    run();
}

void DueSender::run() {
    if (m_running) {
        return;
    }
    m_running = true;
    onFinished(this, m_service.sendDue(), [this](const Result<DueSummary> &summary) {
        m_running = false;
        // What failed now (another Sealpost is sending, say) is tried at the next minute.
        if (summary) {
            emit done(*summary);
        }
    });
}

} // namespace sealpost::ui
