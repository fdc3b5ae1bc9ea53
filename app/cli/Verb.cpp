// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Verb.h"

#include <CLI/CLI.hpp>

namespace sealpost::cli {

VerbOption VerbOption::required() const {
    m_option->required();
    return *this;
}
VerbOption VerbOption::typeName(const char *name) const {
    m_option->type_name(name);
    return *this;
}
VerbOption VerbOption::oneOf(std::initializer_list<std::string> words) const {
    m_option->check(CLI::IsMember(std::vector<std::string>(words)));
    return *this;
}
VerbOption VerbOption::between(int least, int most) const {
    m_option->check(CLI::Range(least, most));
    return *this;
}
VerbOption VerbOption::repeatable() const {
    m_option->allow_extra_args(false);
    return *this;
}
VerbOption VerbOption::needs(const VerbOption &other) const {
    m_option->needs(other.m_option);
    return *this;
}
VerbOption VerbOption::excludes(const VerbOption &other) const {
    m_option->excludes(other.m_option);
    return *this;
}
bool VerbOption::given() const {
    return m_option != nullptr && m_option->count() > 0;
}

Verb Verb::addVerb(const char *name, const char *description) const {
    auto *verb = m_app->add_subcommand(name, description);
    verb->fallthrough(); // global options may stand behind it
    return Verb(*verb);
}
Verb Verb::addGroup(const char *name, const char *description) const {
    const auto group = addVerb(name, description);
    group.m_app->require_subcommand(1);
    return group;
}
VerbOption Verb::option(const char *name, std::string &into, const char *text) const {
    return VerbOption(m_app->add_option(name, into, text));
}
VerbOption Verb::option(const char *name, std::vector<std::string> &into, const char *text) const {
    return VerbOption(m_app->add_option(name, into, text));
}
VerbOption Verb::option(const char *name, int &into, const char *text) const {
    return VerbOption(m_app->add_option(name, into, text));
}
VerbOption Verb::option(const char *name, std::int64_t &into, const char *text) const {
    return VerbOption(m_app->add_option(name, into, text));
}
VerbOption Verb::flag(const char *name, bool &into, const char *text) const {
    return VerbOption(m_app->add_flag(name, into, text));
}
bool Verb::chosen() const {
    return m_app != nullptr && m_app->parsed();
}

} // namespace sealpost::cli
