// SPDX-License-Identifier: GPL-3.0-or-later
// The compose window in practice mode over the real runtime, put together as main() does. Prints
// when the window was painted first, and when its form was, then ends; bench_window_start.py
// compares both with an empty window.
#include "bench/FirstPaint.h"
#include "ui/AfterFirstPaint.h"
#include "ui/ComposeForm.h"
#include "ui/ComposeWindow.h"
#include "ui/RuntimeComposeService.h"

#include <QApplication>
#include <QTemporaryDir>

using namespace sealpost;

int main(int argc, char *argv[]) {
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeMenuBar);
    QApplication app(argc, argv);
    QTemporaryDir profile(QStringLiteral("/tmp/bench-XXXXXX"));
    runtime::RuntimeOptions options;
    options.mode = runtime::Mode::Practice;
    options.profile = profile.path().toStdString();
    const auto kind = ui::Theme::detect(QApplication::palette());
    ui::Theme::installColours(kind, ui::Theme::Accent::Practice);
    ui::RuntimeComposeService service(std::move(options));
    ui::RealDialogs dialogs;
    ui::ComposeWindow window(service, dialogs, ui::StartMode::Practice);
    bench::FirstPaint windowPaint("window", [] {});
    bench::FirstPaint formPaint("form", &QCoreApplication::quit);
    window.installEventFilter(&windowPaint);
    ui::afterFirstPaint(&window, [&] {
        window.build();
        ui::Theme::install(app, kind, ui::Theme::Accent::Practice);
        window.form()->installEventFilter(&formPaint);
        window.start();
    });
    window.show();
    return QApplication::exec();
}
