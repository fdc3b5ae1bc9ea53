// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/RecipientStatusModel.h"

#include <QFrame>

class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace sealpost::ui {

class FindingRow;
class IconLabel;

//! "How this will be sent": the verdict, each recipient's way, what was found, and what helps.
//! True while one types: it says Checking… whenever it is older than the message.
class HowPanel final : public QFrame {
    Q_OBJECT
public:
    HowPanel(RecipientStatusModel &model, QWidget *parent = nullptr);

    //! Nothing is written yet.
    void showEmpty();
    enum class Expect { Recipients, ContentAlone };
    //! What is shown is older than the message; what it can't be any more goes.
    void showChecking(Expect expect);
    //! `malformed` is what was typed as a recipient and is no address.
    void showPreview(const Preview &preview, Classification chosen, const QStringList &malformed);

    //! Offered while there is no recipient; for practice mode.
    void setSuggestions(std::vector<mail::Address> people);
    [[nodiscard]] QString verdict() const;

signals:
    void evidenceRequested(const sealpost::mail::Address &address);
    void findingRequested(const sealpost::scan::Finding &finding);
    void dismissRequested(const sealpost::scan::Finding &finding, const QString &reason);
    void restoreRequested(const sealpost::scan::Finding &finding);
    void raiseRequested(sealpost::Classification classification);
    void suggestionChosen(const sealpost::mail::Address &address);
    void certificatesRequested();

private:
    void setVerdictOf(const send::SendPlan &plan);
    void setVerdict(Tone tone, const QString &icon, const QString &text);
    void rebuild(const Preview &preview, Classification chosen);
    void addRecipients(const send::SendPlan &plan);
    void addFindings(const send::SendPlan &plan, Classification chosen);
    void settle();
    void addFinding(const scan::Finding &finding);
    //! The finding with the mark `next`, the first that was not there, gets the focus.
    void showAll(const std::string &next);
    void addPending(const Preview &preview);
    void addRaise(Classification raised);
    //! A reason that is being written outlives what is shown around it.
    void keepReason();
    void giveReasonBack();
    void keepFocus();
    void giveFocusBack();
    void addProblem(const Error &problem);
    void addInvitation();
    void addSuggestions();
    void addHeading(const QString &text);
    //! What is rebuilt would else come last in the window.
    void orderTabs();

    RecipientStatusModel &m_model;
    IconLabel *m_verdictIcon;
    QLabel *m_verdict;
    QWidget *m_anchor;
    QScrollArea *m_scroll;
    QVBoxLayout *m_content;
    std::vector<mail::Address> m_suggestions;
    bool m_asksForRecipients = false; //!< what is shown says that there is none
    struct Shown {
        Preview preview;
        Classification chosen = Classification::Official;
    };
    Shown m_shown;
    bool m_showsAll = false;          //!< of very many findings all, as was asked for
    std::vector<FindingRow *> m_rows; //!< of what is shown
    struct Reason {
        std::string mark; //!< of the finding
        QString text;
        bool focused = false;
    };
    std::optional<Reason> m_reason;
    std::string
        m_refocus; //!< mark of a finding, or accessible name of a button, that is to have the focus
};

} // namespace sealpost::ui
