// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace sealpost::base {

//! Who can mend an error; the words for it are made in app/wording.
enum class Reaction {
    Retry,    //!< passing: the same call may go through later
    FixInput, //!< the person can mend it: another file, address or passphrase
    AskAdmin, //!< configuration, server or policy: somebody else has to mend it
    Bug,      //!< an invariant of ours is broken
};

//! What went wrong. A verdict on evidence is never an Error (see Evidence.h).
struct Error {
    std::string code;  //!< stable, dotted, lower case: "pkcs12.wrong-passphrase"
    std::string stage; //!< what was being done: "import", "submit.ehlo"
    Reaction reaction = Reaction::Bug;
    std::string logSafeDetail; //!< no content, no secret, no recipient; may be pasted to a helpdesk
    std::string subject;       //!< what it happened to (file, host, address): shown, never logged
};

template <class T> using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

[[nodiscard]] inline tl::unexpected<Error> fail(std::string_view code, std::string_view stage,
                                                Reaction reaction, std::string_view detail = {},
                                                std::string_view subject = {}) {
    return tl::unexpected<Error>(Error{std::string(code), std::string(stage), reaction,
                                       std::string(detail), std::string(subject)});
}

} // namespace sealpost::base

namespace sealpost {
using base::Error;
using base::fail;
using base::Reaction;
using base::Result;
} // namespace sealpost
