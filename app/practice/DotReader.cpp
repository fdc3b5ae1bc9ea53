// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/DotReader.h"

namespace sealpost::practice {

std::size_t DotReader::feed(std::string_view bytes, std::string &out) {
    std::size_t used = 0;
    while (used < bytes.size() && !done()) {
        step(bytes[used++], out);
    }
    return used;
}

void DotReader::text(char c, std::string &out) {
    if (c == '\r') {
        m_state = State::Cr;
        return;
    }
    //= RFC 5321 §2.3.8: a bare LF is no line's end
    m_bare = m_bare || c == '\n';
    out += c;
    m_state = State::Text;
}

void DotReader::step(char c, std::string &out) {
    switch (m_state) {
    case State::LineStart:
        if (c == '.') {
            m_state = State::Dot;
            return;
        }
        text(c, out);
        return;
    case State::Text:
        text(c, out);
        return;
    case State::Cr:
        out += '\r';
        if (c == '\n') {
            out += '\n';
            m_state = State::LineStart;
            return;
        }
        m_bare = true;
        text(c, out);
        return;
    case State::Dot:
        if (c == '\r') {
            m_state = State::DotCr;
            return;
        }
        text(c, out);
        return;
    case State::DotCr:
        if (c == '\n') {
            m_state = State::Done;
            return;
        }
        out += '\r';
        m_bare = true;
        text(c, out);
        return;
    case State::Done:
        return;
    }
}

} // namespace sealpost::practice
