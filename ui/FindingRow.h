// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Finding.h"

#include <QWidget>
#include <cstddef>
#include <optional>
#include <vector>

class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace sealpost::ui {

//! One finding: what, where, a redacted excerpt, what to do; a way to it, and, where policy lets a
//! person, a way to say that it is wrong, with a reason that is asked for in place.
class FindingRow final : public QWidget {
    Q_OBJECT
public:
    explicit FindingRow(const scan::Finding &finding, QWidget *parent = nullptr);

    [[nodiscard]] const scan::Finding &finding() const { return m_finding; }
    [[nodiscard]] QPushButton *showButton() const { return m_show; }
    //! "Not a secret?", or "Undo"; none where policy does not let a person.
    [[nodiscard]] QPushButton *markButton() const { return m_mark; }
    //! The reason's field; none while it is not asked for.
    [[nodiscard]] QLineEdit *reasonField() const { return m_reason; }
    //! What is said below it.
    [[nodiscard]] QLabel *reasonHint() const { return m_hint; }
    //! Asks for the reason, with what was written of it before.
    void askForReason(const QString &begun = {});

signals:
    void showRequested();
    //! The reason is long enough, and does not have what was found in it.
    void dismissed(const QString &reason);
    void restored();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void addFacts(QGridLayout *grid);
    void addLink(QVBoxLayout *column);
    void closeForm();
    void save();
    [[nodiscard]] bool hasReason() const;
    void judgeReason();
    [[nodiscard]] static QString reasonHintText();

    scan::Finding m_finding;
    QVBoxLayout *m_column;
    QPushButton *m_show = nullptr;
    QPushButton *m_mark = nullptr;
    QWidget *m_form = nullptr;
    QLineEdit *m_reason = nullptr;
    QPushButton *m_save = nullptr;
    QLabel *m_hint = nullptr;
};

//! Of very many, those that are shown at first; the others when they are asked for.
inline constexpr std::size_t kFindingsAtFirst = 40;
//! Those that count, then those that were marked as wrong; each in its order.
[[nodiscard]] std::vector<scan::Finding> standingFirst(std::vector<scan::Finding> findings);
//! "Show 460 more".
[[nodiscard]] QPushButton *makeMoreButton(std::size_t more);

} // namespace sealpost::ui
