// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/PolicySchema.h"

#include <vector>

//! The rows of the schema, by topic: each adds its own, in the order of the default policy's file.
namespace sealpost::policy {

void addOrganisationKeys(std::vector<KeySpec> &keys);
void addDecisionKeys(std::vector<KeySpec> &keys);
void addTlsKeys(std::vector<KeySpec> &keys);
void addCertificateKeys(std::vector<KeySpec> &keys);
void addPeopleKeys(std::vector<KeySpec> &keys); //!< domains, cjsm
void addSmimeKeys(std::vector<KeySpec> &keys);
void addConductKeys(std::vector<KeySpec> &keys); //!< what gives pause, forwarding, ome
void addScanKeys(std::vector<KeySpec> &keys);
void addProgramKeys(std::vector<KeySpec> &keys); //!< probe, message
void addSubmissionKeys(std::vector<KeySpec> &keys);
void addAccountKeys(std::vector<KeySpec> &keys);
void addKeepingKeys(std::vector<KeySpec> &keys); //!< journal, retention
void addMarkingKeys(std::vector<KeySpec> &keys); //!< markings and disclaimers
void addTestingKeys(std::vector<KeySpec> &keys);

} // namespace sealpost::policy
