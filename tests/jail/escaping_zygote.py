"""A zygote whose children are taken over: in place of measuring they try what the job names, or answer with a lie."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from typing import Any

sys.path[:0] = [path for path in sys.argv.pop(1).split(os.pathsep) if path]
USER = sys.argv.pop(1)

from attempts import attempted, is_open  # noqa: E402
from escaping_lies import LIES, framed  # noqa: E402

from pipeline.opening.child import child, zygote  # noqa: E402
from pipeline.opening.child.confinement.confine import Confinement  # noqa: E402


def _answer_job(message: dict[str, Any], upload: int, answer: int, limits: object) -> None:
    what = message["what"]
    if what == "sleep":
        time.sleep(60)
    elif what == "close and sleep":
        os.close(answer)
        time.sleep(60)
    elif what == "flood":
        while True:
            os.write(answer, bytes(1 << 20))
    elif what == "list descriptors":
        held = [number for number in range(256) if number not in (upload, answer) and is_open(number)]
        os.write(answer, framed(json.dumps({"measurements": {"held": held}, "planes": []}).encode()))
    elif what in LIES:
        os.write(answer, LIES[what])
    else:
        said = attempted(what, message["target"]).encode()
        os.write(answer, framed(json.dumps({"measurements": {"said": said.decode()}, "planes": []}).encode()))


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
