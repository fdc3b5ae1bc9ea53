// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Rows.h"

#include "base/Text.h"
#include "ui/Icons.h"
#include "ui/Labels.h"

#include <QCoreApplication>
#include <QGridLayout>

namespace sealpost::ui {
namespace {

QString tr(const char *text) {
    return QCoreApplication::translate("Rows", text);
}

//! Whether a line may end before it, though no space does: no half of a character, nor an accent.
bool isWordsMiddle(QChar c) {
    return !c.isSpace() && !c.isLowSurrogate() && !c.isMark();
}

} // namespace

QString breakable(const QString &text) {
    constexpr qsizetype kLongestWord = 20;
    QString out;
    qsizetype word = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const auto c = text.at(i);
        out += c;
        word = c.isSpace() ? 0 : word + 1;
        const bool joins = c == QLatin1Char('.') || c == QLatin1Char('@') || c == QLatin1Char('/');
        if ((joins || word >= kLongestWord) && i + 1 < text.size() &&
            isWordsMiddle(text.at(i + 1))) {
            out += QChar(0x200B);
            word = 0;
        }
    }
    return out;
}

QString shortSubject(const std::string &subject) {
    for (const auto &part : base::split(subject, ',')) {
        if (part.starts_with("CN=")) {
            return toQString(part.substr(3));
        }
    }
    return toQString(subject);
}

QGridLayout *makeRowGrid(QWidget *row, const QString &icon, Tone tone) {
    auto *grid = new QGridLayout(row);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(kSpaceS);
    grid->setVerticalSpacing(1);
    grid->setColumnStretch(1, 1);
    grid->addWidget(new IconLabel(themedIcon(icon, tone)), 0, 0, Qt::AlignTop | Qt::AlignHCenter);
    return grid;
}

QWidget *makeRecipientRow(const mail::Address &address, const RecipientStatus &status,
                          RowDetail detail, QPushButton **why) {
    auto *row = new QWidget;
    const auto tone = toneOf(status.state);
    auto *grid = makeRowGrid(row, iconOf(status.state), tone);
    const auto name = toQString(address.shortName());
    auto *label = makeLabel(breakable(name), TextStyle::Strong);
    label->setToolTip(toQString(address.spec()).toHtmlEscaped());
    grid->addWidget(label, 0, 1);
    *why = makeLinkButton(tr("Why?"));
    describe(*why, tr("Why %1: %2").arg(name, status.word),
             tr("Shows what was seen of this recipient’s certificate and mail servers."));
    grid->addWidget(*why, 0, 2, 2, 1, Qt::AlignTop);
    auto *word = makeLabel(status.word, TextStyle::Strong);
    setTone(word, tone);
    grid->addWidget(word, 1, 1);
    const bool smooth = tone == Tone::Good || tone == Tone::Info;
    if (!status.reasons.isEmpty() && (detail == RowDetail::Full || !smooth)) {
        grid->addWidget(makeLabel(breakable(status.reasons.front()), TextStyle::Muted), 2, 1, 1, 2);
    }
    return row;
}

QWidget *makeNoteRow(const QString &icon, Tone tone, const QString &text) {
    auto *row = new QWidget;
    auto *grid = makeRowGrid(row, icon, tone);
    grid->addWidget(makeLabel(breakable(text), TextStyle::Muted), 0, 1);
    return row;
}

} // namespace sealpost::ui
