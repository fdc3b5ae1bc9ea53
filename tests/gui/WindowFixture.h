// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/FakeComposeService.h"
#include "gui/ScriptedDialogs.h"
#include "ui/ComposeForm.h"
#include "ui/ComposeWindow.h"
#include "ui/HowPanel.h"
#include "ui/StatusLine.h"

#include <QApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <memory>

namespace sealpost::testing {

//! A window over the fake, opened and ready to be typed into.
struct WindowFixture {
    FakeComposeService service;
    ScriptedDialogs dialogs;
    std::unique_ptr<ui::ComposeWindow> window;

    void open(ui::StartMode mode = ui::StartMode::Real) {
        window = std::make_unique<ui::ComposeWindow>(dialogs, mode);
        window->build(service);
        window->setTiming(std::chrono::milliseconds(0), std::chrono::milliseconds(0));
        window->show();
        QApplication::setActiveWindow(window.get());
        window->start();
    }
    [[nodiscard]] bool isOpen() const { return window->form()->isEnabled(); }
    [[nodiscard]] ui::HowPanel *panel() const { return window->form()->panel(); }
    [[nodiscard]] QLineEdit *edit(const char *name) const {
        for (auto *one : window->findChildren<QLineEdit *>()) {
            if (one->accessibleName() == QLatin1String(name)) {
                return one;
            }
        }
        return nullptr;
    }
    [[nodiscard]] QPlainTextEdit *body() const { return window->findChild<QPlainTextEdit *>(); }
    void typeRecipient(const char *text) const {
        edit("To")->setText(QString::fromUtf8(text));
        QTest::keyClick(edit("To"), Qt::Key_Return);
    }
    template <class T> [[nodiscard]] T *dialog() const { return window->findChild<T *>(); }
    ~WindowFixture() {
        service.attachmentLatch.open();
        service.previewLatch.open();
        service.sendLatch.open();
        window.reset();
    }
};

[[nodiscard]] inline QPushButton *buttonOf(const QWidget *widget, const char *text) {
    for (auto *button : widget->findChildren<QPushButton *>()) {
        if (button->text().remove(QLatin1Char('&')) == QString::fromUtf8(text)) {
            return button;
        }
    }
    return nullptr;
}

} // namespace sealpost::testing
