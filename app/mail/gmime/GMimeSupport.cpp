// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/gmime/GMimeSupport.h"

#include <mutex>

namespace sealpost::mail::gmime {

void ensureGMime() {
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

FormatOptionsPtr crlfOptions() {
    ensureGMime();
    FormatOptionsPtr options(g_mime_format_options_new());
    g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
    return options;
}

} // namespace sealpost::mail::gmime
