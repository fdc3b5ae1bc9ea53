// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/reader/Limits.h"

#include <sys/resource.h>

namespace sealpost::scan {

void limitThisProcess() {
    const auto limit = [](auto what, rlim_t most) {
        const rlimit value{most, most};
        setrlimit(what, &value);
    };
    limit(RLIMIT_CPU, 20);
    limit(RLIMIT_CORE, 0); // a core would hold what was in the file
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NPROC, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // they map terabytes
    limit(RLIMIT_AS, rlim_t{1024} * 1024 * 1024);
#endif
}

} // namespace sealpost::scan
