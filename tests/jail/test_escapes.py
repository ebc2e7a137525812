"""Every escape is tried as root and as nobody, within bubblewrap, and on kernels that know less of Landlock: it gets through
outside the jail, and neither as a decoder nor as a tool."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from zygotes import why_not_in_namespaces

from jail.attempts import ABSENT, ATTEMPTS, OF_NEWER_KERNELS, ROOT_ALONE
from pipeline.opening.child.confinement.confine import find_out
from pipeline.opening.host.namespaces import PART
from pipeline.opening.jail_level import missing

DRIVER = Path(__file__).with_name("driver.py")
NOBODY = 65534
WRAPPED = "within bubblewrap"
USERS = [*(["root", "nobody"] if os.geteuid() == 0 else ["the user"]), WRAPPED]


LANDLOCKS = range(1, 8)


@cache
def results(user: str, landlock: int | None = None) -> dict[str, dict[str, str]]:
    """What came of every attempt of a user. The folder is of the user, and lies where anybody can reach it."""
    folder = mkdtemp(prefix="escapes-", dir="/tmp")
    more = []
    if user == "nobody":
        os.chown(folder, NOBODY, NOBODY)
        more = ["--user", str(NOBODY)]
    elif user == WRAPPED:
        more = ["--namespaces"]
    if landlock is not None:
        more += ["--landlock", str(landlock)]
    done = subprocess.run(
        [sys.executable, str(DRIVER), folder, *more],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env={**os.environ, "SECRET": "here"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    expected = ["landlock6"] if landlock is not None and landlock < 6 else []
    assert missing(told["level"]) == expected, told["level"]
    assert (PART in told["level"]) == (user == WRAPPED), told["level"]
    return told["attempts"]


@pytest.fixture(autouse=True)
def kernel():
    lacking = missing(find_out().level)
    if lacking and not os.environ.get("CI"):
        pytest.skip(f"this kernel or container lacks {' and '.join(lacking)}")


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("name", ATTEMPTS)
def test_it_gets_through_outside_and_nowhere_inside(name, user):
    if user == WRAPPED and (reason := why_not_in_namespaces()):
        pytest.skip(reason)
    found = results(user)[name]
    if name in OF_NEWER_KERNELS and found["outside"].startswith(ABSENT):
        pytest.skip("this kernel has no such call")
    if (os.geteuid() == 0 and user != "nobody") or name not in ROOT_ALONE:
        assert found["outside"] == "through", found
    assert found["decoder"].startswith("refused"), found
    assert found["tool"].startswith("refused"), found


@pytest.mark.parametrize("user", [user for user in USERS if user != WRAPPED])
@pytest.mark.parametrize("landlock", LANDLOCKS)
def test_nothing_gets_through_where_landlock_is_older(landlock, user):
    for name, found in results(user, landlock).items():
        for place in ("decoder", "tool"):
            assert found[place].startswith("refused"), (name, place, found)
