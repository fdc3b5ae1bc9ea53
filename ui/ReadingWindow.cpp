// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ReadingWindow.h"

#include "receive/SafeFiles.h"
#include "ui/ChainView.h"
#include "ui/DropChooser.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/OnFinished.h"
#include "ui/ReceivedParts.h"
#include "ui/Rows.h"
#include "ui/ScrollArea.h"
#include "ui/StatusLine.h"
#include "ui/VerdictPanel.h"
#include "wording/OpenedText.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileInfo>
#include <QGridLayout>
#include <QPlainTextEdit>
#include <QScreen>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

namespace sealpost::ui {
namespace {

constexpr std::size_t kMostShown =
    std::size_t{512} * 1024;               //!< of a text; nobody scrolls through more
constexpr std::size_t kMostRecipients = 8; //!< named in a line; the others are counted

QString listOf(const std::vector<mail::Mailbox> &mailboxes) {
    QStringList names;
    for (std::size_t i = 0; i < std::min(mailboxes.size(), kMostRecipients); ++i) {
        names << wording::mailboxText(mailboxes[i]);
    }
    auto text = names.join(QStringLiteral(", "));
    if (mailboxes.size() > kMostRecipients) {
        text =
            ReadingWindow::tr("%1 and %2 more").arg(text).arg(mailboxes.size() - kMostRecipients);
    }
    return text;
}

//! A line without end stops the window for minutes: it is broken, at a space where there is one.
QString withBoundedLines(const QString &text) {
    constexpr qsizetype kLongest = 4000;
    constexpr qsizetype kSpaceWithin = 200;
    QString out;
    out.reserve(text.size() + text.size() / kLongest);
    for (qsizetype at = 0; at < text.size();) {
        auto end = text.indexOf(QLatin1Char('\n'), at);
        end = end < 0 ? text.size() : end;
        while (end - at > kLongest) {
            const auto space = text.lastIndexOf(QLatin1Char(' '), at + kLongest);
            const auto cut = space > at + kLongest - kSpaceWithin ? space + 1 : at + kLongest;
            out += QStringView(text).mid(at, cut - at);
            out += QLatin1Char('\n');
            at = cut;
        }
        out += QStringView(text).mid(at, end + 1 - at);
        at = end + 1;
    }
    return out;
}

std::filesystem::path pathOf(const QString &file) {
    return {QFile::encodeName(file).toStdString()};
}

} // namespace

QString ReadingWindow::fileFilter() {
    return tr("Messages (*.eml *.p7m *.p7s *.p7z *.msg-rfc822);;All files (*)");
}

bool ReadingWindow::isMessageFile(const QString &file) {
    static const QStringList kEnds = {QStringLiteral("eml"), QStringLiteral("p7m"),
                                      QStringLiteral("p7s"), QStringLiteral("p7z")};
    return kEnds.contains(QFileInfo(file).suffix().toLower());
}

ReadingWindow::ReadingWindow(ComposeService &service, Dialogs &dialogs, QWidget *parent)
    : QMainWindow(parent), m_service(service), m_dialogs(dialogs), m_verdict(new VerdictPanel),
      m_verdictArea(new QScrollArea), m_subject(makeLabel({}, TextStyle::Title)),
      m_fields(new QGridLayout), m_body(new QPlainTextEdit), m_cut(makeLabel({}, TextStyle::Muted)),
      m_parts(new ReceivedParts), m_status(new StatusLine),
      m_forward(new QPushButton(tr("&Forward"))), m_reply(makePrimaryButton(tr("&Reply"))),
      m_replyAll(new QPushButton(tr("Reply to &all"))) {
    setAttribute(Qt::WA_DeleteOnClose);
    setAcceptDrops(true);
    auto *central = new QWidget;
    auto *column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_verdictArea->setWidget(m_verdict);
    m_verdictArea->setWidgetResizable(true);
    m_verdictArea->setFrameShape(QFrame::NoFrame);
    m_verdictArea->setFocusPolicy(Qt::NoFocus);
    m_verdictArea->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setLook(m_verdict, "edge");
    column->addWidget(m_verdictArea);
    column->addWidget(makeContent(), 1);
    setCentralWidget(central);
    makeShortcuts();
    connect(m_verdict, &VerdictPanel::heightChanged, this, &ReadingWindow::fitVerdict);
    connect(m_verdict, &VerdictPanel::keepRequested, this, &ReadingWindow::keep);
    connect(m_verdict, &VerdictPanel::checkRequested, this, &ReadingWindow::check);
    connect(m_parts, &ReceivedParts::saveRequested, this, &ReadingWindow::save);
    connect(m_parts, &ReceivedParts::saveAllRequested, this, &ReadingWindow::saveAll);
    connect(m_parts, &ReceivedParts::openRequested, this, [this](std::size_t index) {
        const auto &part = m_message->opened.attachments.at(index);
        emit insideRequested(part.content, nameOf(part, index));
    });
    setMinimumSize(440, 380);
    constexpr QSize kWanted(780, 680);
    constexpr QSize kFrame(16, 48);
    resize(kWanted.boundedTo(screen()->availableSize() - kFrame));
}

ReadingWindow::~ReadingWindow() {
    m_stop.request_stop();
}

QWidget *ReadingWindow::makeContent() {
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(kSpaceL, kSpaceM, kSpaceL, kSpaceM);
    column->setSpacing(kSpaceM);
    m_subject->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_subject);
    m_fields->setHorizontalSpacing(kSpaceM);
    m_fields->setVerticalSpacing(2);
    m_fields->setColumnStretch(1, 1);
    column->addLayout(m_fields);
    m_body->setReadOnly(true);
    m_body->setUndoRedoEnabled(false);
    m_body->setTabChangesFocus(true);
    m_body->setAcceptDrops(false);
    m_body->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_body->setMinimumHeight(80);
    describe(m_body, tr("Text of the message"),
             tr("What the sender wrote, as plain text. Nothing in it can be clicked, and nothing "
                "in it was fetched."));
    column->addWidget(m_body, 1);
    column->addWidget(m_cut);
    column->addWidget(m_parts);
    m_cut->hide();
    return withFoot(content);
}

