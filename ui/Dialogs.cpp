// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Dialogs.h"

#include "ui/Labels.h"
#include "ui/MessageDialog.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QFileDialog>
#include <QLineEdit>
#include <QUrl>

namespace sealpost::ui {
namespace {

QString tr(const char *text) {
    return QCoreApplication::translate("Dialogs", text);
}

} // namespace

void RealDialogs::openFiles(QWidget *parent, const QString &title, const QString &filter,
                            std::function<void(QStringList)> chosen) {
    auto *dialog = new QFileDialog(parent, title, {}, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    QObject::connect(dialog, &QFileDialog::filesSelected, parent, std::move(chosen));
    dialog->open();
}

void RealDialogs::saveFile(QWidget *parent, const QString &title, const QString &name,
                           std::function<void(QString)> chosen) {
    auto *dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(name);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
    dialog->open();
}

void RealDialogs::chooseFolder(QWidget *parent, const QString &title,
                               std::function<void(QString)> chosen) {
    auto *dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
    dialog->open();
}

void RealDialogs::ask(QWidget *parent, const Question &question, std::function<void(bool)> answer) {
    auto *dialog =
        new MessageDialog(Tone::Info, QStringLiteral("unconfirmed"), question.title, parent);
    dialog->addText(question.text);
    if (!question.detail.isEmpty()) {
        dialog->addQuietText(question.detail);
    }
    dialog->addYes(question.yes, MessageDialog::Weight::Plain);
    dialog->addNo(question.no, MessageDialog::Weight::Default);
    QObject::connect(dialog, &QDialog::finished, parent,
                     [answer = std::move(answer)](int code) { answer(code == QDialog::Accepted); });
    dialog->open();
}

void RealDialogs::passphrase(QWidget *parent, const QString &title, const QString &text,
                             std::function<void(QString)> given) {
    auto *dialog = new MessageDialog(Tone::Info, QStringLiteral("key"), title, parent);
    dialog->addText(text);
    auto *edit = new QLineEdit;
    edit->setEchoMode(QLineEdit::Password);
    describe(edit, tr("Passphrase"), text);
    dialog->addWidget(edit);
    dialog->addNo(tr("Cancel"), MessageDialog::Weight::Plain);
    dialog->addYes(tr("Import"), MessageDialog::Weight::Default);
    QObject::connect(dialog, &QDialog::accepted, parent,
                     [edit, given = std::move(given)] { given(edit->text()); });
    edit->setFocus();
    dialog->open();
}

void RealDialogs::error(QWidget *parent, const wording::ErrorText &text) {
    auto *dialog = new MessageDialog(Tone::Bad, QStringLiteral("warning"), text.what, parent);
    dialog->addText(text.next);
    dialog->addQuietText(tr("Code for the helpdesk: %1").arg(text.code));
    dialog->addNo(tr("Close"), MessageDialog::Weight::Default);
    dialog->open();
}

void RealDialogs::information(QWidget *parent, const QString &title, const QString &text) {
    auto *dialog = new MessageDialog(Tone::Info, QStringLiteral("info"), title, parent);
    dialog->addText(text);
    dialog->addNo(tr("Close"), MessageDialog::Weight::Default);
    dialog->open();
}

void RealDialogs::openPage(const QString &url) {
    QDesktopServices::openUrl(QUrl(url));
}

} // namespace sealpost::ui
