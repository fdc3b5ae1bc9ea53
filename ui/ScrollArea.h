// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QScrollArea;
class QWidget;

namespace sealpost::ui {

//! A frameless area that scrolls `inner` up and down alone, shows what is behind it, and is no stop
//! of the Tab key. It owns `inner`; the caller's layout owns the area.
[[nodiscard]] QScrollArea *makeScrollArea(QWidget *inner);

} // namespace sealpost::ui
