"""How the supervisor, the zygote and its children speak: small JSON messages, descriptors, raw planes.

Nothing is pickled. A request is one packet on a SOCK_SEQPACKET socket. An answer is a stream: 4 bytes of length,
JSON, then the raw planes whose shapes the JSON declares.

The answer to "members" is a stream of frames, each 4 bytes of length and then so many bytes. For every file found
inside the upload: JSON that names it, its bytes in chunks, an empty frame, and JSON that says whether it is whole.
After the last one: JSON with the problems that were met.
"""

from __future__ import annotations

import array
import json
import socket
import struct
from typing import Any

MAX_REQUEST = 64 * 1024
MAX_JSON = 8 * 1024 * 1024
MAX_CHUNK = 1024 * 1024
MAX_MEMBER_JSON = 64 * 1024
MAX_MEMBER_PATH = 512
"""Characters of the name of a file inside another."""
_LENGTH = struct.Struct("!I")
STATUS = struct.Struct("!id")
"""How a child ended: its status as os.waitstatus_to_exitcode gives it (negative for a signal), and the CPU time
it used, in seconds. After NOT_SET_UP the reason follows."""
MOST_STATUS = 1024
NOT_SET_UP = 256
"""Stands in place of a status (at most 255): the child ended before it was confined, and had read nothing of the upload."""
MEMORY_EXIT = 12
FAULT_EXIT = 70


TRUST_OPTION = "--trust-list="
"""Begins the zygote's argument that names a file of certificates."""


def send_request(channel: socket.socket, message: dict[str, Any], fds: list[int]) -> None:
    """Send one request with its descriptors (borrowed: the caller still closes its own)."""
    data = json.dumps(message).encode("utf-8", "surrogateescape")
    channel.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else [])


def receive_request(channel: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Receive one request, None at the end of the channel. The descriptors are now ours to close."""
    data, ancillary, _, _ = channel.recvmsg(MAX_REQUEST, socket.CMSG_LEN(8 * 4), socket.MSG_CMSG_CLOEXEC)
    if not data:
        return None
    fds = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(payload[: len(payload) - len(payload) % fds.itemsize])
    message: dict[str, Any] = json.loads(data.decode("utf-8", "surrogateescape"))
    return message, list(fds)


def frame(body: bytes) -> bytes:
    """The length prefix and the body that follows it."""
    return _LENGTH.pack(len(body)) + body


def frame_length(prefix: bytes) -> int:
    """The declared length of the body that follows."""
    return int(_LENGTH.unpack(prefix)[0])


FRAME_PREFIX = _LENGTH.size
