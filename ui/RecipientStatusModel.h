// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Theme.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sealpost::ui {

enum class RecipientState {
    Checking,
    Protected, //!< S/MIME
    Cjsm,
    InTransit,
    Ome,
    NotConfirmed,
    Blocked,
    Malformed,
};

//! All that is known of one recipient, ready to be shown.
struct RecipientStatus {
    RecipientState state = RecipientState::Checking;
    QString word;        //!< "Protected (S/MIME)"
    QStringList reasons; //!< sentences, the weightiest first
    QStringList nextSteps;
    std::optional<routing::RecipientDecision> decision;
    std::optional<assurance::DomainReport> report;
    std::optional<crypto::CertificateInfo> certificate;
};

[[nodiscard]] QString iconOf(RecipientState state);
[[nodiscard]] Tone toneOf(RecipientState state);
//! The state of a recipient as a plan decided it.
[[nodiscard]] RecipientStatus statusOf(const send::SendPlan &plan,
                                       const routing::RecipientDecision &decision);

//! What the chips and the panel show of each recipient. A recipient that is known keeps its last
//! state while a newer plan is on its way, so that chips don't flicker at each key.
class RecipientStatusModel final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    //! Checking, where nothing is known of the address.
    [[nodiscard]] RecipientStatus status(const mail::Address &address) const;
    void apply(const Preview &preview);
    void apply(const assurance::DomainReport &report);
    void clear();

signals:
    void changed();

private:
    std::map<std::string, RecipientStatus> m_known; //!< by addr-spec
    std::map<std::string, assurance::DomainReport> m_reports;
};

} // namespace sealpost::ui
