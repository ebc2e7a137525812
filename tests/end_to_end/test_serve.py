"""The real console: started, reached, stopped; links and tokens from the command line; refusals."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
from kit import EVIDENCE, declare
from pictures import save, scene


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A store with one checked dispute, D-1, made once."""
    folder = tmp_path_factory.mktemp("checked")
    case = folder / "cases" / "D-1"
    declare(case, "b-1", reason="NOT_AS_DESCRIBED", sub_reason="damaged", opened_at="2026-03-09T10:00:00Z")
    save(scene(1), case / "a.jpg", quality=90)
    words = [EVIDENCE, "check", folder / "cases", "--store", folder / "store", "--out", folder / "out"]
    assert subprocess.run(words, capture_output=True, timeout=120, check=False).returncode in (0, 1)
    return folder / "store"


@pytest.fixture
def store(checked, tmp_path):
    """A copy of it."""
    return shutil.copytree(checked, tmp_path / "store")


@pytest.fixture
def serving(store, tmp_path):
    """Starts ``evidence serve`` with options and settings; returns its address."""
    with started_consoles(store, tmp_path) as (start, _):
        yield start


@contextmanager
def started_consoles(store, tmp_path):
    """What starts one, and the processes; those that still run at the end are interrupted."""
    started = []

    def start(*options, **settings):
        process = subprocess.Popen(
            [EVIDENCE, "serve", "--store", str(store), "--port", "0", "--name", "ann", *options],
            stdout=subprocess.PIPE, text=True, cwd=tmp_path, env={**os.environ, **settings},
        )  # fmt: skip
        started.append(process)
        found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
        assert found is not None
        return found[0]

    yield start, started
    for process in started:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        process.stdout.close()


def get(address, **headers):
    request = urllib.request.Request(
        address, headers={name.replace("_", "-"): v for name, v in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.geturl()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.geturl()


def test_it_serves_what_check_wrote_and_stops_when_asked(serving, store):
    address = serving()
    assert "D-1" in get(address)[1]
    status, text, _ = get(f"{address}/case/D-1")
    assert (status, "Photo of the packaging" in text, "Signed in as <bdi>ann</bdi>" in text) == (
        200,
        True,
        True,
    )
    assert get(address, Host="evil.example")[0] == 421


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_end_it_leaves_no_folder_behind(store, tmp_path, number):
    with started_consoles(store, tmp_path) as (start, started):
        address = start()
        assert get(address)[0] == 200
        assert len(list(store.glob("incoming-*"))) == 1
        started[0].send_signal(number)
        assert started[0].wait(20) == 0
    assert list(store.glob("incoming-*")) == []


def test_what_a_killed_console_left_goes_with_the_next_command_that_opens_the_store(
    store, tmp_path, evidence
):
    with started_consoles(store, tmp_path) as (start, started):
        start()
        (folder,) = store.glob("incoming-*")
        (folder / "original").write_bytes(b"a stranger's")
        assert evidence("forget", "D-1", "--store", store, "--dry-run").status in (0, 2)
        assert folder.exists(), "a living one's stays"
        started[0].kill()
        started[0].wait(20)
    assert folder.exists()
    assert evidence("forget", "D-1", "--store", store, "--dry-run").status in (0, 2)
    assert not folder.exists()


def test_behind_a_proxy_only_names_links_and_tokens_open_it(serving, store, evidence):
    made = evidence("link", "D-1", "--store", store, "--role", "mediator", "--name", "lea")
    link = re.search(r"/enter\?link=\S+", made.text)[0]
    token = re.search(r"evt_\S+", evidence("token", "add", "--store", store, "--role", "mediator").text)[0]
    address = serving(EVIDENCE_PROXY_ADDRESS="127.0.0.1")
    assert get(address)[0] == 401
    assert get(address, X_Forwarded_User="pia")[0] == 200
    assert get(f"{address}/v1/disputes", X_Forwarded_User="pia")[0] == 401
    assert get(f"{address}/v1/disputes", Authorization=f"Bearer {token}")[0] == 200
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address + link, timeout=10) as answer:
        assert answer.geturl() == f"{address}/case/D-1"
        assert "Signed in as <bdi>lea</bdi>" in answer.read().decode()
    listed = evidence("token", "list", "--store", store).text
    assert token not in listed
    assert evidence("token", "revoke", listed.split()[0], "--store", store).status == 0
    assert get(f"{address}/v1/disputes", Authorization=f"Bearer {token}")[0] == 401


def test_the_links_key_is_this_users_alone(store, evidence):
    assert evidence("link", "D-1", "--store", store).status == 0
    assert (store / "link.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["serve", "--store", "STORE", "--host", "0.0.0.0"], "nothing says who may"),
        (["serve", "--store", "nowhere"], "There is no store"),
        (["serve", "--store", "STORE", "--policy", "nowhere"], "there is no policy"),
        (["serve", "--store", "STORE", "--host", "203.0.113.1"], "nothing says who may"),
        (["link", "D-9", "--store", "STORE"], "There is no report on dispute D-9"),
        (["link", "D-1", "--store", "STORE", "--expires", "ever"], "is not a length of time"),
        (["link", "D-1", "--store", "STORE", "--role", "operator"], "--role must be read-only or mediator"),
        (
            ["token", "add", "--store", "STORE", "--role", "admin"],
            "--role must be operator, mediator or read-only",
        ),
        (["token", "revoke", "none", "--store", "STORE"], "There is no token none"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(store, evidence, words, told):
    done = evidence(*[str(store) if word == "STORE" else word for word in words])
    assert done.status == 2
    assert told in done.text


def test_a_port_that_is_taken_is_refused(serving, store, evidence):
    port = serving().rpartition(":")[2]
    done = evidence("serve", "--store", store, "--port", port)
    assert (done.status, "cannot be used" in done.text) == (2, True)
