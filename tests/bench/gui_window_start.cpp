// SPDX-License-Identifier: GPL-3.0-or-later
// The compose window in practice mode over the real runtime. Ends after its first paint and prints
// when that was; bench_window_start.py compares it with an empty window.
#include "bench/FirstPaint.h"
#include "ui/AfterFirstPaint.h"
#include "ui/ComposeWindow.h"
#include "ui/RuntimeComposeService.h"

#include <QApplication>
#include <QTemporaryDir>

using namespace sealpost;

int main(int argc, char *argv[]) {
    bench::FirstPaint paint;
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeMenuBar); // as main() does
    QApplication app(argc, argv);
    QTemporaryDir profile(QStringLiteral("/tmp/bench-XXXXXX"));
    runtime::RuntimeOptions options;
    options.mode = runtime::Mode::Practice;
    options.profile = profile.path().toStdString();
    ui::Theme::install(app, ui::Theme::detect(QApplication::palette()),
                       ui::Theme::Accent::Practice);
    ui::RuntimeComposeService service(std::move(options));
    ui::RealDialogs dialogs;
    ui::ComposeWindow window(service, dialogs, ui::StartMode::Practice);
    window.installEventFilter(&paint);
    ui::afterFirstPaint(&window, [&window] { window.start(); });
    window.show();
    return QApplication::exec();
}
