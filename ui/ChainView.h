// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"
#include "ui/Dialogs.h"

#include <QDialog>
#include <functional>
#include <vector>

class QLabel;
class QTreeWidget;
class QTreeWidgetItem;
class QVBoxLayout;

namespace sealpost::ui {

//! Certificates with everything above them as a tree, all that is wrong, and for each mistake a
//! button where something can be done about it here.
class ChainView final : public QDialog {
    Q_OBJECT
public:
    ChainView(ComposeService &service, Dialogs &dialogs, ExaminedCertificates what,
              QWidget *parent);

    //! For one that is not in the key ring yet: what puts it there, and with that allows to mend
    //! it.
    using Keep = std::function<QFuture<Result<ImportResult>>()>;
    void setKeep(Keep keep);
    [[nodiscard]] QTreeWidget *tree() const { return m_tree; }

signals:
    void loaded();
    //! Something was imported or trusted.
    void changed();
    //! The person wants to write to somebody about a new certificate.
    void askRequested(const std::string &addressSpec);

private:
    void reload();
    void fill(const Result<std::vector<crypto::ChainReport>> &reports);
    void addChain(const crypto::ChainReport &report);
    QTreeWidgetItem *addMissing(const crypto::ChainReport &report);
    void addFaults(const crypto::ChainReport &report);
    void addFault(const crypto::ChainReport &report, const crypto::ChainFault &fault);
    void addKeepOffer();
    void showSelected();
    void mend(const crypto::ChainReport &report, const crypto::ChainFault &fault);
    void fetch(const std::string &fingerprint);
    void trust(const crypto::ChainFault &fault);
    void importFile();
    void keep();
    template <class T> void after(const QFuture<Result<T>> &done);

    ComposeService &m_service;
    Dialogs &m_dialogs;
    ExaminedCertificates m_what;
    Keep m_keep;
    std::vector<crypto::ChainReport> m_reports;
    QTreeWidget *m_tree;
    QLabel *m_detail;
    QVBoxLayout *m_faults;
};

} // namespace sealpost::ui
