// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Dialogs.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTableWidget;

namespace sealpost::ui {

//! The certificates that are known here, and a way to import more.
class CertificateView final : public QDialog {
    Q_OBJECT
public:
    CertificateView(ComposeService &service, Dialogs &dialogs, QWidget *parent);
    [[nodiscard]] QTableWidget *table() const { return m_table; }

signals:
    void loaded();
    void imported();
    //! The person wants to write to somebody about a new certificate.
    void askRequested(const std::string &addressSpec);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    //! `note`: what was done before, told beside what there is.
    void reload(const QString &note = {});
    void fill(const Result<KeyRing> &ring, const QString &note);
    void showSelected();
    [[nodiscard]] const crypto::CertificateInfo *selected() const;
    void check();
    void find();
    void togglePin();
    void readCard();
    void chooseFile();
    void importFile(const QString &file);
    void import(const QString &file, std::shared_ptr<SecretBytes> passphrase);

    ComposeService &m_service;
    Dialogs &m_dialogs;
    KeyRing m_ring;
    QLabel *m_intro;
    QTableWidget *m_table;
    QLabel *m_detail;
    QPushButton *m_import;
    QPushButton *m_card;
    QPushButton *m_check;
    QPushButton *m_pin;
};

} // namespace sealpost::ui
