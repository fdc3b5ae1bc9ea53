// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace sealpost::cli {

//! An option, flag or argument of a verb; a handle to it.
class VerbOption {
public:
    VerbOption() = default;
    explicit VerbOption(CLI::Option *option) : m_option(option) {}

    VerbOption required() const;
    //! What stands for its value in the help: "FILE".
    VerbOption typeName(const char *name) const;
    VerbOption oneOf(std::initializer_list<std::string> words) const;
    VerbOption between(int least, int most) const;
    //! One value each time; it may be given several times.
    VerbOption repeatable() const;
    VerbOption needs(const VerbOption &other) const;
    VerbOption excludes(const VerbOption &other) const;
    //! Whether it is on the parsed command line.
    [[nodiscard]] bool given() const;

private:
    CLI::Option *m_option = nullptr;
};

//! A command with its options, bound to variables that outlive the parsing; a handle to it. What is
//! behind it, CLI11, is known to Verb.cpp and Cli.cpp alone: it takes long to compile.
class Verb {
public:
    Verb() = default;
    explicit Verb(CLI::App &app) : m_app(&app) {}

    [[nodiscard]] Verb addVerb(const char *name, const char *description) const;
    //! One of whose own verbs has to follow.
    [[nodiscard]] Verb addGroup(const char *name, const char *description) const;

    //! `name`: "--from", or "file" for an argument.
    VerbOption option(const char *name, std::string &into, const char *text) const;
    VerbOption option(const char *name, std::vector<std::string> &into, const char *text) const;
    VerbOption option(const char *name, int &into, const char *text) const;
    VerbOption option(const char *name, std::int64_t &into, const char *text) const;
    VerbOption flag(const char *name, bool &into, const char *text) const;

    //! Whether the parsed command line names it.
    [[nodiscard]] bool chosen() const;

private:
    CLI::App *m_app = nullptr;
};

} // namespace sealpost::cli
