// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: whether an account number fits its sort code.
#pragma once

#include "base/Result.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! Modulus checking after Pay.UK's "Validating account numbers", with tables that an organisation
//! gets from Pay.UK: they may not be passed on, so none are part of this program.
class AccountChecks {
public:
    enum class Verdict {
        Unknown, //!< no rule for the sort code, or one that can't say
        Fits,
        DoesNotFit,
    };

    //! Whether a file is one of the two tables, by its first line.
    [[nodiscard]] static bool isTable(std::string_view content);
    //! Takes the weights ("valacdos.txt") or the substitutions ("scsubtab.txt"). AskAdmin
    //! "scan.rules" with the line where it is neither.
    [[nodiscard]] Result<void> add(std::string_view content, const std::string &file);
    [[nodiscard]] bool isEmpty() const { return m_checks.empty(); }

    //! Six and eight digits.
    [[nodiscard]] Verdict judge(std::string_view sortCode, std::string_view account) const;

private:
    enum class Method { Modulus10, Modulus11, DoubleAlternate };
    using Digits = std::array<int, 14>; //!< u to z of the sort code, a to h of the account
    struct Check {
        std::string from;
        std::string to;
        Method method = Method::Modulus10;
        Digits weights{};
        int exception = 0;
    };

    [[nodiscard]] static bool read(std::string_view line, Check &check);
    [[nodiscard]] bool passes(const Check &check, Digits digits) const;
    [[nodiscard]] bool isMet(const Check &check, const Digits &digits) const;

    std::vector<Check> m_checks;
    std::map<std::string, std::string, std::less<>> m_substitutes; //!< of sort codes
};

} // namespace sealpost::scan
