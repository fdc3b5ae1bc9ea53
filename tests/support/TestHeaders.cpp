// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing of its own: the headers that tests share are compiled with it (CMakeLists.txt).
