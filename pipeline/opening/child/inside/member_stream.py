"""Sends the files found inside an upload home, as pipeline/opening/wire.py says."""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from pipeline.opening.child.inside.member_formats import READERS
from pipeline.opening.child.inside.members import FoundMember, MemberError
from pipeline.opening.limits import Limits
from pipeline.opening.wire import MAX_CHUNK, MAX_MEMBER_PATH, frame
from validators.evidence import Problem

_NAMELESS = "unnamed"
_MAX_PROBLEMS = 20
_SHOWN = 200


@dataclass(slots=True)
class MemberSender:
    """Writes frames to ``answer``, and never more members or bytes than the limits allow."""

    answer: int
    limits: Limits
    problems: list[Problem] = field(default_factory=list)
    sent: int = 0
    sent_bytes: int = 0
    _open: bool = False

    def send_all(self, mime: str, data: mmap.mmap) -> None:
        """Everything that the reader of ``mime`` finds, as far as the limits go."""
        for found in READERS[mime](data, self.limits):
            if isinstance(found, Problem):
                self.problems.append(found)
            elif self.sent == self.limits.members:
                self._note_limit(float(self.limits.members), "files")
                return
            elif not self._send_member(found):
                self._note_limit(float(self.limits.member_bytes), "bytes")
                return

    def end(self) -> None:
        """Close a member that was left open, and say what was wrong."""
        if self._open:
            self._close(whole=False)
        kept = [asdict(problem) for problem in self.problems[:_MAX_PROBLEMS]]
        for problem in kept:
            problem["detail"] = problem["detail"][-_SHOWN:]
        self._send_json({"problems": kept})

    def _send_member(self, member: FoundMember) -> bool:
        """False where the limit of bytes was reached in it."""
        self._send_json({"path": clean_path(member.path)})
        self._open = True
        self.sent += 1
        try:
            for chunk in _chunked(member):
                self.sent_bytes += len(chunk)
                if self.sent_bytes > self.limits.member_bytes:
                    self._close(whole=False)
                    return False
                self._send(chunk)
        except MemberError as error:
            self.problems.append(error.problem)
            self._close(whole=False)
        else:
            self._close(whole=True)
        return True

    def _close(self, *, whole: bool) -> None:
        self._send(b"")
        self._send_json({"whole": whole})
        self._open = False

    def _note_limit(self, limit: float, unit: str) -> None:
        detail = f"Only the first {self.sent} files inside it were opened."
        self.problems.append(Problem("limited", detail, None, limit, unit))

    def _send_json(self, body: dict[str, object]) -> None:
        self._send(json.dumps(body).encode())

    def _send(self, body: bytes) -> None:
        view = memoryview(frame(body))
        while view:
            view = view[os.write(self.answer, view) :]


def clean_path(path: str) -> str:
    """A name that leads nowhere else: segments joined by "/", none of them empty, "." or ".."."""
    plain = "".join(c for c in path.replace("\\", "/") if c.isprintable())
    kept = [one for one in plain.split("/") if one.strip() not in ("", ".", "..")]
    return "/".join(kept)[-MAX_MEMBER_PATH:].lstrip("/") or _NAMELESS


def _chunked(member: FoundMember) -> Iterator[bytes]:
    for chunk in member.chunks:
        for start in range(0, len(chunk), MAX_CHUNK):
            yield chunk[start : start + MAX_CHUNK]
