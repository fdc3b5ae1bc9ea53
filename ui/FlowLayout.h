// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <memory>
#include <vector>

namespace sealpost::ui {

//! Lays widgets out in rows that wrap.
class FlowLayout final : public QLayout {
public:
    //! Whether the last widget takes what is left of its row.
    enum class Last { Fills, AsWideAsItNeeds };

    FlowLayout(QWidget *parent, int spacing, Last last = Last::Fills);
    ~FlowLayout() override;

    //! Before the last widget.
    void insertBeforeLast(QWidget *widget);
    void addItem(QLayoutItem *item) override;
    [[nodiscard]] int count() const override;
    [[nodiscard]] QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;
    [[nodiscard]] Qt::Orientations expandingDirections() const override { return {}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override { return minimumSize(); }
    [[nodiscard]] QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    enum class Mode { Measure, Place };
    int arrange(const QRect &rect, Mode mode) const;

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
    Last m_last;
};

} // namespace sealpost::ui
