// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Draft.h"

#include <QWidget>
#include <optional>

class QComboBox;
class QLabel;
class QPushButton;

namespace sealpost::ui {

//! The received message that goes on with this one: its file, in which form it goes, and a way to
//! leave it out. Hidden while there is none.
class ForwardRow final : public QWidget {
    Q_OBJECT
public:
    explicit ForwardRow(QWidget *parent = nullptr);

    [[nodiscard]] std::optional<mail::Forwarded> forwarded() const;
    void setForwarded(const std::optional<mail::Forwarded> &forwarded);
    [[nodiscard]] QWidget *first() const;
    [[nodiscard]] QWidget *last() const;

signals:
    void changed();

private:
    QLabel *m_name;
    QComboBox *m_form;
    QPushButton *m_remove;
    std::optional<mail::Forwarded> m_forwarded;
};

} // namespace sealpost::ui
