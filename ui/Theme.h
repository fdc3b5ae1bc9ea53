// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <QString>
#include <array>

class QApplication;

namespace sealpost::ui {

//! The spacing scale, in device-independent pixels.
inline constexpr int kSpaceXs = 4;
inline constexpr int kSpaceS = 8;
inline constexpr int kSpaceM = 12;
inline constexpr int kSpaceL = 16;
inline constexpr int kSpaceXl = 24;

//! What a colour says; always beside an icon and a word that say the same.
enum class Tone { Neutral, Good, Info, Caution, Bad };
inline constexpr std::array kAllTones = {Tone::Neutral, Tone::Good, Tone::Info, Tone::Caution,
                                         Tone::Bad};

struct ToneColours {
    QColor ink;  //!< text and icon, at least 4.5 to 1 on `fill` and on the surface
    QColor fill; //!< a tint
    QColor edge;
};

//! The colours of the program. One is current; GUI thread only.
class Theme {
public:
    enum class Kind { Light, Dark, HighContrast };
    enum class Accent { Real, Practice };

    [[nodiscard]] static const Theme &current();
    //! What the desktop's palette asks for.
    [[nodiscard]] static Kind detect(const QPalette &system);
    //! Makes this theme current: style, palette and style sheet of the whole program.
    static void install(QApplication &app, Kind kind, Accent accent);
    //! The same without the style sheet: enough for an empty window. Widgets are made a few times
    //! faster while there is no style sheet yet.
    static void installColours(Kind kind, Accent accent);
    [[nodiscard]] static Theme of(Kind kind, Accent accent);

    [[nodiscard]] const ToneColours &tone(Tone tone) const;
    [[nodiscard]] QPalette palette() const;
    [[nodiscard]] QString styleSheet() const;

    Kind kind = Kind::Light;
    Accent accentKind = Accent::Real;
    QColor window;  //!< behind everything
    QColor surface; //!< fields and cards
    QColor text;
    QColor muted;       //!< secondary text, still 4.5 to 1
    QColor line;        //!< hairlines that carry no meaning
    QColor fieldBorder; //!< 3 to 1 (WCAG 1.4.11)
    QColor focus;       //!< 3 to 1
    QColor link;
    QColor primary; //!< the recommended action
    QColor primaryHover;
    QColor primaryText;
    QColor accent; //!< the banner
    QColor accentText;

private:
    std::array<ToneColours, kAllTones.size()> m_tones;
};

} // namespace sealpost::ui
