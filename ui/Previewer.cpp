// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Previewer.h"

#include "ui/OnFinished.h"

#include "base/Clock.h"

#include <algorithm>

namespace sealpost::ui {

namespace {
using namespace std::chrono_literals;

//! When to ask for a report again. In the last tenth of its life the core remembers it still and
//! makes it anew in the background; once it has expired, the new one is there.
Time nextLook(const assurance::DomainReport &report, Time now) {
    constexpr int kPart = 10;
    const auto soon = report.expiresAt - (report.expiresAt - report.checkedAt) / kPart;
    return now < soon ? soon : report.expiresAt + 1s;
}
} // namespace

Previewer::Previewer(ComposeService &service, std::function<mail::Draft()> draft, QObject *parent)
    : QObject(parent), m_service(service), m_draft(std::move(draft)) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(350);
    connect(&m_timer, &QTimer::timeout, this, [this] { refresh(); });
    m_renewal.setSingleShot(true);
    connect(&m_renewal, &QTimer::timeout, this, [this] { ask(assurance::Freshness::Cached); });
}

Previewer::~Previewer() {
    m_stop.request_stop();
}

void Previewer::touch() {
    m_timer.start();
    m_renewal.stop();
    // What is under way is about an older draft; its answer must not pass for the present one's.
    ++m_generation;
    m_stop.request_stop();
    m_upToDate = false;
    emit outdated();
}

void Previewer::refresh(assurance::Freshness freshness) {
    if (m_upToDate) {
        m_upToDate = false;
        emit outdated();
    }
    ask(freshness);
}

void Previewer::ask(assurance::Freshness freshness) {
    m_timer.stop();
    m_renewal.stop();
    m_stop.request_stop();
    m_stop = std::stop_source();
    const auto generation = ++m_generation;
    onEvents(this, m_service.preview(m_draft(), freshness, m_stop.get_token()),
             [this, generation](const PreviewEvent &event) { take(generation, event); });
}

void Previewer::scheduleRenewal(const PlanPtr &plan) {
    if (!plan || plan->reports.empty()) {
        return;
    }
    const auto now = base::SystemClock().now();
    auto next = Time::max();
    for (const auto &[domain, report] : plan->reports) {
        next = std::min(next, nextLook(report, now));
    }
    m_renewal.start(std::clamp<std::chrono::milliseconds>(next - now, m_soonestRenewal, 24h));
}

void Previewer::reset() {
    m_timer.stop();
    m_renewal.stop();
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
    scheduleRenewal(m_latest->plan);
    emit ready(*m_latest);
}

} // namespace sealpost::ui
