// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::test {

//! One step of a scripted server.
struct Step {
    enum class Kind {
        Send,       //!< "S: text": a line; "S! text": raw, with \r \n \0 \\ \xHH read as in C
        Expect,     //!< "C: text": a line of the client that starts so
        AnyBytes,   //!< "C*": something of the client, whatever it is
        ExpectEnd,  //!< "C-": the client hangs up
        Message,    //!< "MESSAGE": lines up to the last dot
        Chunk,      //!< "CHUNK": BDAT … LAST and its octets
        Tls,        //!< "TLS": the server's side of a handshake
        Close,      //!< "CLOSE"
        Hang,       //!< "HANG": silence until the client goes
        SendAlways, //!< "ENDLESS text": raw, again and again until the client goes
        Drip,       //!< "DRIP text": the same, a byte at a time with pauses
    };
    Kind kind = Kind::Close;
    std::string text;
};

//! A server's part, read from tests/dialogues/NAME.smtp. Lines "#: key value" say what the test
//! that plays it is to do and to see; other lines with "#" are comments.
struct Dialogue {
    std::map<std::string, std::string> properties;
    std::vector<Step> steps;

    //! Throws std::runtime_error with file and line where the script is malformed.
    [[nodiscard]] static Dialogue parse(std::string_view script, const std::string &name);
    [[nodiscard]] static Dialogue load(const std::string &name);
    //! Names, without folder and ending, of all that start with `prefix`, sorted; throws where
    //! there is none.
    [[nodiscard]] static std::vector<std::string> names(std::string_view prefix);

    [[nodiscard]] std::string property(const std::string &key, const std::string &otherwise) const;
};

} // namespace sealpost::test
