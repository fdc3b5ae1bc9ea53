// SPDX-License-Identifier: GPL-3.0-or-later
// Shows a window and ends after its first paint; prints when that was.
//   gui_window_start empty      an empty Qt Widgets window
//   gui_window_start sealpost   the compose window, in practice mode over the real runtime
// bench_window_start.py runs both in turn and prints the ratio.
#include "ui/ComposeWindow.h"
#include "ui/RuntimeComposeService.h"

#include <QApplication>
#include <QTemporaryDir>
#include <QTextStream>
#include <chrono>

using namespace sealpost;

namespace {

//! Prints the time of the first paint of the window, in seconds since the epoch.
class FirstPaint final : public QObject {
public:
    bool eventFilter(QObject *object, QEvent *event) override {
        if (event->type() == QEvent::Paint && !m_done) {
            m_done = true;
            // After the paint itself has gone through.
            QMetaObject::invokeMethod(this, &FirstPaint::print, Qt::QueuedConnection);
        }
        return QObject::eventFilter(object, event);
    }

private:
    void print() {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        QTextStream(stdout) << QString::number(std::chrono::duration<double>(now).count(), 'f', 6)
                            << Qt::endl;
        QCoreApplication::quit();
    }
    bool m_done = false;
};

int showEmpty(FirstPaint &paint) {
    QWidget window;
    window.installEventFilter(&paint);
    window.resize(1040, 700);
    window.show();
    return QApplication::exec();
}

int showSealpost(QApplication &app, FirstPaint &paint) {
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
    window.show();
    window.start();
    return QApplication::exec();
}

} // namespace

int main(int argc, char *argv[]) {
    FirstPaint paint;
    QApplication app(argc, argv);
    const auto which = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    if (which == QLatin1String("empty")) {
        return showEmpty(paint);
    }
    if (which == QLatin1String("sealpost")) {
        return showSealpost(app, paint);
    }
    QTextStream(stderr) << "gui_window_start empty|sealpost\n";
    return 2;
}
