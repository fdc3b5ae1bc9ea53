// SPDX-License-Identifier: GPL-3.0-or-later
// The least that Qt Widgets can do: an empty window. Ends after its first paint and prints when
// that was; bench_window_start.py compares the compose window with it.
#include "bench/FirstPaint.h"

#include <QApplication>
#include <QWidget>

int main(int argc, char *argv[]) {
    QApplication app(argc, argv);
    sealpost::bench::FirstPaint paint("window", &QCoreApplication::quit);
    QWidget window;
    window.installEventFilter(&paint);
    window.resize(1040, 700);
    window.show();
    return QApplication::exec();
}
