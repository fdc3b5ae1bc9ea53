// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sealpost::test {

struct Numbers {
    int (*answer)();
};

} // namespace sealpost::test
