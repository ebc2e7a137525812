"""docs/console.md names what the console has, and the console has nothing that it leaves out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import typer.main

from pipeline.commands.program import app
from pipeline.console.core.keys import KEYS
from pipeline.console.routes import ROUTES
from storage.interfaces.decisions import ACTS
from storage.interfaces.tokens import ROLES
from validators.sentences.sentences import sentences_in

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "console.md").read_text("utf-8")
PROGRAM = typer.main.get_command(app)
_FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(evidence [^`\n]+)`")


def command(words):
    """The command and the options that it has."""
    found = PROGRAM
    while words and hasattr(found, "commands") and words[0] in found.commands:
        found = found.commands[words.pop(0)]
    return found, {option for param in found.params for option in param.opts}


def test_every_command_exists_with_its_options():
    lines = [
        line for body in _FENCE.findall(GUIDE) for line in body.splitlines() if line.startswith("evidence ")
    ]
    lines += _INLINE.findall(GUIDE)
    assert len(lines) > 10
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        found, known = command(words)
        assert not hasattr(found, "commands"), line
        assert {word for word in words if word.startswith("--")} <= known, line


def test_every_option_of_serving_is_in_the_guide():
    _, known = command(["serve"])
    for option in known - {"--store", "--host", "--port"}:
        assert f"`{option}" in GUIDE or f" {option} " in GUIDE, option


def test_every_page_endpoint_key_act_and_role_is_in_the_guide():
    served = {route.path.split("/{")[0] for route in ROUTES if route.method == "GET" and not route.api}
    helpers = {"/keys", "/media", "/cover", "/comparison", "/layer", "/original", "/export"}
    for path in served - helpers:
        assert f"`{path}" in GUIDE, path
    for route in ROUTES:
        if route.api:
            assert re.sub(r":path", "", route.path) in GUIDE, route.path
    for key in KEYS:
        assert f"`{key.key}`" in GUIDE, key
    for act in ACTS:
        assert f"`{act}`" in GUIDE
    assert [act for act in ACTS if not sentences_in("en").has(f"pages.decided.{act}")] == []
    for role in ROLES:
        assert role in GUIDE


def test_files_that_it_points_to_exist():
    for target in re.findall(r"\]\(([^)#]+)", GUIDE):
        assert (ROOT / "docs" / target).exists(), target
    for path in re.findall(r"`((?:tests|docs)/[\w/.]+)`", GUIDE):
        assert (ROOT / path).exists(), path


def test_the_keys_of_the_scripts_are_the_listed_ones():
    scripts = "".join(
        (ROOT / "pipeline/console/static" / name).read_text()
        for name in ("console.js", "viewer.js", "laid.js")
    )
    acted_on = set(re.findall(r'^    "(.)": ', scripts, re.MULTILINE))
    acted_on |= set(
        re.findall(r'"(.)": "(?:larger|smaller|whole|turn|slide|blink|differences)"', scripts)
    ) - {"="}
    assert acted_on == {key.key for key in KEYS}
