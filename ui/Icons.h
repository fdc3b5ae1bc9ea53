// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Theme.h"

#include <QIcon>
#include <QWidget>
#include <optional>

namespace sealpost::ui {

//! An icon of resources/icons ("lock"), drawn in the current theme's colour: a tone's ink, or
//! that of text. It follows a change of theme and any scaling by itself.
[[nodiscard]] QIcon themedIcon(const QString &name, std::optional<Tone> tone = std::nullopt);
//! The same in the text colour of the primary button.
[[nodiscard]] QIcon primaryIcon(const QString &name);
//! The same in the text colour of the banner.
[[nodiscard]] QIcon bannerIcon(const QString &name);

//! Shows one icon beside a text that says the same; so it is hidden from screen readers.
class IconLabel final : public QWidget {
    Q_OBJECT
public:
    explicit IconLabel(const QIcon &icon = {}, int size = 16, QWidget *parent = nullptr);
    void setIcon(const QIcon &icon);
    [[nodiscard]] QSize sizeHint() const override { return {m_size, m_size}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QIcon m_icon;
    int m_size;
};

} // namespace sealpost::ui
