// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QWidget;

namespace sealpost::ui {

//! Calls `work` once, when the window has been painted for the first time; what takes time then
//! competes with nothing that the person waits to see. A window that is not painted within a second
//! (started minimised) gets it all the same.
void afterFirstPaint(QWidget *window, std::function<void()> work);

} // namespace sealpost::ui
