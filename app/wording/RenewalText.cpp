// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/RenewalText.h"

#include "wording/Translate.h"
#include "wording/Wording.h"

namespace sealpost::wording {

QString text(const crypto::RenewalDue &due) {
    const auto address = toQString(due.address);
    const auto end = timeText(due.certificate.notAfter);
    return due.ended
               ? tr("Your certificate for %1 ended on %2. Ask your organisation for a new one. "
                    "Keep "
                    "the old one: mail that was encrypted to it can be read with it alone.")
                     .arg(address, end)
               : tr("Your certificate for %1 ends on %2. Ask your organisation for a new one in "
                    "time. Keep the old one for the mail that was encrypted to it.")
                     .arg(address, end);
}

} // namespace sealpost::wording
