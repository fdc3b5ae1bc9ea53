// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Address.h"
#include "ui/RecipientStatusModel.h"

#include <QAbstractButton>
#include <QTimer>
#include <optional>

class QToolButton;

namespace sealpost::ui {

//! One recipient: icon, name, state word and a way to remove it. Also what a person typed that is
//! no address; then it keeps the text. Enter or a click asks for the evidence, Delete removes.
class RecipientChip final : public QAbstractButton {
    Q_OBJECT
public:
    RecipientChip(mail::Address address, QWidget *parent);
    //! A malformed one: what was typed, and why it is no address.
    RecipientChip(QString typed, QString why, QWidget *parent);

    [[nodiscard]] const std::optional<mail::Address> &address() const { return m_address; }
    //! What a person would type for it.
    [[nodiscard]] QString typed() const { return m_typed; }
    [[nodiscard]] RecipientState state() const { return m_status.state; }
    [[nodiscard]] QString word() const { return m_status.word; }
    void setStatus(RecipientStatus status);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void removeRequested();
    void editRequested();
    void evidenceRequested();
    void moveRequested(int by);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    void setUp();
    void describeSelf();
    void paintSpinner(QPainter &painter, const QRect &rect) const;
    [[nodiscard]] QString name() const;
    [[nodiscard]] QFont wordFont() const;

    std::optional<mail::Address> m_address;
    QString m_typed;
    RecipientStatus m_status;
    QToolButton *m_remove = nullptr;
    QTimer m_spin;
    int m_angle = 0;
};

} // namespace sealpost::ui
