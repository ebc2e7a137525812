"""The shipped policy: every rule is used, every number has its source and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

import pytest
from judging_cases import OPENED, case, dispute

from pipeline.replay.replay import needs_a_run
from pipeline.setup.policies import RULE_GROUPS, load_policy, policy_names
from validators.checks.all_checks import examine
from validators.dispute import Order, OrderEvent
from validators.disputes.deadlines import deadlines
from validators.due_dates import DeadlineRules
from validators.policy import PolicyError, differences
from validators.rules import rule_names


def test_every_rule_is_read_by_a_group_and_every_field_is_a_rule(policy):
    read = {name for group in RULE_GROUPS for name in rule_names(group)}
    assert read == set(policy.rules)


def test_every_field_of_a_group_is_used(policy):
    code = Path(str(files("validators"))).parent
    sources = [path for part in ("validators", "pipeline") for path in sorted((code / part).rglob("*.py"))]
    used = {name for path in sources for name in re.findall(r"\.(\w+)\b", path.read_text("utf-8"))}
    assert [name for name in policy.rules if name.rpartition(".")[2] not in used] == []


def test_every_clock_of_the_policy_is_reckoned(policy):
    types = {getattr(policy.group(DeadlineRules), field.name).event for field in fields(DeadlineRules)}
    events = tuple(OrderEvent(name, OPENED) for name in sorted(types))
    found = deadlines(dispute(order=Order(events=events)), policy, OPENED)
    assert {deadline.kind for deadline in found} == {field.name for field in fields(DeadlineRules)}


def test_every_rule_states_unit_source_and_why(policy):
    for rule in policy.rules.values():
        assert rule.unit, rule.name
        assert rule.source, rule.name
        assert rule.why.endswith("."), rule.name


def test_the_deadlines_name_their_guide(policy):
    for name, rule in policy.rules.items():
        if name.startswith("deadlines.") and name.endswith(".days"):
            assert re.match(r"G[0-4]\b", rule.source), name


def test_reasons_are_those_of_the_guides(policy):
    assert len(policy.reasons) == 25
    assert policy.reasons["late"].needs["buyer"].required == ("tracking_page", "order_page")
    assert policy.reasons["return_agreed"].needs["buyer"].required == ("return_receipt",)


def test_thresholds_stand_in_order(policy):
    assert policy.rules["blur.video_sharpness_below"].value <= policy.rules["blur.sharp_above"].value
    assert policy.rules["blur.severe_focus_below"].value <= policy.rules["blur.focus_below"].value
    assert policy.rules["blur.focus_below_small"].value <= policy.rules["blur.focus_below"].value
    assert policy.rules["blur.page_severe_below"].value <= policy.rules["blur.page_definition_below"].value
    assert policy.rules["reuse.max_distance"].value <= 31, "the index finds no further"


def test_a_partial_file_overrides_rule_by_rule(tmp_path, policy):
    path = tmp_path / "mine.toml"
    path.write_text('id = "mine"\nversion = "7"\n[rules.deadlines.evidence.days]\nvalue = 10\n', "utf-8")
    mine = load_policy(str(path))
    assert (mine.id, mine.version) == ("mine", "7")
    assert mine.rules["deadlines.evidence.days"].value == 10
    assert mine.rules["deadlines.evidence.days"].source == "G4"
    assert mine.rules["reuse.max_distance"].value == policy.rules["reuse.max_distance"].value
    assert mine.sha256 != policy.sha256


def test_the_new_policy_judges_anew(tmp_path):
    path = tmp_path / "strict.toml"
    path.write_text("[rules.clarity.min_long_side]\nvalue = 5000\n", "utf-8")
    found = examine(case(of=dispute()), load_policy(str(path)))
    assert [f.code for f in found] == ["CLR_LOW_RES"]


def test_the_default_by_name():
    assert policy_names()[0] == "default"
    assert load_policy("default").sha256 == load_policy(None).sha256 == load_policy().sha256


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[rules.blur.focus_bellow]\nvalue = 1.0\n", "blur.focus_bellow"),
        ('[rules.blur.focus_below]\nvalue = "much"\n', "blur.focus_below"),
        ("this is no TOML", "TOML"),
    ],
)
def test_a_policy_that_cannot_be_read_says_where(tmp_path, text, says):
    path = tmp_path / "bad.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyError, match=re.escape(says)):
        load_policy(str(path))


def test_an_unknown_policy_says_what_to_give(tmp_path):
    with pytest.raises(PolicyError, match="give a TOML file or one of default"):
        load_policy("no-such-policy")
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(str(tmp_path))
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(str(binary))


BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_a_benchmark_that_chose_a_value_is_one_of_ours(policy):
    named = {rule.name: rule.benchmark for rule in policy.rules.values() if rule.benchmark}
    assert named["reuse.correlated_min"] == "reuse"
    assert [name for name, script in named.items() if not (BENCHMARKS / f"{script}.py").is_file()] == []


@pytest.mark.parametrize("name", policy_names()[1:])
def test_a_named_policy_says_what_it_is_for_and_differs_by_rules_with_their_source(name, policy):
    named = load_policy(name)
    assert named.id == name
    assert named.about.endswith(".")
    changed = differences(named, policy)
    assert changed
    for rule in (named.rules[rule] for rule in changed):
        assert rule.source != policy.rules[rule.name].source
        assert rule.why.endswith(".")


def test_the_readings_of_the_guides():
    days = {
        name: (
            load_policy(name).rules["deadlines.open_until.days"].value,
            load_policy(name).rules["deadlines.seller_answer.days"].value,
        )
        for name in policy_names()
        if name.startswith("aliexpress")
    }
    assert days == {
        "aliexpress-g0": (15, 7),
        "aliexpress-g2": (0, 15),
        "aliexpress-g2-other-recipient": (5, 15),
        "aliexpress-shortest": (5, 3),
    }
    assert load_policy("aliexpress-g2").rules["deadlines.open_until.event"].value == "closed"


@pytest.mark.parametrize(
    "name",
    [
        "limits.seconds",
        "content.screen_flat",
        "reuse.max_pairs",
        "reuse.max_distance",
        "reuse.page_shared_min",
    ],
)
def test_a_rule_that_acts_before_judging_needs_a_run(name):
    """A replay names these rules, since it cannot show their effect."""
    assert needs_a_run((name, "blur.sharp_above", "reuse.scene_inliers")) == (name,)


def test_a_group_that_no_rule_fits_keeps_any_policy_from_loading(monkeypatch):
    @dataclass(frozen=True, slots=True)
    class Misspelt:
        table: ClassVar[str] = "clarity"
        blured_below: float

    monkeypatch.setattr("pipeline.setup.policies.RULE_GROUPS", (*RULE_GROUPS, Misspelt))
    with pytest.raises(PolicyError, match=r"clarity\.blured_below"):
        load_policy("aliexpress-g2")
