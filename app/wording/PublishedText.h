// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wording/Wording.h"

#include <vector>

namespace sealpost::wording {

//! What a domain publishes about its encryption (DANE, MTA-STS, TLS-RPT), question by question.
[[nodiscard]] std::vector<EvidenceLine> publishedLines(const assurance::DomainReport &report);

//! How one server that was asked stands to that: none or one line, and one more where somebody
//! seems to be tampering.
[[nodiscard]] std::vector<EvidenceLine> standingLines(const assurance::DomainReport &report,
                                                      const assurance::MxReport &mx);

//! Whether the item of evidence is told of by the two above.
[[nodiscard]] bool isAboutPublished(const assurance::EvidenceItem &item);

} // namespace sealpost::wording
