// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/RecipientStatusModel.h"

#include <QDialog>

class QVBoxLayout;

namespace sealpost::ui {

//! What is known of one recipient, in plain sentences, with the technical detail folded under them.
class EvidenceDialog final : public QDialog {
    Q_OBJECT
public:
    EvidenceDialog(const mail::Address &address, const RecipientStatus &status, QWidget *parent);

signals:
    void checkAgainRequested();

private:
    void addSentences(QVBoxLayout *content, const QString &heading, const QStringList &sentences);
    void addTechnical(QVBoxLayout *content, const RecipientStatus &status);
};

} // namespace sealpost::ui
