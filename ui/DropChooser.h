// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QMimeData;

namespace sealpost::ui {

//! Lies over the message being written while somebody drags messages' files over it, and asks by
//! where they are dropped: to open them, or to attach them.
class DropChooser final : public QWidget {
    Q_OBJECT
public:
    explicit DropChooser(QWidget *over);
    //! Covers what it lies over until the files are dropped or carried away.
    void offer();

signals:
    void openChosen(const QStringList &files);
    void attachChosen(const QStringList &files);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Side { None, Open, Attach };
    [[nodiscard]] QRect area(Side side) const;
    void point(Side side);

    Side m_side = Side::None;
};

//! The files of this computer that are dragged.
[[nodiscard]] QStringList localFiles(const QMimeData *data);

} // namespace sealpost::ui
