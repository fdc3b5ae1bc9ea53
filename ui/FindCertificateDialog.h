// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Dialogs.h"
#include "ui/Theme.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace sealpost::ui {

//! Looks for somebody's certificate everywhere that is known, and shows what there is: where from,
//! what is wrong with it, which one messages are encrypted to and why. What is found is kept, or
//! chosen for good, by a button of its own; nothing is trusted for where it was found.
class FindCertificateDialog final : public QDialog {
    Q_OBJECT
public:
    //! With an address the search begins at once.
    FindCertificateDialog(ComposeService &service, Dialogs &dialogs, const QString &addressSpec,
                          QWidget *parent);
    ~FindCertificateDialog() override;
    [[nodiscard]] QLineEdit *address() const { return m_address; }

signals:
    void searched();
    //! A certificate was kept, chosen, or no longer so.
    void changed();
    //! The person wants to write to somebody about a certificate.
    void askRequested(const std::string &addressSpec);

private:
    using Answer = Result<runtime::CertificateSearch>;
    void begin();
    void stop();
    void showIdle();
    void fill(const Answer &answer);
    void addCandidate(const runtime::CertificateSearch &search,
                      const runtime::FoundCandidate &candidate);
    void addButtons(QVBoxLayout *column, const runtime::CertificateSearch &search,
                    const runtime::FoundCandidate &candidate);
    void addNothingUsable(const runtime::CertificateSearch &search);
    void addTroubles(const runtime::CertificateSearch &search);
    void check(const runtime::FoundCandidate &candidate);
    void keep(const std::string &bytes);
    void choose(const std::string &fingerprint);
    template <class T> void after(const QFuture<Result<T>> &done);
    void say(Tone tone, const QString &text);

    ComposeService &m_service;
    Dialogs &m_dialogs;
    std::string m_spec;      //!< that was searched for last
    std::stop_source m_stop; //!< of the search that is waited for
    int m_run = 0;           //!< which one that is: an older one is not listened to
    bool m_busy = false;
    QLineEdit *m_address;
    QPushButton *m_search; //!< or stops it
    QLabel *m_says;
    QVBoxLayout *m_found;
};

} // namespace sealpost::ui
