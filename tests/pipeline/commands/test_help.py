"""The command line itself: help in groups and on 80 columns, -h, the version, and what is said without arguments."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pipeline.commands.output.grouped_help import GROUPS
from pipeline.commands.program import app

COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
SAID = CliRunner(env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})


def leaves(commands, words=()):
    for name, command in commands.items():
        inner = getattr(command, "commands", None)
        if inner:
            yield from leaves(inner, (*words, name))
        else:
            yield (*words, name)


def test_without_arguments_the_help_is_shown_with_status_0():
    bare, asked = SAID.invoke(app, []), SAID.invoke(app, ["-h"])
    assert (bare.exit_code, bare.stdout, bare.stderr) == (0, asked.stdout, "")
    assert SAID.invoke(app, ["--help"]).stdout == asked.stdout


def test_every_command_is_in_one_group_and_listed_once():
    placed = [name for names in GROUPS.values() for name in names]
    assert len(placed) == len(set(placed))
    assert set(COMMANDS) <= set(placed)
    lines = SAID.invoke(app, ["-h"]).stdout.partition("Check evidence:")[2].splitlines()
    for name in COMMANDS:
        assert sum(line.startswith(f"  {name} ") for line in lines) == 1, name


def test_the_version_is_the_installed_one():
    assert SAID.invoke(app, ["--version"]).stdout == f"evidence {version('dispute-evidence')}\n"


@pytest.mark.parametrize("words", [*leaves(COMMANDS)], ids=" ".join)
def test_help_fits_80_columns_and_breaks_no_example(words):
    said = SAID.invoke(app, [*words, "-h"])
    assert said.exit_code == 0
    assert max(map(len, said.stdout.splitlines())) <= 80, said.stdout
    _, found, examples = said.stdout.partition("Examples:\n")
    for line in examples.splitlines() if found else ():
        assert line.strip() == "" or line.startswith("    ")
        words = line.split()
        assert (
            not words
            or line.startswith("      ")
            or words[0] == "evidence"
            or words[0].startswith("EVIDENCE_")
        )


def test_an_unknown_command_is_wrong_usage():
    said = SAID.invoke(app, ["chek"])
    assert said.exit_code == 2
    assert "check" in said.stderr
