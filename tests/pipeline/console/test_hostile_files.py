"""Files that try to act where they are shown go through the whole product, and do nothing in a browser."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from console_access import LOCAL
from console_store import NOW, database_of, open_context_in
from hostile_files import ATTEMPTS, SCRIPT, TAKEN, make_case
from serving import served, until

from pipeline.console.core.console_context import Console
from pipeline.opening.host.opener import Opener

pytestmark = pytest.mark.browser
EVIDENCE = str(Path(sys.executable).with_name("evidence"))
CASE = "D-<script>7"
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => window.broken.push(event.violatedDirective));
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case, checked by the real command."""
    folder = tmp_path_factory.mktemp("hostile")
    make_case(folder / "cases" / CASE)
    done = subprocess.run(
        [EVIDENCE, "check", folder / "cases", "--store", folder / "store", "--out", folder / "out", "--keep-originals"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return folder / "store"


@pytest.fixture
def address(store: Path, opener: Opener) -> Iterator[str]:
    context = open_context_in(store, opener)
    with served(Console(context, LOCAL, lambda: NOW)) as where:
        yield where
    database_of(context).close()


@pytest.fixture
def watched(browser: Any, address: str) -> Iterator[Any]:
    """A page that tells of every script error, dialog, foreign request and broken policy."""
    said: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: request.url.startswith(address) or said.append(request.url))
    yield page
    context.close()
    assert said == []


def test_0_scripts_run_and_0_policies_are_broken(watched: Any, address: str, store: Path) -> None:
    ids = [one["id"] for one in report(watched, address)["evidence"]]
    assert len(ids) == len(ATTEMPTS) + 6
    shown = {
        path: quiet(watched, address + path)
        for path in ("/", "/agreement", f"/?q={SCRIPT}", f"/?reason={SCRIPT}")
    }
    case = "/case/D-%3Cscript%3E7"
    shown |= {path: quiet(watched, address + path) for path in (case, f"/ask/{case[6:]}?party=buyer")}
    shown |= {f"/item/{id_}": quiet(watched, f"{address}/item/{id_}") for id_ in ids}
    pairs = [f"/compare?a={a}&b={b}" for a, b in pairwise(ids)]
    shown |= {path: quiet(watched, address + path) for path in pairs}
    everything = "\n".join(shown.values())
    for attempt in (SCRIPT, ATTEMPTS[1], ATTEMPTS[5], "{{7*7}}"):
        assert attempt in everything, "it is shown, as text"


def test_what_is_typed_is_shown_as_text_too(watched: Any, address: str) -> None:
    quiet(watched, f"{address}/case/D-%3Cscript%3E7")
    why = watched.locator(".why").first
    why.locator("input[name=note]").fill(ATTEMPTS[4])
    why.locator("button").click()
    watched.wait_for_load_state("networkidle")
    assert ATTEMPTS[4] in quiet(watched, f"{address}/case/D-%3Cscript%3E7")
    answer = watched.request.get(f"{address}/v1/disputes/D-%3Cscript%3E7/decisions")
    assert answer.headers["content-type"] == "application/json"


def test_a_hostile_file_is_looked_at_before_upload(watched: Any, address: str) -> None:
    quiet(watched, f"{address}/before-upload")
    upload = {
        "name": f"{SCRIPT}.eml",
        "mimeType": "text/html",
        "buffer": f"Subject: {SCRIPT}\n\n{SCRIPT}".encode(),
    }
    watched.get_by_label("File").set_input_files(upload)
    watched.get_by_role("button", name="Check it").click()
    watched.wait_for_load_state("networkidle")
    assert watched.evaluate("window.broken") == []
    assert "script" in watched.locator("#answer").inner_text()


def test_the_watch_would_see_an_attempt_and_the_policy_stops_it(browser: Any, address: str) -> None:
    context = browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(address)
    page.evaluate(
        "text => document.body.insertAdjacentHTML('beforeend', text)", ATTEMPTS[1].removeprefix('">')
    )
    until(page, "window.broken.length > 0")
    assert page.title() != "taken"
    context.close()


def report(page: Any, address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        page.request.get(f"{address}/v1/disputes/D-%3Cscript%3E7/report").text()
    )
    return found


def quiet(page: Any, address: str) -> str:
    """The page's text once everything in it is open and loaded; nothing acted meanwhile."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_load_state("networkidle")
    assert page.title() != "taken"
    assert page.evaluate("window.broken") == [], address
    assert page.locator("script:not([src^='/static/'])").count() == 0
    assert (
        page.locator("iframe, object, embed, [onerror], [onload], [onfocus], a[href^='javascript']").count()
        == 0
    )
    assert TAKEN not in page.evaluate("[...document.scripts].map(s => s.textContent).join()")
    return str(page.locator("body").inner_text())
