// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QCheckBox;

namespace sealpost::ui {

//! A check box whose sentence wraps, which QCheckBox's own text does not.
class ConfirmBox final : public QWidget {
    Q_OBJECT
public:
    explicit ConfirmBox(const QString &sentence, QWidget *parent = nullptr);
    [[nodiscard]] QCheckBox *box() const { return m_box; }

protected:
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    QCheckBox *m_box;
};

} // namespace sealpost::ui
