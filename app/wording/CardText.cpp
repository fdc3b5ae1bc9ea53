// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/CardText.h"

#include "wording/Translate.h"

namespace sealpost::wording {

QString text(const crypto::CardSummary &card) {
    if (card.keys == 0) {
        return tr("There are no keys on this card.");
    }
    if (card.keysWithoutCertificate == 0) {
        return tr("The card's keys can be used now. Its PIN is asked for when you sign or read.");
    }
    if (card.keysWithoutCertificate == card.keys) {
        return tr("The card's keys have no certificate here yet. Import the certificates from the "
                  "files that whoever issued the card gave you.");
    }
    return tr("The card's keys can be used now, but for some there is no certificate here. If you "
              "have theirs as files, import them.");
}

} // namespace sealpost::wording
