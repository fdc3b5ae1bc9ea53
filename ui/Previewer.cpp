// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Previewer.h"

#include "ui/OnFinished.h"

namespace sealpost::ui {

Previewer::Previewer(ComposeService &service, std::function<mail::Draft()> draft, QObject *parent)
    : QObject(parent), m_service(service), m_draft(std::move(draft)) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(350);
    connect(&m_timer, &QTimer::timeout, this, [this] { refresh(); });
}

Previewer::~Previewer() {
    m_stop.request_stop();
}

void Previewer::touch() {
    m_timer.start();
    // What is under way is about an older draft; its answer must not pass for the present one's.
    ++m_generation;
    m_stop.request_stop();
    m_upToDate = false;
    emit outdated();
}

void Previewer::refresh(assurance::Freshness freshness) {
    m_timer.stop();
    m_stop.request_stop();
    m_stop = std::stop_source();
    const auto generation = ++m_generation;
    if (m_upToDate) {
        m_upToDate = false;
        emit outdated();
    }
    onEvents(this, m_service.preview(m_draft(), freshness, m_stop.get_token()),
             [this, generation](const PreviewEvent &event) { take(generation, event); });
}

void Previewer::reset() {
    m_timer.stop();
    m_stop.request_stop();
    ++m_generation;
    m_upToDate = false;
    m_latest.reset();
}

void Previewer::take(std::uint64_t generation, const PreviewEvent &event) {
    if (generation != m_generation) {
        return;
    }
    if (const auto *report = std::get_if<assurance::DomainReport>(&event)) {
        emit domainKnown(*report);
        return;
    }
    m_latest = std::get<Preview>(event);
    m_upToDate = true;
    emit ready(*m_latest);
}

} // namespace sealpost::ui
