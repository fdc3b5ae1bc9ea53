// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/TextPdf.h"
#include "crypto/CmsReader.h"
#include "crypto/SmimeEngine.h"
#include "store/AuditJournal.h"
#include "store/Outbox.h"

#include <QJsonObject>
#include <optional>
#include <string>
#include <string_view>

//! Receipts that a third party can check with nothing but the file and an authority that it trusts
//! (docs/adr/0013).
namespace sealpost::runtime {

//! One transmission's receipt as it is to be signed.
struct ReceiptStatement {
    QJsonObject receipt; //!< send::toJson()'s
    //! The journal's line on how it ended; none where the journal has none.
    std::optional<store::JournalLine> line;
    Time issued{};
    std::string title; //!< of the page that a person reads
    std::string note;
    std::vector<base::PdfRow> page;
};

enum class ReceiptForm { Json, Pdf };

//! The file. `fingerprint` names the sender's certificate; empty: the receipt is not signed, and
//! proves nothing to anybody else. MessageSealer's errors.
[[nodiscard]] Result<std::string> writeReceipt(const ReceiptStatement &statement, ReceiptForm form,
                                               crypto::MessageSealer &sealer,
                                               const std::string &fingerprint, Deadline deadline);

struct CheckedReceipt {
    QJsonObject receipt;
    std::vector<base::PdfRow> page;
    std::string title;
    std::optional<crypto::SignatureFacts> signature;
    //! Empty where it holds; "unsigned", "signature" (it does not fit what it is to vouch for),
    //! "page" (the PDF shows something else than what was signed), "signer" (whose certificate
    //! does not do), "address" (it is somebody's else than the sender's).
    std::string fault;
};

//! Looks at a file of writeReceipt(), in either form. FixInput "receipt.unreadable".
[[nodiscard]] Result<CheckedReceipt> checkReceipt(std::string_view file, crypto::CmsReader &reader,
                                                  Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::runtime
