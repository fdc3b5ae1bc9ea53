// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Address.h"
#include "ui/RecipientStatusModel.h"

#include <QFrame>
#include <vector>

class QLineEdit;
class QScrollArea;

namespace sealpost::ui {

class FlowLayout;
class RecipientChip;

//! The recipients of one header field, as chips in a flow that wraps, with a line to type in.
//! What is typed becomes a chip at a comma, a semicolon, Enter, or when the focus leaves.
class RecipientField final : public QFrame {
    Q_OBJECT
public:
    RecipientField(QString name, RecipientStatusModel &model, QWidget *parent = nullptr);

    [[nodiscard]] std::vector<mail::Address> addresses() const;
    //! What was typed that is no address; empty where all is well.
    [[nodiscard]] QStringList malformed() const;
    void setAddresses(const std::vector<mail::Address> &addresses);
    void remove(const mail::Address &address);
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] QLineEdit *edit() const { return m_edit; }
    //! Chips, then the line, after that widget.
    void placeInTabOrder(QWidget *before);
    [[nodiscard]] const std::vector<RecipientChip *> &chips() const { return m_chips; }
    //! Makes chips of what is in the line. Also done by addresses' owner before sending.
    void commit();
    void focusFirstMalformed();

signals:
    void changed();
    void evidenceRequested(const sealpost::mail::Address &address);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void commitUnlessEditing();
    void addText(const QString &text);
    RecipientChip *addChip(RecipientChip *chip);
    void removeChip(RecipientChip *chip);
    void editChip(RecipientChip *chip);
    void moveFrom(RecipientChip *chip, int by);
    void showStatus();
    //! One tab stop for all chips: the arrows move between them.
    void setTabStop(RecipientChip *stop);
    void fitHeight();
    [[nodiscard]] bool handleEditKey(int key);

    QString m_name;
    RecipientStatusModel &m_model;
    QScrollArea *m_scroll;
    QWidget *m_inner;
    FlowLayout *m_flow;
    QWidget *m_anchor; //!< never seen: where the chips begin in the tab order
    QLineEdit *m_edit;
    std::vector<RecipientChip *> m_chips;
};

} // namespace sealpost::ui
