"""The shipped policy: every rule is used, every number has its source and why."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import pytest
from judging_cases import case, dispute

from pipeline.replay.replay import needs_a_run
from pipeline.setup.policies import load_policy, policy_names
from validators.checks.all_checks import examine
from validators.disputes.deadlines import _CLOCKS
from validators.measures.image.content import ContentThresholds
from validators.policy import PolicyError, differences

CODE = Path(str(files("validators"))).parent
SOURCES = [p for folder in ("validators", "pipeline") for p in sorted((CODE / folder).rglob("*.py"))]
BY_PREFIX = ("content.",)
"""Groups that are handed to the jail whole, by bare name."""


def test_every_rule_is_read_somewhere(policy):
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    kinds = r"(?:photo|screenshot|document|video)"
    computed = re.compile(rf"clarity\.checks_{kinds}|deadlines\.\w+\.(?:days|event)")
    unread = [
        name
        for name in policy.rules
        if f'"{name}"' not in text and not computed.fullmatch(name) and not name.startswith(BY_PREFIX)
    ]
    assert unread == []


def test_the_rules_of_content_are_those_the_measure_takes(policy):
    taken = {f"content.{field.name}" for field in fields(ContentThresholds)}
    assert taken == {name for name in policy.rules if name.startswith("content.")}


def test_every_clock_of_the_policy_is_read(policy):
    named = {name.split(".")[1] for name in policy.rules if name.startswith("deadlines.")}
    assert named == {kind for kind, _ in _CLOCKS}


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
    assert len(policy.reasons) == 23
    assert policy.reasons["late"].needs["buyer"].required == ("tracking_page", "order_page")
    assert policy.reasons["return_agreed"].needs["buyer"].required == ("return_receipt",)


def test_thresholds_stand_in_order(policy):
    assert policy.number("clarity.blurred_below") <= policy.number("clarity.soft_below")
    assert policy.number("clarity.soft_below") <= policy.number("clarity.sharp_above")
    assert policy.number("clarity.blurred_below_screen") <= policy.number("clarity.blurred_below")
    assert policy.number("reuse.max_distance") <= 31, "the index finds no further"


def test_a_partial_file_overrides_rule_by_rule(tmp_path, policy):
    path = tmp_path / "mine.toml"
    path.write_text('id = "mine"\nversion = "7"\n[rules.deadlines.evidence.days]\nvalue = 10\n', "utf-8")
    mine = load_policy(str(path))
    assert (mine.id, mine.version) == ("mine", "7")
    assert mine.number("deadlines.evidence.days") == 10
    assert mine.rule("deadlines.evidence.days").source == "G4"
    assert mine.number("reuse.max_distance") == policy.number("reuse.max_distance")
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
        ("[rules.clarity.blurred_bellow]\nvalue = 1.0\n", "clarity.blurred_bellow"),
        ('[rules.clarity.blurred_below]\nvalue = "much"\n', "clarity.blurred_below"),
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
    for rule in (named.rule(rule) for rule in changed):
        assert rule.source != policy.rule(rule.name).source
        assert rule.why.endswith(".")


def test_the_readings_of_the_guides():
    days = {
        name: (
            load_policy(name).integer("deadlines.open_until.days"),
            load_policy(name).integer("deadlines.seller_answer.days"),
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
    assert load_policy("aliexpress-g2").rule("deadlines.open_until.event").value == "closed"


def test_what_acts_before_judging_is_what_the_code_outside_judging_reads(policy):
    """A replay names these rules, since it cannot show their effect."""
    code = [
        p for p in SOURCES if "validators" not in p.parts[len(CODE.parts) :] and "replaying" not in p.parts
    ]
    text = "\n".join(path.read_text("utf-8") for path in code)
    outside = {name for name in policy.rules if f'"{name}"' in text}
    assert outside == set(needs_a_run(tuple(n for n in policy.rules if not n.startswith("content."))))
