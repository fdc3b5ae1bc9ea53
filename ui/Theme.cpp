// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Theme.h"

#include <QApplication>
#include <QStyleFactory>

namespace sealpost::ui {
namespace {

Theme &currentTheme() {
    static Theme theme = Theme::of(Theme::Kind::Light, Theme::Accent::Real);
    return theme;
}

QColor rgb(const char *hex) {
    return QColor(QLatin1String(hex));
}

} // namespace

const Theme &Theme::current() {
    return currentTheme();
}

Theme::Kind Theme::detect(const QPalette &system) {
    const auto back = system.color(QPalette::Window);
    const auto front = system.color(QPalette::WindowText);
    const bool pureBack = back == QColor(Qt::black);
    const bool pureFront =
        front == QColor(Qt::white) || front == QColor(Qt::yellow) || front == QColor(Qt::green);
    if (pureBack && pureFront) {
        return Kind::HighContrast;
    }
    return back.lightness() < front.lightness() ? Kind::Dark : Kind::Light;
}

Theme Theme::of(Kind kind, Accent accent) {
    Theme t;
    t.kind = kind;
    t.accentKind = accent;
    const bool practice = accent == Accent::Practice;
    switch (kind) {
    case Kind::Light:
        t.window = rgb("#f3f4f5");
        t.surface = rgb("#ffffff");
        t.text = rgb("#0b0c0c");
        t.muted = rgb("#505a5f");
        t.line = rgb("#d9dcde");
        t.fieldBorder = rgb("#80878c");
        t.focus = practice ? rgb("#4c2c92") : rgb("#1d70b8");
        t.link = practice ? rgb("#4c2c92") : rgb("#1a65a6");
        t.primary = rgb("#00703c");
        t.primaryHover = rgb("#005a30");
        t.primaryText = rgb("#ffffff");
        t.accent = practice ? rgb("#4c2c92") : rgb("#1d70b8");
        t.accentText = rgb("#ffffff");
        t.m_tones = {ToneColours{rgb("#454f54"), rgb("#eceeef"), rgb("#c4c9cc")},
                     ToneColours{rgb("#005a30"), rgb("#e6f2ec"), rgb("#9cc9b2")},
                     ToneColours{rgb("#144e81"), rgb("#e8f1f8"), rgb("#a5c6e3")},
                     ToneColours{rgb("#6b4500"), rgb("#fdf2d8"), rgb("#e5c27a")},
                     ToneColours{rgb("#a3140a"), rgb("#fcebe8"), rgb("#eba79f")}};
        break;
    case Kind::Dark:
        t.window = rgb("#1a1c1e");
        t.surface = rgb("#232629");
        t.text = rgb("#f3f2f1");
        t.muted = rgb("#b4babf");
        t.line = rgb("#3a3f43");
        t.fieldBorder = rgb("#80878d");
        t.focus = practice ? rgb("#c3aef5") : rgb("#8ec2f2");
        t.link = practice ? rgb("#cdbbf7") : rgb("#9ccaf5");
        t.primary = rgb("#0e8450");
        t.primaryHover = rgb("#0a7546");
        t.primaryText = rgb("#ffffff");
        t.accent = practice ? rgb("#5b3aa8") : rgb("#1d70b8");
        t.accentText = rgb("#ffffff");
        t.m_tones = {ToneColours{rgb("#c9ced2"), rgb("#303438"), rgb("#50565b")},
                     ToneColours{rgb("#8fdcb3"), rgb("#17332a"), rgb("#2f6a50")},
                     ToneColours{rgb("#a6d0f7"), rgb("#182f45"), rgb("#34618c")},
                     ToneColours{rgb("#f3ca78"), rgb("#3a2e14"), rgb("#7a6029")},
                     ToneColours{rgb("#ffb0a5"), rgb("#44211d"), rgb("#8f453c")}};
        break;
    case Kind::HighContrast: {
        t.window = rgb("#000000");
        t.surface = rgb("#000000");
        t.text = rgb("#ffffff");
        t.muted = rgb("#ffffff");
        t.line = rgb("#ffffff");
        t.fieldBorder = rgb("#ffffff");
        t.focus = rgb("#ffdd00");
        t.link = rgb("#ffdd00");
        t.primary = rgb("#ffdd00");
        t.primaryHover = rgb("#fff2a0");
        t.primaryText = rgb("#000000");
        t.accent = rgb("#000000");
        t.accentText = rgb("#ffdd00");
        const ToneColours plain{rgb("#ffffff"), rgb("#000000"), rgb("#ffffff")};
        t.m_tones = {plain, plain, plain, plain, plain};
        break;
    }
    }
    return t;
}

const ToneColours &Theme::tone(Tone tone) const {
    return m_tones.at(static_cast<std::size_t>(tone));
}

QPalette Theme::palette() const {
    QPalette p;
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, surface);
    p.setColor(QPalette::AlternateBase, window);
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::Button, surface);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, tone(Tone::Bad).ink);
    p.setColor(QPalette::Highlight, kind == Kind::HighContrast ? focus : accent);
    p.setColor(QPalette::HighlightedText, kind == Kind::HighContrast ? primaryText : accentText);
    p.setColor(QPalette::PlaceholderText, muted);
    p.setColor(QPalette::ToolTipBase, surface);
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::Link, link);
    p.setColor(QPalette::Light, surface);
    p.setColor(QPalette::Midlight, line);
    p.setColor(QPalette::Mid, line);
    p.setColor(QPalette::Dark, fieldBorder);
    p.setColor(QPalette::Shadow, fieldBorder);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        p.setColor(QPalette::Disabled, role, muted);
    }
    return p;
}

