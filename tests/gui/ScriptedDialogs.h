// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Dialogs.h"

#include <vector>

namespace sealpost::testing {

//! Answers in a person's place, at once, and remembers what was asked.
class ScriptedDialogs final : public ui::Dialogs {
public:
    QStringList files;       //!< chosen in openFiles()
    QString saveAs;          //!< chosen in saveFile(); empty: cancelled
    QString folder;          //!< chosen in chooseFolder(); empty: cancelled
    bool yes = false;        //!< to every question
    QString givenPassphrase; //!< empty: cancelled

    std::vector<ui::Question> questions;
    std::vector<wording::ErrorText> errors;
    std::vector<QString> informations;
    QStringList pages; //!< opened in the browser

    void openFiles(QWidget *, const QString &, const QString &,
                   std::function<void(QStringList)> chosen) override {
        if (!files.isEmpty()) {
            chosen(files);
        }
    }
    void saveFile(QWidget *, const QString &, const QString &,
                  std::function<void(QString)> chosen) override {
        if (!saveAs.isEmpty()) {
            chosen(saveAs);
        }
    }
    void chooseFolder(QWidget *, const QString &, std::function<void(QString)> chosen) override {
        if (!folder.isEmpty()) {
            chosen(folder);
        }
    }
    void ask(QWidget *, const ui::Question &question, std::function<void(bool)> answer) override {
        questions.push_back(question);
        answer(yes);
    }
    void passphrase(QWidget *, const QString &, const QString &,
                    std::function<void(QString)> given) override {
        if (!givenPassphrase.isEmpty()) {
            given(givenPassphrase);
        }
    }
    void error(QWidget *, const wording::ErrorText &text) override { errors.push_back(text); }
    void information(QWidget *, const QString &title, const QString &) override {
        informations.push_back(title);
    }
    void openPage(const QString &url) override { pages << url; }
};

} // namespace sealpost::testing