//! Where there is less height than the message needs, it is scrolled rather than squeezed.
QWidget *ReadingWindow::withFoot(QWidget *content) {
    auto *scroll = makeScrollArea(content);
    auto *whole = new QWidget;
    auto *column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(scroll, 1);
    auto *foot = makeFoot();
    foot->layout()->setContentsMargins(kSpaceL, 0, kSpaceL, kSpaceM);
    column->addWidget(foot);
    return whole;
}

QWidget *ReadingWindow::makeFoot() {
    auto *foot = new QWidget;
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceM);
    row->addWidget(m_status, 1);
    describe(m_forward, tr("Forward"), tr("Sends the message on, by no weaker way than it came."));
    connect(m_forward, &QPushButton::clicked, this,
            [this] { emit forwardRequested(m_message, m_file); });
    row->addWidget(m_forward);
    describe(m_replyAll, tr("Reply to all"),
             tr("Writes an answer to the sender and to everyone who got the message."));
    describe(m_reply, tr("Reply"),
             tr("Writes an answer to the sender, protected no less than the message was."));
    connect(m_reply, &QPushButton::clicked, this, [this] { answer(receive::AnswerTo::Sender); });
    connect(m_replyAll, &QPushButton::clicked, this,
            [this] { answer(receive::AnswerTo::Everyone); });
    row->addWidget(m_replyAll);
    row->addWidget(m_reply);
    return foot;
}

void ReadingWindow::makeShortcuts() {
    const auto add = [this](const QList<QKeySequence> &keys, auto &&act) {
        auto *action = new QAction(this);
        action->setShortcuts(keys);
        connect(action, &QAction::triggered, this, act);
        addAction(action);
    };
    add({QKeySequence(Qt::Key_Escape), QKeySequence(Qt::CTRL | Qt::Key_W)}, [this] { close(); });
    add({QKeySequence(Qt::CTRL | Qt::Key_R)}, [this] { m_reply->click(); });
    add({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R)}, [this] { m_replyAll->click(); });
    add({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F)}, [this] { m_forward->click(); });
}

