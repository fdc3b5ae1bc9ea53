# SPDX-License-Identifier: GPL-3.0-or-later
"""Real mail, name and web servers in namespaces of their own, for tests. See tests/lab/README.md."""
