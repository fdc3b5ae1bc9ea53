// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/DraftKeeper.h"

#include "ui/OnFinished.h"

namespace sealpost::ui {

DraftKeeper::DraftKeeper(ComposeService &service, std::function<mail::Draft()> draft,
                         QObject *parent)
    : QObject(parent), m_service(service), m_draft(std::move(draft)) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(2000);
    connect(&m_timer, &QTimer::timeout, this, &DraftKeeper::save);
}

void DraftKeeper::touch() {
    m_dirty = true;
    if (!m_timer.isActive()) { // not restarted: steady typing must not put the save off for ever
        m_timer.start();
    }
}

void DraftKeeper::flush(Done done) {
    if (!m_dirty && !m_saving) {
        done({});
        return;
    }
    m_waiting.push_back(std::move(done));
    save();
}

void DraftKeeper::adopt(std::string id) {
    m_timer.stop();
    m_dirty = false;
    m_id = std::move(id);
}

void DraftKeeper::discard() {
    const auto id = m_id;
    m_abandoned = m_saving;
    adopt({});
    if (!id.empty() && !m_abandoned) {
        remove(id);
    }
}

void DraftKeeper::remove(const std::string &id) {
    onFinished(this, m_service.removeDraft(id), [this](const Result<void> &result) {
        if (!result) {
            emit failed(result.error());
        }
    });
}

void DraftKeeper::save() {
    m_timer.stop();
    if (m_saving || !m_dirty) {
        return; // finished() comes back to what has changed in the meantime
    }
    m_dirty = false;
    m_saving = true;
    auto draft = m_draft();
    draft.id = m_id;
    onFinished(this, m_service.saveDraft(std::move(draft)),
               [this](const Result<std::string> &result) { finished(result); });
}

void DraftKeeper::finished(const Result<std::string> &result) {
    m_saving = false;
    if (m_abandoned) {
        m_abandoned = false;
        if (result) {
            remove(*result);
        }
    } else if (result) {
        m_id = *result;
        if (!m_dirty) {
            emit kept();
        }
    } else {
        m_dirty = true;
        emit failed(result.error());
    }
    if (result && m_dirty) {
        if (m_waiting.empty()) {
            m_timer.start();
        } else {
            save();
            return;
        }
    }
    for (const auto &done : std::exchange(m_waiting, {})) {
        result ? done({}) : done(tl::make_unexpected(result.error()));
    }
}

} // namespace sealpost::ui
