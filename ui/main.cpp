// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/CoreFile.h"
#include "ui/AfterFirstPaint.h"
#include "ui/ComposeWindow.h"
#include "ui/Core.h"
#include "ui/Dialogs.h"
#include "ui/Icons.h"
#include "ui/Labels.h"
#include "ui/MessageDialog.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFile>
#include <memory>

namespace {

using namespace sealpost;

ui::CoreOptions parse(const QApplication &app, QStringList &messages) {
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Sends sensitive mail, correctly protected."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption practice(
        QStringLiteral("practice"),
        QCoreApplication::translate("main",
                                    "Practice mode: people and servers of its own, no network."));
    const QCommandLineOption profile(
        QStringLiteral("profile"),
        QCoreApplication::translate("main", "Keep everything in this folder."),
        QStringLiteral("DIR"));
    const QCommandLineOption policy(
        QStringLiteral("policy"),
        QCoreApplication::translate("main", "Use this policy instead of the profile's own."),
        QStringLiteral("FILE"));
    parser.addOptions({practice, profile, policy});
    parser.addPositionalArgument(
        QStringLiteral("messages"),
        QCoreApplication::translate("main", "Received messages to open (.eml, .p7m, .p7s)."),
        QStringLiteral("[FILE…]"));
    parser.process(app);
    messages = parser.positionalArguments();

    ui::CoreOptions options;
    const auto path = [&parser](const QCommandLineOption &option) {
        return std::filesystem::path(QFile::encodeName(parser.value(option)).toStdString());
    };
    if (parser.isSet(practice)) {
        options.mode = ui::StartMode::Practice;
    }
    if (parser.isSet(profile)) {
        options.profile = path(profile);
    }
    if (parser.isSet(policy)) {
        options.policyFile = path(policy);
    }
    return options;
}

//! Where Sealpost can't start: what, what next, and the code for the helpdesk.
ui::MessageDialog *showCannotStart(ui::ComposeWindow &window, const Error &error) {
    const auto text = wording::text(error);
    auto *dialog =
        new ui::MessageDialog(ui::Tone::Bad, QStringLiteral("warning"), text.what, &window);
    dialog->addText(text.next);
    dialog->addQuietText(
        QCoreApplication::translate("main", "Code for the helpdesk: %1").arg(text.code));
    dialog->addNo(QCoreApplication::translate("main", "&Quit"), ui::MessageDialog::Weight::Plain);
    QObject::connect(dialog, &QDialog::rejected, &window, &QWidget::close);
    dialog->open();
    return dialog;
}

void offerAnotherTry(ui::ComposeWindow &window, const Error &error) {
    auto *dialog = showCannotStart(window, error);
    dialog->addYes(QCoreApplication::translate("main", "&Try again"),
                   ui::MessageDialog::Weight::Default);
    QObject::connect(dialog, &QDialog::accepted, &window, &ui::ComposeWindow::start);
}

} // namespace

int main(int argc, char *argv[]) {
    base::leaveNoCoreFile();
    // The menu bar stays in the window; to ask the desktop for another place takes a D-Bus call.
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeMenuBar);
    QApplication app(argc, argv);
    QApplication::setApplicationName(QStringLiteral("sealpost"));
    QApplication::setApplicationDisplayName(QStringLiteral("Sealpost"));
    QApplication::setApplicationVersion(QStringLiteral(SEALPOST_VERSION));
    QStringList messages;
    const auto options = parse(app, messages);
    const auto accent = options.mode == ui::StartMode::Practice ? ui::Theme::Accent::Practice
                                                                : ui::Theme::Accent::Real;
    const auto kind = ui::Theme::detect(QApplication::palette());
    ui::Theme::installColours(kind, accent);

    std::unique_ptr<ui::ComposeService> service; // outlives the window
    ui::RealDialogs dialogs;
    ui::ComposeWindow window(dialogs, options.mode);
    QObject::connect(&window, &ui::ComposeWindow::openFailed, &window,
                     [&window](const Error &error) { offerAnotherTry(window, error); });
    ui::afterFirstPaint(&window, [&] {
        QApplication::setWindowIcon(ui::themedIcon(QStringLiteral("sealpost")));
        auto core = ui::loadCore(options);
        if (!core) {
            ui::Theme::install(app, kind, accent);
            showCannotStart(window, core.error());
            return;
        }
        service = std::move(*core);
        window.build(*service);
        ui::Theme::install(app, kind, accent);
        window.start();
        window.openMessages(messages);
    });
    window.show();
    return QApplication::exec();
}