void ReadingWindow::openFile(const QString &file) {
    m_file = file;
    begin(QFileInfo(file).fileName());
    onFinished(this, m_service.openMessage(pathOf(file), m_stop.get_token()),
               [this](const Result<ReceivedPtr> &message) { take(message); });
}

void ReadingWindow::openBytes(std::string bytes, const QString &name) {
    begin(name);
    onFinished(this, m_service.openMessage(std::move(bytes), m_stop.get_token()),
               [this](const Result<ReceivedPtr> &message) { take(message); });
}

void ReadingWindow::begin(const QString &name) {
    setWindowTitle(name);
    m_verdict->showOpening();
    m_forward->setEnabled(false);
    m_forward->setVisible(!m_file.isEmpty());
    m_reply->setEnabled(false);
    m_replyAll->setEnabled(false);
    m_body->setEnabled(false);
}

void ReadingWindow::take(const Result<ReceivedPtr> &message) {
    if (!message) {
        m_verdict->showError(message.error());
        m_body->hide();
        emit loaded();
        return;
    }
    m_message = *message;
    const auto &opened = m_message->opened;
    m_verdict->showMessage(opened);
    showHeaders(opened.headers);
    showText(opened);
    m_parts->setParts(opened.attachments);
    const bool answerable = opened.shown() && !opened.headers.from.address.empty();
    m_forward->setEnabled(opened.shown());
    m_reply->setEnabled(answerable);
    m_replyAll->setEnabled(answerable);
    m_replyAll->setVisible(opened.headers.to.size() + opened.headers.cc.size() > 1);
    (opened.shown() ? static_cast<QWidget *>(m_body) : m_reply)->setFocus();
    emit loaded();
}

void ReadingWindow::addField(const QString &name, const QString &text) {
    if (text.isEmpty()) {
        return;
    }
    const int row = m_fields->rowCount();
    auto *label = makeLabel(name, TextStyle::Muted);
    label->setWordWrap(false);
    m_fields->addWidget(label, row, 0, Qt::AlignTop);
    auto *value = makeLabel(breakable(text));
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_fields->addWidget(value, row, 1);
}

void ReadingWindow::showHeaders(const receive::ShownHeaders &headers) {
    const auto subject = wording::visibleText(headers.subject).simplified();
    m_subject->setText(subject.isEmpty() ? tr("No subject") : breakable(subject));
    setWindowTitle(subject.isEmpty() ? tr("Message") : subject);
    addField(tr("From"), wording::mailboxText(headers.from));
    addField(tr("To"), listOf(headers.to));
    addField(tr("Cc"), listOf(headers.cc));
    addField(tr("Date"), wording::dateText(headers.date));
}

void ReadingWindow::showText(const receive::OpenedMessage &opened) {
    m_body->setEnabled(true);
    m_body->setVisible(opened.shown());
    if (!opened.shown()) {
        static_cast<QVBoxLayout *>(m_body->parentWidget()->layout())->addStretch(1);
        return;
    }
    const std::string_view text = *opened.text;
    m_body->setPlainText(withBoundedLines(wording::visibleText(text.substr(0, kMostShown))));
    m_cut->setVisible(text.size() > kMostShown);
    m_cut->setText(tr("This is the beginning of a very long text."));
}

//! As tall as its words need, but never more than half of the window: the rest is scrolled to.
void ReadingWindow::fitVerdict() {
    const int forWidth = m_verdict->heightForWidth(width());
    const int wanted = forWidth > 0 ? forWidth : m_verdict->sizeHint().height();
    const int most = std::max(height() / 2, 120);
    // A bar that need not be there takes room, and then it is needed.
    m_verdictArea->setVerticalScrollBarPolicy(wanted <= most ? Qt::ScrollBarAlwaysOff
                                                             : Qt::ScrollBarAsNeeded);
    m_verdictArea->setFixedHeight(std::min(wanted, most));
}

