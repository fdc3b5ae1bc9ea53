// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"

#include <QObject>
#include <QTimer>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

namespace sealpost::ui {

//! Keeps the preview of a draft true while a person types: waits until the typing pauses, asks the
//! service, drops what a newer request has overtaken. While nobody types it is renewed before what
//! it stands on expires, without a word: what is shown stays until the newer one is there. GUI
//! thread.
class Previewer final : public QObject {
    Q_OBJECT
public:
    //! `draft` is called whenever a request starts, so that typing copies nothing.
    Previewer(ComposeService &service, std::function<mail::Draft()> draft, QObject *parent);
    ~Previewer() override;

    void setPause(std::chrono::milliseconds pause) { m_timer.setInterval(pause); }
    //! How soon after one preview the next renewal may be; a minute.
    void setSoonestRenewal(std::chrono::milliseconds time) { m_soonestRenewal = time; }
    //! The draft has changed: the preview is out of date from now on.
    void touch();
    //! Asks at once.
    void refresh(assurance::Freshness freshness = assurance::Freshness::Cached);
    //! Stops and forgets; for a new message.
    void reset();

    [[nodiscard]] bool isUpToDate() const { return m_upToDate; }
    //! The last one, perhaps out of date.
    [[nodiscard]] const std::optional<Preview> &latest() const { return m_latest; }

signals:
    void outdated();
    void domainKnown(const sealpost::assurance::DomainReport &report);
    void ready(const sealpost::ui::Preview &preview);

private:
    void ask(assurance::Freshness freshness);
    void take(std::uint64_t generation, const PreviewEvent &event);
    void scheduleRenewal(const PlanPtr &plan);

    ComposeService &m_service;
    std::function<mail::Draft()> m_draft;
    QTimer m_timer;
    QTimer m_renewal;
    std::chrono::milliseconds m_soonestRenewal{std::chrono::minutes(1)};
    std::stop_source m_stop;
    std::uint64_t m_generation = 0;
    bool m_upToDate = false;
    std::optional<Preview> m_latest;
};

} // namespace sealpost::ui
