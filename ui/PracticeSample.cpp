// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PracticeSample.h"

#include <QCoreApplication>

namespace sealpost::ui {

std::vector<mail::Address> practicePeople() {
    std::vector<mail::Address> people;
    for (const auto *text : {"Jo Bloggs <jo.bloggs@court.practice.example>",
                             "Alex Marsh <alex.marsh@council.practice.example>",
                             "Old Mail Helpdesk <it@oldmail.practice.example>"}) {
        if (auto address = mail::Address::parse(text)) {
            people.push_back(std::move(*address));
        }
    }
    return people;
}

mail::Draft practiceDraft() {
    mail::Draft draft;
    draft.subject =
        QCoreApplication::translate("PracticeSample", "Access to the case archive").toStdString();
    draft.body = QCoreApplication::translate(
                     "PracticeSample",
                     "Hello,\n\nthis is a practice message. Nothing in it is real, and nothing "
                     "leaves this computer.\n\nThe password for the archive is "
                     "tulip-Harbour-42-lantern\n\nAdd a recipient, watch the panel on the right, "
                     "and press Send.\n\nKind regards\nSam\n")
                     .toStdString();
    return draft;
}

} // namespace sealpost::ui
