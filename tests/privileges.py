"""Root may read and write all; a test of what may not be read or written must not run so."""

from __future__ import annotations

import ctypes
import os
import sys

CAPABILITY_VERSION_3 = 0x20080522
PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
"""https://man7.org/linux/man-pages/man7/capabilities.7.html"""


def without_root_rights() -> None:
    """Have this process, and the programs that take its place, obey file permissions even as root.

    https://man7.org/linux/man-pages/man2/capset.2.html
    """
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, then their upper halves
    libc.capget(header, sets)
    for each in range(3):
        sets[each] &= ~(1 << CAP_DAC_OVERRIDE | 1 << CAP_DAC_READ_SEARCH)
    libc.capset(header, sets)
