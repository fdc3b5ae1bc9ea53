// SPDX-License-Identifier: GPL-3.0-or-later
// The compose window in practice mode over the real core library, put together as main() does.
// Prints when the window was painted first, and when its form was, then ends;
// bench_window_start.py compares both with an empty window.
#include "bench/FirstPaint.h"
#include "ui/AfterFirstPaint.h"
#include "ui/ComposeForm.h"
#include "ui/ComposeWindow.h"
#include "ui/Core.h"

#include <QApplication>
#include <QTemporaryDir>

using namespace sealpost;

int main(int argc, char *argv[]) {
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeMenuBar);
    QApplication app(argc, argv);
    QTemporaryDir profile(QStringLiteral("/tmp/bench-XXXXXX"));
    const ui::CoreOptions options{
        ui::StartMode::Practice, std::filesystem::path(profile.path().toStdString()), {}};
    const auto kind = ui::Theme::detect(QApplication::palette());
    ui::Theme::installColours(kind, ui::Theme::Accent::Practice);
    std::unique_ptr<ui::ComposeService> service;
    ui::RealDialogs dialogs;
    ui::ComposeWindow window(dialogs, options.mode);
    bench::FirstPaint windowPaint("window", [] {});
    bench::FirstPaint formPaint("form", &QCoreApplication::quit);
    ui::afterFirstPaint(&window, [&] {
        service = ui::loadCore(options).value();
        window.build(*service);
        ui::Theme::install(app, kind, ui::Theme::Accent::Practice);
        window.form()->installEventFilter(&formPaint);
        window.start();
    });
    window.installEventFilter(&windowPaint); // asked before the one above
    window.show();
    return QApplication::exec();
}
