// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Icons.h"
#include "ui/Theme.h"

#include <QDir>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace sealpost::ui;

namespace {

double channel(double value) {
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &colour) {
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) +
           0.0722 * channel(colour.blueF());
}

//= WCAG 2.2 §1.4.3
double contrast(const QColor &a, const QColor &b) {
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

} // namespace

class TestTheme final : public QObject {
    Q_OBJECT
private slots:
    void contrasts_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("accent");
        for (const auto kind : {Theme::Kind::Light, Theme::Kind::Dark, Theme::Kind::HighContrast}) {
            for (const auto accent : {Theme::Accent::Real, Theme::Accent::Practice}) {
                QTest::addRow("%d-%d", static_cast<int>(kind), static_cast<int>(accent))
                    << static_cast<int>(kind) << static_cast<int>(accent);
            }
        }
    }
    void contrasts() {
        QFETCH(int, kind);
        QFETCH(int, accent);
        const auto t =
            Theme::of(static_cast<Theme::Kind>(kind), static_cast<Theme::Accent>(accent));
        struct Pair {
            const char *what;
            QColor front;
            QColor back;
            double least;
        };
        std::vector<Pair> pairs = {
            {"text on window", t.text, t.window, 7},
            {"text on surface", t.text, t.surface, 7},
            {"muted on window", t.muted, t.window, 4.5},
            {"muted on surface", t.muted, t.surface, 4.5},
            {"link on window", t.link, t.window, 4.5},
            {"link on surface", t.link, t.surface, 4.5},
            {"primary", t.primaryText, t.primary, 4.5},
            {"primary, hovered", t.primaryText, t.primaryHover, 4.5},
            {"banner", t.accentText, t.accent, 4.5},
            {"field border on surface", t.fieldBorder, t.surface, 3},
            {"field border on window", t.fieldBorder, t.window, 3},
            {"focus on surface", t.focus, t.surface, 3},
            {"focus on window", t.focus, t.window, 3},
        };
        for (const auto tone : kAllTones) {
            const auto &colours = t.tone(tone);
            pairs.push_back({"tone on its fill", colours.ink, colours.fill, 4.5});
            pairs.push_back({"tone on surface", colours.ink, t.surface, 4.5});
            pairs.push_back({"tone on window", colours.ink, t.window, 4.5});
            pairs.push_back({"text on tone", t.text, colours.fill, 4.5});
            pairs.push_back({"focus on tone", t.focus, colours.fill, 3});
        }
        for (const auto &pair : pairs) {
            QVERIFY2(
                contrast(pair.front, pair.back) >= pair.least,
                qPrintable(QStringLiteral("%1: %2 on %3 is %4")
                               .arg(QLatin1String(pair.what), pair.front.name(), pair.back.name())
                               .arg(contrast(pair.front, pair.back))));
        }
    }

    void followsTheDesktop() {
        QPalette palette;
        palette.setColor(QPalette::Window, Qt::white);
        palette.setColor(QPalette::WindowText, Qt::black);
        QCOMPARE(Theme::detect(palette), Theme::Kind::Light);
        palette.setColor(QPalette::Window, QColor(30, 30, 30));
        palette.setColor(QPalette::WindowText, QColor(240, 240, 240));
        QCOMPARE(Theme::detect(palette), Theme::Kind::Dark);
        palette.setColor(QPalette::Window, Qt::black);
        palette.setColor(QPalette::WindowText, Qt::yellow);
        QCOMPARE(Theme::detect(palette), Theme::Kind::HighContrast);
    }

    void everyPlaceholderOfTheSheetIsFilled() {
        const auto sheet = Theme::of(Theme::Kind::Light, Theme::Accent::Real).styleSheet();
        QVERIFY2(!sheet.contains(QLatin1Char('@')), qPrintable(sheet));
    }

    void everyIconDrawsSomething() {
        const auto names = QDir(QStringLiteral(":/icons")).entryList();
        QVERIFY(names.size() > 20);
        for (const auto &file : names) {
            const auto image =
                themedIcon(file.section(QLatin1Char('.'), 0, 0)).pixmap(QSize(16, 16)).toImage();
            int drawn = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    drawn += qAlpha(image.pixel(x, y)) > 0 ? 1 : 0;
                }
            }
            QVERIFY2(drawn > 10, qPrintable(file));
        }
    }
};

QTEST_MAIN(TestTheme)
#include "tst_Theme.moc"
