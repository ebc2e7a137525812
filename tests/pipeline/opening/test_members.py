"""Files found inside another: out of the jail into a private folder, within bounds, and no lie of a child gets further."""

from __future__ import annotations

import hashlib
import json
import socket
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "seams"))

from small_limits import LIMITS
from toy_archives import archive, with_toy_format

from pipeline.opening.host.answer import check_measurements
from pipeline.opening.host.answer_error import AnswerError
from pipeline.opening.host.answer_stream import Reader
from pipeline.opening.host.jail import Jail
from pipeline.opening.host.member_spool import bound_of, read_members
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.opening.wire import MAX_CHUNK, MAX_MEMBER_PATH, frame
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds

BOUNDED = replace(LIMITS, members=3, member_bytes=1 << 20)


@pytest.fixture(scope="module")
def opener():
    policy = load_policy()
    with pytest.MonkeyPatch.context() as patch:
        with_toy_format(patch)
        with Jail() as jail:
            limits = replace(limits_of(policy), members=4, member_bytes=1 << 20)
            yield Opener(jail, find_tools(), limits, content_thresholds(policy))


def opened(opener, folder, data, members=100):
    path = folder / "upload"
    path.write_bytes(data)
    return opener.open(path, members=members)


def problems(found):
    return [(one.code, one.detail) for one in found.measurements.problems]


def test_files_inside_lie_in_a_private_folder_until_they_are_discarded(opener, tmp_path):
    files = [("chat.txt", b"words\n"), ("media/a.jpg", b"\xff\xd8" * 40_000), ("empty", b"")]
    found = opened(opener, tmp_path, archive(files))
    assert [(one.path, one.file.read_bytes()) for one in found.members] == files
    assert found.spool.stat().st_mode & 0o077 == 0
    assert [(one.path, one.sha256, one.bytes) for one in found.measurements.members] == [
        (name, hashlib.sha256(data).hexdigest(), len(data)) for name, data in files
    ]
    found.discard()
    assert not found.spool.exists()


def test_names_that_lead_elsewhere_or_repeat_are_made_plain(opener, tmp_path):
    names = ["../../etc/passwd", "/a//./b", "C:\\x\\y.jpg", "C:/x/y.jpg"]
    found = opened(opener, tmp_path, archive([(name, b"x") for name in names]))
    assert [one.path for one in found.members] == ["etc/passwd", "a/b", "C:/x/y.jpg", "C:/x/y (2).jpg"]
    found.discard()


def test_more_files_or_bytes_than_the_policy_allows_are_left_and_told(opener, tmp_path):
    found = opened(opener, tmp_path, archive([(str(n), b"x") for n in range(6)]))
    assert [one.path for one in found.members] == ["0", "1", "2", "3"]
    assert problems(found) == [("limited", "Only the first 4 files inside it were opened.")]
    found.discard()
    found = opened(opener, tmp_path, archive([("a", b"x"), ("large", bytes(1 << 20)), ("b", b"x")]))
    assert [one.path for one in found.members] == ["a"]
    assert problems(found)[0][0] == "limited"
    found.discard()


def test_files_that_may_not_be_taken_out_are_told(opener, tmp_path):
    found = opened(opener, tmp_path, archive([("a", b"x")]), members=0)
    assert (found.members, found.spool) == ((), None)
    assert [code for code, _ in problems(found)] == ["limited", "members_left"]
    found = opened(opener, tmp_path, archive([("a", b"x"), ("b", b"x")]), members=1)
    assert [one.path for one in found.members] == ["a"]
    assert {code for code, _ in problems(found)} == {"limited", "members_left"}
    found.discard()


def test_what_cannot_be_read_costs_itself_alone(opener, tmp_path):
    found = opened(opener, tmp_path, archive([("a", b"1"), ("broken", b"2"), ("b", b"3")], "odd archive"))
    assert [one.path for one in found.members] == ["a", "b"]
    assert problems(found) == [("damaged", "broken cannot be read"), ("damaged", "odd archive")]
    assert len(list(found.spool.iterdir())) == 2
    found.discard()
    found = opened(opener, tmp_path, archive([("a", b"1"), ("fault", b"2")]))
    assert [one.path for one in found.members] == ["a"]
    assert [code for code, _ in problems(found)] == ["internal"]
    found.discard()


def test_a_file_without_files_inside_leaves_no_folder(opener, tmp_path):
    found = opened(opener, tmp_path, b"words\n")
    assert (found.members, found.spool, found.measurements.members) == ((), None, ())
    assert [one.name for one in tmp_path.iterdir()] == ["upload"]


def member(path, *chunks, whole=True):
    body = b"".join(frame(chunk) for chunk in (*chunks, b""))
    return frame(json.dumps({"path": path}).encode()) + body + frame(json.dumps({"whole": whole}).encode())


def end(*problems):
    return frame(json.dumps({"problems": list(problems)}).encode())


def said(data, spool, limits=BOUNDED):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 23)
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        return read_members(Reader(ours, time.monotonic() + 10, bound_of(limits)), spool, limits)


ODD = {"code": "no such code", "detail": "", "actual": None, "limit": None, "unit": None}
LIES = {
    "a name that leads elsewhere": member("../a", b"x") + end(),
    "a name with a hole in it": member("a//b", b"x") + end(),
    "a name with a control character": member("a\nb", b"x") + end(),
    "a name too long": member("a" * (MAX_MEMBER_PATH + 1), b"x") + end(),
    "no name": member("", b"x") + end(),
    "a chunk too long": frame(b'{"path": "a"}') + frame(bytes(MAX_CHUNK + 1)),
    "more files than it may": b"".join(member(str(n), b"x") for n in range(4)) + end(),
    "no end": member("a", b"x"),
    "an end in a file": frame(b'{"path": "a"}') + frame(b"x"),
    "no JSON": frame(b"\xff\xfe"),
    "nested JSON": frame(b"[" * 60_000),
    "another key": frame(b'{"path": "a", "mode": "0777"}'),
    "neither name nor end": frame(b"{}"),
    "a problem that is none": end(ODD),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_an_answer_that_is_not_as_agreed_is_refused(lie, tmp_path):
    with warnings.catch_warnings(), pytest.raises(AnswerError):
        warnings.simplefilter("error")
        said(lie, tmp_path)


def test_bytes_beyond_the_bound_are_never_written(tmp_path):
    chunks = [bytes(MAX_CHUNK // 4)] * 4
    with pytest.raises(OverflowError):
        said(member("a", *chunks) + member("b", b"x") + end(), tmp_path)
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= BOUNDED.member_bytes


def test_half_a_file_is_left_out(tmp_path):
    problem = {"code": "limited", "detail": "d", "actual": None, "limit": 3.0, "unit": "files"}
    found = said(member("a", b"1", b"2") + member("b", b"x", whole=False) + end(problem), tmp_path)
    assert [(one.path, one.file.read_bytes()) for one in found.members] == [("a", b"12")]
    assert [(one.code, one.limit) for one in found.problems] == [("limited", 3.0)]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_child_cannot_name_files_that_it_never_sent():
    claimed = {
        "version": "8",
        "detected_type": "text/plain",
        "members": [{"path": "a", "sha256": "0" * 64, "bytes": 1}],
    }
    with pytest.raises(AnswerError):
        check_measurements(claimed)
