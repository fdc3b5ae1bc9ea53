// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/RecipientStatusModel.h"

#include <QWidget>
#include <vector>

class QBoxLayout;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace sealpost::ui {

class AttachmentBar;
class ClassificationBox;
class DropChooser;
class ForwardRow;
class HowPanel;
class MarkingRow;
class RecipientField;

//! The message as one writes it: its fields, and the panel beside them. Knows nothing of stores,
//! plans or servers; gives and takes a draft.
class ComposeForm final : public QWidget {
    Q_OBJECT
public:
    ComposeForm(ComposeService &service, RecipientStatusModel &model, QWidget *parent = nullptr);

    void setAccounts(const std::vector<mail::Account> &accounts);
    //! What policy offers beside the classification.
    void setMarkingWords(const std::vector<std::string> &handling,
                         const std::vector<std::string> &descriptors);
    //! A received message that goes on with this one.
    void forward(const QString &file);
    [[nodiscard]] bool hasAccount() const { return !m_accounts.empty(); }
    //! Copies the whole text: not for each keystroke.
    [[nodiscard]] mail::Draft draft() const;
    [[nodiscard]] QString subject() const;
    [[nodiscard]] Classification classification() const;
    void setDraft(const mail::Draft &draft);
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] bool hasRecipient() const;
    //! What was typed as a recipient and is no address.
    [[nodiscard]] QStringList malformed() const;
    //! Makes chips of what is still being typed.
    void commit();
    void addTo(const mail::Address &address);
    void removeRecipient(const mail::Address &address);
    void setClassification(Classification classification);
    void focusFirst();
    void focusRecipients();
    void focusBody();
    void focusMalformed();
    //! Selects it in the text, or leads to the attachment that it is in.
    void showFinding(const scan::Finding &finding);
    void dismiss(const scan::Finding &finding, const QString &reason);
    void restore(const scan::Finding &finding);

    [[nodiscard]] HowPanel *panel() const { return m_panel; }
    [[nodiscard]] AttachmentBar *attachments() const { return m_attachments; }

signals:
    void changed();
    void evidenceRequested(const sealpost::mail::Address &address);
    void attachRequested();
    //! Messages' files were dropped to be read.
    void openRequested(const QStringList &files);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    [[nodiscard]] QWidget *makeHead();
    [[nodiscard]] QLabel *makeFieldLabel(const QString &text, QWidget *buddy);
    void addField(QGridLayout *grid, int row, const QString &label, RecipientField *field);
    void addMarkingAndForward(QGridLayout *grid);
    void placeInTabOrder();
    void connectFields();
    void reveal(QWidget *widget);
    void showCopies(bool cc, bool bcc);
    [[nodiscard]] QWidget *makeFloor();
    void setProtect(std::optional<RouteKind> protect);
    [[nodiscard]] std::vector<RecipientField *> fields() const { return {m_to, m_cc, m_bcc}; }

    std::vector<mail::Account> m_accounts;
    std::vector<mail::Dismissal> m_dismissals;
    std::optional<RouteKind> m_protect;
    QComboBox *m_from;
    ClassificationBox *m_classification;
    RecipientField *m_to;
    RecipientField *m_cc;
    RecipientField *m_bcc;
    QLabel *m_ccLabel = nullptr;
    QLabel *m_bccLabel = nullptr;
    QPushButton *m_showCc;
    QPushButton *m_showBcc;
    QLineEdit *m_subject;
    MarkingRow *m_marking;
    QLabel *m_markingLabel = nullptr;
    ForwardRow *m_forward;
    QLabel *m_forwardLabel = nullptr;
    QPlainTextEdit *m_body;
    AttachmentBar *m_attachments;
    QWidget *m_floor = nullptr; //!< says which way an answer has to go
    QLabel *m_floorText = nullptr;
    DropChooser *m_chooser;
    HowPanel *m_panel;
    QBoxLayout *m_middle;
    bool m_quiet = false; //!< fields are being filled, not edited
};

} // namespace sealpost::ui
