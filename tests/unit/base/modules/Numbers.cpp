// SPDX-License-Identifier: GPL-3.0-or-later
#include "unit/base/modules/Numbers.h"

#include "base/ModuleEntry.h"

namespace {
constexpr sealpost::test::Numbers kTable{[] { return 42; }};
}

#ifdef SEALPOST_OTHER_VERSION
#undef SEALPOST_VERSION
#define SEALPOST_VERSION "0.0.0-other"
#endif

SEALPOST_MODULE(kTable)
