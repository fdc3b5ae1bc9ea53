// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to the module: GMime behind owning pointers.
#pragma once

#include <gmime/gmime.h>
#include <memory>
#include <string>

namespace sealpost::mail::gmime {

struct GObjectDeleter {
    void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T> using GObjectPtr = std::unique_ptr<T, GObjectDeleter>;

struct GFreeDeleter {
    void operator()(gpointer memory) const { g_free(memory); }
};
using GCharPtr = std::unique_ptr<char, GFreeDeleter>;

struct FormatOptionsDeleter {
    void operator()(GMimeFormatOptions *options) const { g_mime_format_options_free(options); }
};
using FormatOptionsPtr = std::unique_ptr<GMimeFormatOptions, FormatOptionsDeleter>;

//! GMime's global state, set up once in a process; any thread, before any other call to GMime.
void ensureGMime();

//! Options that write CRLF.
[[nodiscard]] FormatOptionsPtr crlfOptions();

[[nodiscard]] inline std::string orEmpty(const char *text) {
    return text ? text : std::string();
}

} // namespace sealpost::mail::gmime
