// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wording/Wording.h"

#include <QString>
#include <QStringList>
#include <functional>

class QWidget;

namespace sealpost::ui {

struct Question {
    QString title;
    QString text;
    QString yes;    //!< the button that does it: a verb
    QString no;     //!< the default
    QString detail; //!< a second, quieter sentence
};

//! The small dialogs: the seam at which tests answer in a person's place. All of them are shown
//! without a nested event loop and answer later; a closed dialog does not answer.
class Dialogs {
public:
    Dialogs() = default;
    Dialogs(const Dialogs &) = delete;
    Dialogs &operator=(const Dialogs &) = delete;
    virtual ~Dialogs() = default;

    virtual void openFiles(QWidget *parent, const QString &title, const QString &filter,
                           std::function<void(QStringList)> chosen) = 0;
    virtual void saveFile(QWidget *parent, const QString &title, const QString &name,
                          std::function<void(QString)> chosen) = 0;
    virtual void chooseFolder(QWidget *parent, const QString &title,
                              std::function<void(QString)> chosen) = 0;
    //! `answer(true)` for yes, `answer(false)` for anything else.
    virtual void ask(QWidget *parent, const Question &question,
                     std::function<void(bool)> answer) = 0;
    virtual void passphrase(QWidget *parent, const QString &title, const QString &text,
                            std::function<void(QString)> given) = 0;
    virtual void error(QWidget *parent, const wording::ErrorText &text) = 0;
    virtual void information(QWidget *parent, const QString &title, const QString &text) = 0;
    //! In the system's browser.
    virtual void openPage(const QString &url) = 0;
};

class RealDialogs final : public Dialogs {
public:
    void openFiles(QWidget *parent, const QString &title, const QString &filter,
                   std::function<void(QStringList)> chosen) override;
    void saveFile(QWidget *parent, const QString &title, const QString &name,
                  std::function<void(QString)> chosen) override;
    void chooseFolder(QWidget *parent, const QString &title,
                      std::function<void(QString)> chosen) override;
    void ask(QWidget *parent, const Question &question, std::function<void(bool)> answer) override;
    void passphrase(QWidget *parent, const QString &title, const QString &text,
                    std::function<void(QString)> given) override;
    void error(QWidget *parent, const wording::ErrorText &text) override;
    void information(QWidget *parent, const QString &title, const QString &text) override;
    void openPage(const QString &url) override;
};

} // namespace sealpost::ui
