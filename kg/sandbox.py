"""A process that only computes: no more memory than it may have, and on Linux no sockets.

Queries and users' vocabularies are parsed so. The second lock behind the query's guard: were a SERVICE clause
to slip through the check, the kernel refuses the connection.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys
from contextlib import suppress
from typing import Final

_SET_NO_NEW_PRIVILEGES: Final = 38  # linux/prctl.h
_SET_SECCOMP, _FILTER = 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # linux/seccomp.h; 13 is EACCES
# machine -> (its number in linux/audit.h, the number of socket(2))
_MACHINES: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06  # linux/bpf_common.h


def confine(megabytes: int, *, network: bool, seconds: int | None = None) -> None:
    """Bound this process' memory and seconds of computing, and unless `network`, take away its sockets, where
    the system can.
    """
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        if seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    if not network and sys.platform == "linux" and platform.machine() in _MACHINES:
        _refuse_sockets(*_MACHINES[platform.machine()])


def _refuse_sockets(machine: int, socket: int) -> None:
    """A seccomp filter under which socket(2) fails, for this process and all it starts."""
    steps = (
        (_LOAD, 0, 0, 4),  # the machine
        (_JUMP_EQUAL, 0, 3, machine),
        (_LOAD, 0, 0, 0),  # the system call
        (_JUMP_EQUAL, 0, 1, socket),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.prctl(_SET_SECCOMP, _FILTER, program, 0, 0)
