// SPDX-License-Identifier: GPL-3.0-or-later
// The longest time for which the window does not answer while recipients are checked: a timer of
// 5 ms ticks while addresses are added and text is typed, and each domain takes its time. Prints
// the longest gap between two ticks in milliseconds, and how many ticks there were. With an
// argument it is the length of the text that is there already, in KiB.
#include "gui/WindowFixture.h"

#include <QElapsedTimer>
#include <QTextStream>
#include <QTimer>
#include <algorithm>

using namespace sealpost;

int main(int argc, char *argv[]) {
    QApplication app(argc, argv);
    ui::Theme::install(app, ui::Theme::Kind::Light, ui::Theme::Accent::Real);
    testing::WindowFixture m;
    m.open();
    while (!m.isOpen()) {
        QTest::qWait(5);
    }
    m.window->setTiming(std::chrono::milliseconds(350), std::chrono::milliseconds(2000));
    QTest::qWait(200);

    if (argc > 1) {
        const auto line = QStringLiteral("An ordinary line of a long letter about a hearing.\n");
        m.body()->setPlainText(line.repeated(QString::fromLocal8Bit(argv[1]).toInt() * 1024 /
                                             static_cast<int>(line.size())));
        QTest::qWait(3000);
    }
    qint64 longest = 0;
    int ticks = 0;
    QElapsedTimer since;
    since.start();
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, [&] {
        longest = std::max(longest, since.nsecsElapsed());
        since.restart();
        ++ticks;
    });
    timer.start(5);
    for (int i = 0; i < 12; ++i) {
        m.service.previewLatch.close();
        const auto address = "person" + std::to_string(i) + "@council.example";
        m.typeRecipient(address.c_str());
        for (int key = 0; key < 20; ++key) {
            QTest::keyClick(m.body(), Qt::Key_A);
            QTest::qWait(15);
        }
        QTest::qWait(500); // the check is under way and held
        m.service.previewLatch.open();
        QTest::qWait(100);
    }
    QTextStream(stdout) << "longest gap "
                        << QString::number(static_cast<double>(longest) / 1e6, 'f', 1)
                        << " ms, ticks " << ticks << Qt::endl;
    return 0;
}
