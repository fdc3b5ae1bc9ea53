// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>
#include <string>
#include <utility>
#include <vector>

namespace sealpost::wording {

//! What a receipt's page says of an object of `send --json`'s "receipts": a label and a value each.
[[nodiscard]] std::vector<std::pair<QString, QString>> receiptRows(const QJsonObject &receipt);
[[nodiscard]] QString receiptTitle();
//! How it is checked.
[[nodiscard]] QString receiptNote();

//! What is wrong with a receipt, for a fault of runtime::CheckedReceipt; empty for none.
[[nodiscard]] QString receiptFault(const std::string &fault);
//! The same for a signature in the journal.
[[nodiscard]] QString signatureFault(const std::string &fault);

} // namespace sealpost::wording
