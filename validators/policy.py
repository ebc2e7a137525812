"""The policy: every threshold and deadline with its value, source and why. Named, versioned, hashed.

A partial policy overrides the default, rule by rule. Pure: text in, Policy out.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar, cast

from validators.rules import PolicyError, Rule, RuleGroup, read_group

__all__ = ["Policy", "PolicyError", "ReasonNeeds", "RoleNeeds", "Rule", "differences", "parse_policy"]

G = TypeVar("G", bound=RuleGroup)


@dataclass(frozen=True, slots=True)
class RoleNeeds:
    """The roles that one sub-reason asks of one party."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonNeeds:
    """What one sub-reason needs of each party, and the source of that."""

    reason: str
    source: str
    needs: Mapping[str, RoleNeeds]


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules by dotted name ("blur.focus_below"), and the needs by sub-reason. Code reads rules by ``group``.

    ``about`` is one sentence on what the policy is for. It is not part of ``sha256``.
    """

    id: str
    version: str
    sha256: str
    rules: Mapping[str, Rule[Any]]
    reasons: Mapping[str, ReasonNeeds]
    about: str = ""

    _groups: dict[type[Any], Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    def group(self, group: type[G]) -> G:
        """The group's rules as this policy has them. Raises PolicyError: see read_group."""
        found = self._groups.get(group)
        if found is None:
            found = self._groups[group] = read_group(group, self.rules)
        return cast(G, found)


def parse_policy(default: str, override: str | None = None) -> Policy:
    """Parse the default policy's TOML and, on top of it, a partial one's.

    Raises PolicyError, naming the rule, where a value has another type than the default's, a rule is unknown
    or lacks its source or why.
    """
    tree = _load(default, "the default policy")
    about = tree.pop("about", "")
    if override is not None:
        over = _load(override, "the policy")
        about = over.pop("about", "")
        tree = _merge(tree, over)
    rules = {rule.name: rule for rule in _rules(tree.get("rules", {}), "")}
    reasons = {name: _reason(name, body) for name, body in tree.get("reasons", {}).items()}
    digest = hashlib.sha256(json.dumps(tree, sort_keys=True, default=str).encode()).hexdigest()
    return Policy(
        id=str(tree["id"]),
        version=str(tree["version"]),
        sha256=digest,
        rules=MappingProxyType(rules),
        reasons=MappingProxyType(reasons),
        about=str(about),
    )


def differences(policy: Policy, base: Policy) -> tuple[str, ...]:
    """The names of the rules and reasons whose value differs from ``base``'s, in the policy's order."""
    rules = [name for name, rule in policy.rules.items() if rule.value != base.rules[name].value]
    reasons = [f"reasons.{name}" for name, needs in policy.reasons.items() if needs != base.reasons.get(name)]
    return (*rules, *reasons)


def _load(text: str, what: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{what} is not valid TOML: {error}") from error


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key in ("id", "version"):
        if key in over:
            merged[key] = over[key]
    if "id" in over and "version" not in over:
        raise PolicyError("a policy that names an id needs a version too")
    merged["rules"] = _merge_rules(base["rules"], over.get("rules", {}), "")
    merged["reasons"] = {**base["reasons"], **over.get("reasons", {})}
    unknown = set(over) - {"id", "version", "rules", "reasons"}
    if unknown:
        raise PolicyError(
            f"unknown table {sorted(unknown)[0]!r}; a policy has id, version, about, [rules] and [reasons]"
        )
    return merged


def _merge_rules(base: dict[str, Any], over: dict[str, Any], path: str) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        name = f"{path}{key}"
        if key not in base:
            raise PolicyError(f"there is no rule {name!r}; 'evidence policy show' lists them")
        if not isinstance(value, dict):
            raise PolicyError(f"rule {name!r} must be a table with value, source and why")
        if "value" in base[key]:
            _check_kind(name, base[key]["value"], value.get("value", base[key]["value"]))
            merged[key] = {**base[key], **value}
        else:
            merged[key] = _merge_rules(base[key], value, f"{name}.")
    return merged


def _check_kind(name: str, old: object, new: object) -> None:
    numeric = (int, float)
    same = isinstance(new, bool) == isinstance(old, bool) and (
        isinstance(new, type(old)) or (isinstance(old, numeric) and isinstance(new, numeric))
    )
    if not same:
        raise PolicyError(f"rule {name!r} needs a value like {old!r}, not {new!r}")


def _rules(tree: dict[str, Any], path: str) -> Iterator[Rule[Any]]:
    for key, body in tree.items():
        name = f"{path}{key}"
        if "value" not in body:
            yield from _rules(body, f"{name}.")
            continue
        for needed in ("source", "why"):
            if not body.get(needed):
                raise PolicyError(f"rule {name!r} has no {needed}")
        chosen_by = body.get("benchmark") or _benchmark_of(body["source"])
        yield Rule(name, body["value"], body["source"], body["why"], body.get("unit", ""), chosen_by)


def _benchmark_of(source: str) -> str:
    """The benchmark that a source begins with, so that it need not be stated twice."""
    named = re.match(r"tests/benchmarks/(\w+)\.py\b", source)
    return named.group(1) if named else ""


def _reason(name: str, body: dict[str, Any]) -> ReasonNeeds:
    if "reason" not in body or "source" not in body:
        raise PolicyError(f"[reasons.{name}] needs reason and source")
    needs: dict[str, RoleNeeds] = {
        party: RoleNeeds(tuple(body[party].get("required", ())), tuple(body[party].get("optional", ())))
        for party in ("buyer", "seller")
        if party in body
    }
    return ReasonNeeds(str(body["reason"]), str(body["source"]), MappingProxyType(needs))
