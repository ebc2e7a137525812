"""Typed groups of rules: what is read, what keeps its name, and what is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import pytest

from validators.policy import PolicyError, parse_policy
from validators.rules import Rule, rule_names

TOML = """
id = "toy"
version = "1"
[rules.toy.least]
value = 3
source = "a test"
why = "It is small."
[rules.toy.share]
value = 1
source = "a test"
why = "Whole."
[rules.toy.kinds]
value = ["photo", "video"]
source = "a test"
why = "Both."
[rules.toy.inner.on]
value = true
source = "a test"
why = "On."
[reasons]
"""


@dataclass(frozen=True, slots=True)
class Inner:
    on: bool


@dataclass(frozen=True, slots=True)
class ToyRules:
    table: ClassVar[str] = "toy"
    least: Rule[int]
    share: float
    kinds: tuple[str, ...]
    inner: Inner


@dataclass(frozen=True, slots=True)
class Misspelt:
    table: ClassVar[str] = "toy"
    leest: int


@dataclass(frozen=True, slots=True)
class MistypedFlag:
    table: ClassVar[str] = "toy"
    least: bool


@dataclass(frozen=True, slots=True)
class MistypedList:
    table: ClassVar[str] = "toy"
    share: Rule[tuple[str, ...]]


def test_a_group_holds_typed_values_and_a_rule_keeps_its_name():
    rules = parse_policy(TOML).group(ToyRules)
    assert (rules.least.value, rules.least.name, rules.least.why) == (3, "toy.least", "It is small.")
    assert isinstance(rules.share, float)
    assert rules.share == 1.0
    assert rules.kinds == ("photo", "video")
    assert rules.inner.on is True
    assert rule_names(ToyRules) == ("toy.least", "toy.share", "toy.kinds", "toy.inner.on")


def test_a_group_is_read_once_for_each_policy():
    policy = parse_policy(TOML)
    assert policy.group(ToyRules) is policy.group(ToyRules)
    other = parse_policy(TOML, "[rules.toy.least]\nvalue = 4\n")
    assert other.group(ToyRules).least.value == 4
    assert policy.group(ToyRules).least.value == 3


@pytest.mark.parametrize(
    ("group", "says"),
    [
        (Misspelt, "Misspelt reads the rule 'toy.leest', which the policy does not have"),
        (MistypedFlag, "rule 'toy.least' needs true or false, not 3"),
        (MistypedList, "rule 'toy.share' needs a list of texts, not 1"),
    ],
)
def test_a_field_that_no_rule_fits_is_refused(group, says):
    with pytest.raises(PolicyError, match=re.escape(says)):
        parse_policy(TOML).group(group)


def test_a_whole_number_is_wanted_where_things_are_counted():
    policy = parse_policy(TOML, "[rules.toy.least]\nvalue = 3.5\n")
    with pytest.raises(PolicyError, match=r"rule 'toy\.least' needs a whole number, not 3\.5"):
        policy.group(ToyRules)
