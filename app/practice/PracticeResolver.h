// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/DnsResolver.h"

#include <memory>
#include <string>

namespace sealpost::practice {

//! The host of Sam's submission server, at 127.0.0.1.
inline constexpr std::string_view kSubmissionHost = "smtp.justice.practice.example";
//! The loopback addresses of the mail exchangers: one with STARTTLS, one without.
inline constexpr std::string_view kGoodMxAddress = "127.0.0.2";
inline constexpr std::string_view kPlainMxAddress = "127.0.0.3";
//! A domain for which no DNS server answers: its state stays unknown.
inline constexpr std::string_view kUnsureDomain = "unsure.practice.example";

//! The mail exchangers that offer STARTTLS, for their certificate.
[[nodiscard]] std::vector<std::string> practiceTlsHosts();

//! DNS of practice.example, out of a table; every other name does not exist (NxDomain with the
//! detail "practice"), so that nothing is asked of a network. Any thread.
[[nodiscard]] std::shared_ptr<net::DnsResolver> makePracticeResolver();

} // namespace sealpost::practice
