// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/AskText.h"

#include "wording/Translate.h"

namespace sealpost::wording {

AskMessage askForCertificate(const QString &ownName) {
    return {tr("Please send me a signed message, so that I can encrypt to you"),
            tr("Hello,\n"
               "\n"
               "I want to send you something that only you should be able to read. For that I need "
               "your S/MIME certificate, which holds your public key. It is no secret.\n"
               "\n"
               "If you have a certificate:\n"
               "1. Answer this message, and choose \"Sign\" (in Outlook: Options, Sign; in "
               "Thunderbird: Security, Digitally Sign; in Apple Mail: the sign with the tick).\n"
               "2. Send it. Your certificate goes with the signature, and that is all I need.\n"
               "\n"
               "If you have none:\n"
               "1. Ask your organisation's IT helpdesk for an S/MIME certificate for this e-mail "
               "address, for signing and for encryption.\n"
               "2. Put the file that they give you into your mail program, and then do as above.\n"
               "\n"
               "This message is signed, so my own certificate has come with it: you can encrypt to "
               "me already. Please send nothing confidential until we have both done so.\n"
               "\n"
               "%1\n")
                .arg(ownName)};
}

} // namespace sealpost::wording