QString Theme::styleSheet() const {
    // Sizes are in device-independent pixels; fonts are left to the desktop and to Labels.cpp.
    auto sheet = QStringLiteral(R"(
QToolTip { background: @surface; color: @text; border: 1px solid @fieldBorder; padding: 6px; }
QMenuBar { background: @window; color: @text; padding: 2px 8px; }
QMenuBar::item { padding: 5px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @line; }
QMenu { background: @surface; color: @text; border: 1px solid @fieldBorder; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 3px; }
QMenu::item:selected { background: @accent; color: @accentText; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QTableView, QTreeView,
QFrame[look="field"] {
    background: @surface; color: @text; border: 1px solid @fieldBorder; border-radius: 4px;
    selection-background-color: @highlight; selection-color: @highlightText; }
QLineEdit, QComboBox, QSpinBox { padding: 5px 8px; min-height: 20px; }
QPlainTextEdit { padding: 4px; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QTableView:focus,
QFrame[look="field"][active="true"] { border: 2px solid @focus; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus { padding: 4px 7px; }
QPlainTextEdit:focus { padding: 3px; }
QLineEdit[look="bare"], QLineEdit[look="bare"]:focus {
    border: none; background: transparent; padding: 4px 2px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: @muted; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { width: 0; height: 0; }
QComboBox QAbstractItemView { background: @surface; color: @text; outline: none;
    border: 1px solid @fieldBorder; selection-background-color: @highlight;
    selection-color: @highlightText; padding: 2px; }
QPushButton { background: @surface; color: @text; border: 1px solid @fieldBorder;
    border-radius: 4px; padding: 7px 14px; min-height: 18px; }
QPushButton:hover { background: @window; }
QPushButton:pressed { background: @line; }
QPushButton:focus { border: 2px solid @focus; padding: 6px 13px; }
QPushButton:disabled { color: @muted; border-color: @line; background: @window; }
QPushButton[look="primary"] { background: @primary; color: @primaryText;
    border: 1px solid @primary; padding: 7px 20px; }
QPushButton[look="primary"]:hover { background: @primaryHover; }
QPushButton[look="primary"]:focus { border: 2px solid @primaryFocus; padding: 6px 19px; }
QPushButton[look="primary"]:disabled { background: @disabledFill; color: @disabledText;
    border-color: @disabledFill; }
QPushButton[look="link"] { background: transparent; border: 1px solid transparent; color: @link;
    padding: 3px 3px; min-height: 18px; text-align: left; }
QPushButton[look="link"]:hover { color: @text; }
QPushButton[look="link"]:focus { border: 2px solid @focus; padding: 2px 2px; }
QPushButton[look="link"]:disabled { color: @muted; background: transparent; }
QToolButton[look="icon"] { background: transparent; border: 1px solid transparent;
    border-radius: 4px; padding: 3px; }
QToolButton[look="icon"]:hover { background: @line; }
QToolButton[look="icon"]:focus { border: 2px solid @focus; padding: 2px; }
QFrame[look="card"] { background: @surface; border: 1px solid @line; border-radius: 6px; }
QFrame[look="rule"] { background: @line; border: none; max-height: 1px; }
QFrame[look="banner"] { background: @accent; border: none; border-bottom: 1px solid @accentEdge; }
QFrame[look="banner"] QLabel { color: @accentText; }
QFrame[look="banner"] QPushButton[look="link"] { color: @accentText; }
QFrame[look="banner"] QPushButton[look="link"]:focus { border-color: @accentText; }
QLabel[look="muted"] { color: @muted; }
QScrollArea, QScrollArea > QWidget > QWidget[look="clear"] { background: transparent; border: none; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 18px; height: 18px; border: 1px solid @fieldBorder;
    border-radius: 3px; background: @surface; }
QCheckBox::indicator:focus { border: 2px solid @focus; width: 16px; height: 16px; }
QCheckBox::indicator:checked { background: @primary; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @fieldBorder; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { border: none; border-radius: 3px; background: @line; max-height: 6px; }
QProgressBar::chunk { background: @primary; border-radius: 3px; }
QHeaderView::section { background: @window; color: @text; border: none;
    border-bottom: 1px solid @fieldBorder; padding: 6px 8px; }
QTableView { gridline-color: transparent; outline: none; }
QTableView::item { padding: 0 5px; border: none; }
QTreeView { outline: none; }
QTreeView::item { padding: 3px 2px; }
QTreeView::item:selected { background: @highlight; color: @highlightText; }
QTreeView:focus { border: 2px solid @focus; }
QTableView::item:selected { background: @highlight; color: @highlightText; }
)");
    for (const auto tone : kAllTones) {
        static constexpr std::array kNames = {"neutral", "good", "info", "caution", "bad"};
        const auto &colours = m_tones.at(static_cast<std::size_t>(tone));
        const auto name = QLatin1String(kNames.at(static_cast<std::size_t>(tone)));
        sheet += QStringLiteral("QFrame[tone=\"%1\"] { background: %2; border: 1px solid %3; "
                                "border-radius: 4px; }\nQLabel[tone=\"%1\"] { color: %4; "
                                "background: transparent; border: none; }\n")
                     .arg(name, colours.fill.name(), colours.edge.name(), colours.ink.name());
    }
    // A panel as wide as its window: no box, only an edge below.
    sheet += QStringLiteral("QFrame[tone][look=\"edge\"] { border-top: none; border-left: none; "
                            "border-right: none; border-radius: 0; }\n");
    const bool bright = kind == Kind::Light;
    // Longer names first where one begins with another.
    const std::pair<const char *, QString> values[] = {
        {"@highlightText", palette().color(QPalette::HighlightedText).name()},
        {"@highlight", palette().color(QPalette::Highlight).name()},
        {"@accentText", accentText.name()},
        {"@accentEdge", kind == Kind::HighContrast ? accentText.name() : accent.name()},
        {"@accent", accent.name()},
        {"@primaryHover", primaryHover.name()},
        {"@primaryText", primaryText.name()},
        {"@primaryFocus", text.name()},
        {"@primary", primary.name()},
        {"@disabledFill", tone(Tone::Neutral).edge.name()},
        {"@disabledText",
         bright ? text.name() : (kind == Kind::Dark ? text.name() : window.name())},
        {"@fieldBorder", fieldBorder.name()},
        {"@focus", focus.name()},
        {"@window", window.name()},
        {"@surface", surface.name()},
        {"@muted", muted.name()},
        {"@line", line.name()},
        {"@link", link.name()},
        {"@text", text.name()},
    };
    for (const auto &[name, value] : values) {
        sheet.replace(QLatin1String(name), value);
    }
    return sheet;
}

void Theme::installColours(Kind kind, Accent accent) {
    currentTheme() = of(kind, accent);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(currentTheme().palette());
}

void Theme::install(QApplication &app, Kind kind, Accent accent) {
    installColours(kind, accent);
    app.setStyleSheet(currentTheme().styleSheet());
}

} // namespace sealpost::ui
