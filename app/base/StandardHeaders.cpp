// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing but what app/base/CMakeLists.txt adds.
