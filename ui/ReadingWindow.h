// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "receive/Answer.h"
#include "ui/ComposeService.h"
#include "ui/Dialogs.h"

#include <QMainWindow>
#include <stop_token>

class QGridLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace sealpost::ui {

class ReceivedParts;
class StatusLine;
class VerdictPanel;

//! A received message: above what is proven of it, in our words; below what somebody wrote, as
//! plain text, of which nothing is fetched and nothing can be clicked. A window of its own, one for
//! each message; deletes itself on close.
class ReadingWindow final : public QMainWindow {
    Q_OBJECT
public:
    ReadingWindow(ComposeService &service, Dialogs &dialogs, QWidget *parent);
    ~ReadingWindow() override;

    void openFile(const QString &file);
    //! A message that was inside another.
    void openBytes(std::string bytes, const QString &name);

    [[nodiscard]] VerdictPanel *verdict() const { return m_verdict; }
    [[nodiscard]] QPlainTextEdit *body() const { return m_body; }
    [[nodiscard]] ReceivedPtr message() const { return m_message; }

    //! The types of files that it opens, for file dialogs and drops.
    [[nodiscard]] static QString fileFilter();
    [[nodiscard]] static bool isMessageFile(const QString &file);

signals:
    //! There is something to be seen: the message, or why there is none.
    void loaded();
    void answerRequested(const sealpost::ui::ReceivedPtr &message,
                         sealpost::receive::AnswerTo whom);
    //! Of a message that has a file of its own.
    void forwardRequested(const sealpost::ui::ReceivedPtr &message, const QString &file);
    void filesDropped(const QStringList &files);
    void insideRequested(const std::string &bytes, const QString &name);
    void certificatesKept();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QWidget *makeContent();
    QWidget *withFoot(QWidget *content);
    QWidget *makeFoot();
    void makeShortcuts();
    void begin(const QString &name);
    void take(const Result<ReceivedPtr> &message);
    void showHeaders(const receive::ShownHeaders &headers);
    void addField(const QString &name, const QString &text);
    void showText(const receive::OpenedMessage &opened);
    void fitVerdict();
    void answer(receive::AnswerTo whom);
    void keep();
    void check(const std::string &fingerprint);
    void save(std::size_t index);
    void saveTo(std::size_t index, const QString &file);
    void saveAll();

    ComposeService &m_service;
    Dialogs &m_dialogs;
    std::stop_source m_stop;
    ReceivedPtr m_message;
    QString m_file; //!< empty where the message was inside another
    VerdictPanel *m_verdict;
    QScrollArea *m_verdictArea;
    QLabel *m_subject;
    QGridLayout *m_fields;
    QPlainTextEdit *m_body;
    QLabel *m_cut; //!< there is more text than is shown
    ReceivedParts *m_parts;
    StatusLine *m_status;
    QPushButton *m_forward;
    QPushButton *m_reply;
    QPushButton *m_replyAll;
};

} // namespace sealpost::ui
