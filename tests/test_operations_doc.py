"""The operator's guide names what the program has, and the program has nothing that the guide leaves out."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path

import click
import pytest
import typer.main

from pipeline.commands.program import app
from pipeline.observability.console_metrics import ConsoleMetrics
from pipeline.observability.metrics import Metrics

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs" / "operations.md").read_text("utf-8")
UNIT = ROOT / "deploy" / "evidence-worker.service"
COMPOSE = ROOT / "deploy" / "compose.yaml"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"

SETTING = re.compile(r"\bEVIDENCE_[A-Z][A-Z_]*[A-Z]\b")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEREDOC = re.compile(r"<<'JSON'\n(.*?)^JSON$", re.MULTILINE | re.DOTALL)
QUOTED_JSON = re.compile(r"'(\{\"[^']*\})'")
INLINE = re.compile(r"`(evidence [^`\n]+)`")

OPERATORS = {
    "worker",
    "enqueue",
    "queue",
    "redrive",
    "dispute put",
    "migrate",
    "verify",
    "doctor",
    "report",
    "forget",
    "retain",
}
"""The commands that the guide is about; the others stand in the README."""


def in_source():
    texts = (
        path.read_text("utf-8") for part in ("pipeline", "storage") for path in (ROOT / part).rglob("*.py")
    )
    return {name for text in texts for name in SETTING.findall(text)}


def commands(command=None, path=""):
    """Every command of the program by its words."""
    command = command or typer.main.get_command(app)
    if not isinstance(command, click.Group) and not hasattr(command, "commands"):
        return {path.strip(): command}
    found = {}
    for name, below in command.commands.items():
        found |= commands(below, f"{path} {name}")
    return found


PROGRAM = commands()


def blocks(language):
    return [body for found, body in FENCE.findall(GUIDE) if found == language]


def shell_lines():
    """The lines of every shell block, heredocs left out, continued lines joined."""
    for body in blocks("sh"):
        yield from HEREDOC.sub("", body).replace("\\\n", " ").splitlines()


def invocations():
    """Each use of the program in the guide and in deploy/, as a list of words after "evidence"."""
    found = [line for line in shell_lines() if line.startswith("evidence ")] + INLINE.findall(GUIDE)
    found += [
        line.split("exec worker ")[1] for line in COMPOSE.read_text().splitlines() if "exec worker " in line
    ]
    found.append("evidence " + unit()["Service"]["ExecStart"].split("/evidence ", 1)[1])
    found.append("evidence " + " ".join(image_command()))
    return [shlex.split(text, comments=True)[1:] for text in found]


def unit():
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(UNIT, "utf-8")
    return parser


def image_command():
    (line,) = [line for line in DOCKERFILE.read_text().splitlines() if line.startswith("CMD [")]
    return json.loads(line.removeprefix("CMD "))


def named_command(words):
    """(command's words, the rest)."""
    for length in (2, 1):
        name = " ".join(words[:length])
        if name in PROGRAM:
            return name, words[length:]
    return None, words


def test_every_setting_of_the_guide_is_read_and_every_setting_read_is_in_the_guide():
    assert set(SETTING.findall(GUIDE)) == in_source()


@pytest.mark.parametrize("path", [UNIT, COMPOSE, DOCKERFILE], ids=lambda path: path.name)
def test_settings_in_deploy_are_read(path):
    assert set(SETTING.findall(path.read_text("utf-8"))) <= in_source()


@pytest.mark.parametrize("words", invocations(), ids=" ".join)
def test_every_command_in_the_guide_exists_with_its_options(words):
    name, rest = named_command(words)
    assert name is not None, f"there is no command {words[0]}"
    known = {option for param in PROGRAM[name].params for option in param.opts} | {"--help"}
    assert {word.split("=")[0] for word in rest if word.startswith("--")} <= known


def test_every_operators_command_and_the_workers_every_option_is_in_the_guide():
    named = {named_command(words)[0] for words in invocations()}
    assert named >= OPERATORS
    assert set(PROGRAM) >= OPERATORS
    for name in ("worker", "enqueue", "queue", "redrive"):
        for param in PROGRAM[name].params:
            for option in param.opts:
                assert not option.startswith("--") or option in GUIDE, f"{name} {option}"


def test_all_json_parses():
    texts = blocks("json") + HEREDOC.findall(GUIDE) + QUOTED_JSON.findall(GUIDE)
    assert len(texts) > 10
    for text in texts:
        document = json.loads(text)
        if "RedrivePolicy" in document:
            assert int(json.loads(document["RedrivePolicy"])["maxReceiveCount"]) >= 50


def test_policies_allow_actions_of_the_services_on_resources_of_the_guide():
    policies = [json.loads(text) for text in blocks("json") + HEREDOC.findall(GUIDE) if '"Statement"' in text]
    assert len(policies) >= 5
    for policy in policies:
        assert policy["Version"] == "2012-10-17"
        for statement in policy["Statement"]:
            actions, resources = (
                [value] if isinstance(value, str) else value
                for value in (statement["Action"], statement["Resource"])
            )
            services = {action.split(":")[0] for action in actions}
            # CloudWatch's figures are no resources of their own.
            of = {"cloudwatch" if resource == "*" else resource.split(":")[2] for resource in resources}
            assert services == of
            assert "*" not in "".join(actions)


def test_metrics_that_the_guide_names_exist():
    shown = Metrics().text().decode() + ConsoleMetrics().text().decode()
    named = set(re.findall(r"\bevidence_[a-z_]+[a-z]\b", GUIDE)) - {"evidence_id"}
    assert len(named) > 10
    for name in named:
        assert re.search(rf"^# TYPE {name.removesuffix('_bucket')} ", shown, re.MULTILINE), name


def test_the_unit_runs_an_existing_command_and_gives_it_time_to_stop():
    service = unit()["Service"]
    words = service["ExecStart"].split()
    assert Path(words[0]).name == "evidence"
    assert named_command(words[1:])[0] == "worker"
    grace = int(re.search(r"`EVIDENCE_GRACE_S` \| (\d+) ", GUIDE)[1])
    assert int(service["TimeoutStopSec"]) > grace
    assert int(re.search(r"stop_grace_period: (\d+)s", COMPOSE.read_text())[1]) > grace
    assert service["KillMode"] == "mixed"


def test_files_that_the_guide_points_to_exist():
    targets = re.findall(r"\]\(([^)#]+)\)", GUIDE)
    assert targets
    for target in targets:
        assert (ROOT / "docs" / target).exists(), target


def test_it_says_plainly_what_was_not_run():
    beginning = GUIDE[:1000]
    for part in ("Not run", "AWS", "Dockerfile", "compose"):
        assert part in beginning
