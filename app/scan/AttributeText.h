// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what a document's XML says in attributes.
#pragma once

#include <string>
#include <string_view>

namespace sealpost::scan {

//! Each attribute that may say something to people a line: "descr: A picture of the key"; where an
//! element gives a name and a value, "password: 1234". Numbers, colours, identifiers and the names
//! of schemas are left out.
[[nodiscard]] std::string attributeText(std::string_view xml);

} // namespace sealpost::scan