void ReadingWindow::resizeEvent(QResizeEvent *event) {
    QMainWindow::resizeEvent(event);
    fitVerdict();
}

void ReadingWindow::answer(receive::AnswerTo whom) {
    emit answerRequested(m_message, whom);
}

void ReadingWindow::keep() {
    onFinished(this, m_service.keepSigners(m_message), [this](const Result<ImportResult> &kept) {
        if (!kept) {
            m_dialogs.error(this, wording::text(kept.error()));
            return;
        }
        const bool encryption =
            std::any_of(kept->certificates.begin(), kept->certificates.end(),
                        [](const crypto::CertificateInfo &one) { return one.encryption; });
        m_verdict->showKept(encryption ? tr("Kept. You can encrypt to its owner, as soon as it can "
                                            "be relied on.")
                                       : tr("Kept. It can’t be encrypted to: ask its owner for "
                                            "one that can."));
        emit certificatesKept();
    });
}

void ReadingWindow::check(const std::string &fingerprint) {
    ExaminedCertificates what;
    const auto *signature = &m_message->opened.layers.back().signatures.front();
    what.fingerprint = fingerprint;
    what.bytes = signature->signerKnown ? std::string() : signature->certificates;
    auto *view = new ChainView(m_service, m_dialogs, std::move(what), this);
    view->setKeep([this] { return m_service.keepSigners(m_message); });
    connect(view, &ChainView::changed, this, &ReadingWindow::certificatesKept);
    view->open();
}

void ReadingWindow::save(std::size_t index) {
    const auto &part = m_message->opened.attachments.at(index);
    const auto name = nameOf(part, index);
    const auto choose = [this, index, name] {
        m_dialogs.saveFile(this, tr("Save attachment"), name,
                           [this, index](const QString &file) { saveTo(index, file); });
    };
    if (!receive::runsWhenOpened(name)) {
        choose();
        return;
    }
    m_dialogs.ask(this,
                  {tr("Save “%1”?").arg(name),
                   tr("A file of this kind can do harm as soon as it is opened. Save it only if "
                      "you expect it, and its sender is proven."),
                   tr("&Save it"),
                   tr("&Don’t save"),
                   {}},
                  [choose](bool yes) {
                      if (yes) {
                          choose();
                      }
                  });
}

void ReadingWindow::saveTo(std::size_t index, const QString &file) {
    onFinished(this,
               m_service.writeFile(pathOf(file), m_message->opened.attachments.at(index).content),
               [this, file](const Result<void> &written) {
                   if (written) {
                       m_status->showQuiet(tr("Saved: %1").arg(QFileInfo(file).fileName()));
                   } else {
                       m_dialogs.error(this, wording::text(written.error()));
                   }
               });
}

void ReadingWindow::saveAll() {
    m_dialogs.chooseFolder(this, tr("Save all attachments"), [this](const QString &folder) {
        onFinished(this, m_service.saveAttachments(pathOf(folder), m_message->opened.attachments),
                   [this](const Result<QStringList> &written) {
                       if (written) {
                           m_status->showQuiet(tr("%1 files saved").arg(written->size()));
                       } else {
                           m_dialogs.error(this, wording::text(written.error()));
                       }
                   });
    });
}

void ReadingWindow::dragEnterEvent(QDragEnterEvent *event) {
    const auto files = localFiles(event->mimeData());
    if (std::any_of(files.begin(), files.end(), &ReadingWindow::isMessageFile)) {
        event->acceptProposedAction();
    }
}

void ReadingWindow::dropEvent(QDropEvent *event) {
    auto files = localFiles(event->mimeData());
    files.erase(std::remove_if(files.begin(), files.end(),
                               [](const QString &file) { return !isMessageFile(file); }),
                files.end());
    event->acceptProposedAction();
    emit filesDropped(files);
}

} // namespace sealpost::ui
