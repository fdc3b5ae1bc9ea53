// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"

#include <QString>
#include <QStringList>

//! More on a domain than Wording.h's summary() says.
namespace sealpost::wording {

//! Of the evidence, what was seen of its servers: one or more sentences for each.
[[nodiscard]] QStringList serverSentences(const assurance::DomainReport &report);

//! The secure address in CJSM and how sure it is; empty where there is none to be named.
[[nodiscard]] QString cjsmText(const assurance::DomainReport &report);

} // namespace sealpost::wording
