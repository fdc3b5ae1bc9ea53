// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/MimeReader.h"

#include <QWidget>
#include <vector>

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace sealpost::ui {

//! What came along with a message: each with its name, its size and a way to save it. Nothing is
//! opened from here but a message, which is verified like any other.
class ReceivedParts final : public QWidget {
    Q_OBJECT
public:
    explicit ReceivedParts(QWidget *parent = nullptr);
    void setParts(const std::vector<mail::MessagePart> &parts);

signals:
    void saveRequested(std::size_t index);
    void saveAllRequested();
    void openRequested(std::size_t index);

private:
    QWidget *makeRow(const mail::MessagePart &part, std::size_t index);

    QLabel *m_title;
    QPushButton *m_saveAll;
    QScrollArea *m_scroll;
    QVBoxLayout *m_rows;
};

//! Its name where it has one that is harmless, else "Part 2".
[[nodiscard]] QString nameOf(const mail::MessagePart &part, std::size_t index);

} // namespace sealpost::ui
