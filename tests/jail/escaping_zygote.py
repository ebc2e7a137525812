"""A zygote whose children are taken over: in place of measuring they try what the job names, or answer with a lie."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import struct
import sys
import time
from typing import Any

sys.path[:0] = [path for path in sys.argv.pop(1).split(os.pathsep) if path]
USER = sys.argv.pop(1)

from attempts import attempted  # noqa: E402

from pipeline.opening import child, zygote  # noqa: E402
from pipeline.opening.confinement.confine import Confinement  # noqa: E402


def _framed(body: bytes, length: int | None = None) -> bytes:
    return struct.pack("!I", len(body) if length is None else length) + body


def _plane(width: int, height: int) -> bytes:
    planes = [{"kind": "view", "width": width, "height": height}]
    return json.dumps({"measurements": {}, "planes": planes}).encode()


LIES = {
    "a length beyond the answer": _framed(b"{}", 1000),
    "a length beyond all bounds": _framed(b"{}", 0xFFFFFFFF),
    "no JSON": _framed(b"[" * 100_000),
    "a pickle": _framed(pickle.dumps({"measurements": {}, "planes": []})),
    "JSON of another shape": _framed(b'{"planes": 7}'),
    "nothing": b"",
    "a plane that never comes": _framed(_plane(100, 100)),
    "a plane of a negative size": _framed(_plane(-5, 100)),
    "a plane beyond all bounds": _framed(_plane(2**31, 2**31)),
}


def _answer_job(message: dict[str, Any], upload: int, answer: int, limits: object) -> None:
    what = message["what"]
    if what == "sleep":
        time.sleep(60)
    elif what == "flood":
        while True:
            os.write(answer, bytes(1 << 20))
    elif what in LIES:
        os.write(answer, LIES[what])
    else:
        said = attempted(what, message["target"]).encode()
        os.write(
            answer, _framed(json.dumps({"measurements": {"said": said.decode()}, "planes": []}).encode())
        )


def _serve_as(channel: socket.socket, parts: Confinement) -> None:
    """As another user, who then finds out anew what this kernel has."""
    if USER:
        os.setgroups([])
        os.setresgid(*(int(USER),) * 3)
        os.setresuid(*(int(USER),) * 3)
        parts = zygote.find_out()
    _serve(channel, parts)


child.answer_job = _answer_job
_serve, zygote._serve = zygote._serve, _serve_as
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
zygote.main()
