// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/FlowLayout.h"

#include <QWidget>
#include <algorithm>
#include <utility>

namespace sealpost::ui {

FlowLayout::FlowLayout(QWidget *parent, int spacing, Last last) : QLayout(parent), m_last(last) {
    setSpacing(spacing);
}

FlowLayout::~FlowLayout() = default;

void FlowLayout::insertBeforeLast(QWidget *widget) {
    addChildWidget(widget);
    const auto place = m_items.empty() ? m_items.end() : m_items.end() - 1;
    m_items.insert(place, std::make_unique<QWidgetItem>(widget));
    invalidate();
}

void FlowLayout::addItem(QLayoutItem *item) {
    m_items.emplace_back(item);
}

int FlowLayout::count() const {
    return static_cast<int>(m_items.size());
}

QLayoutItem *FlowLayout::itemAt(int index) const {
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem *FlowLayout::takeAt(int index) {
    if (index < 0 || index >= count()) {
        return nullptr;
    }
    const auto place = m_items.begin() + index;
    auto *item = place->release();
    m_items.erase(place);
    return item;
}

int FlowLayout::heightForWidth(int width) const {
    return arrange(QRect(0, 0, width, 0), Mode::Measure);
}

QSize FlowLayout::minimumSize() const {
    QSize size;
    for (const auto &item : m_items) {
        size = size.expandedTo(item->minimumSize());
    }
    return size.grownBy(contentsMargins());
}

void FlowLayout::setGeometry(const QRect &rect) {
    QLayout::setGeometry(rect);
    arrange(rect, Mode::Place);
}

int FlowLayout::arrange(const QRect &rect, Mode mode) const {
    const auto inner = rect.marginsRemoved(contentsMargins());
    int x = inner.x();
    int y = inner.y();
    int rowHeight = 0;
    std::vector<std::pair<QLayoutItem *, QRect>> row;
    // Of different heights, they stand on one middle.
    const auto endRow = [&] {
        for (auto &[item, place] : row) {
            place.moveTop(y + (rowHeight - place.height()) / 2);
            item->setGeometry(place);
        }
        row.clear();
    };
    for (const auto &item : m_items) {
        const bool fills = m_last == Last::Fills && item == m_items.back();
        auto size =
            (fills ? item->minimumSize() : item->sizeHint()).boundedTo({inner.width(), 1000});
        size.setHeight(item->sizeHint().height());
        if (x > inner.x() && x + size.width() > inner.x() + inner.width()) {
            endRow();
            x = inner.x();
            y += rowHeight + spacing();
            rowHeight = 0;
        }
        if (fills) {
            size.setWidth(std::max(size.width(), inner.x() + inner.width() - x));
        }
        if (mode == Mode::Place) {
            row.emplace_back(item.get(), QRect(QPoint(x, y), size));
        }
        x += size.width() + spacing();
        rowHeight = std::max(rowHeight, size.height());
    }
    endRow();
    return y + rowHeight - rect.y() + contentsMargins().bottom();
}

} // namespace sealpost::ui
