"""A policy as a person reads it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from pipeline.commands.output.texts import text
from validators.policy import Policy, ReasonNeeds, RoleNeeds, Rule, differences

_WIDTH = 100


def policy_text(policy: Policy) -> str:
    """Every rule with value, unit, why, source and benchmark, under its group; then what each reason needs."""
    lines, group = _head(policy), ""
    for rule in policy.rules.values():
        if (named := rule.name.split(".")[0]) != group:
            group = named
            lines += ["", f"[{group}]"]
        lines += _rule(rule)
    lines += ["", f"[{text('policy.needs')}]"]
    for name, reason in policy.reasons.items():
        lines += _reason(name, reason)
    return "\n".join(lines)


def changes_text(policy: Policy, base: Policy) -> str:
    """Only what ``policy`` sets otherwise than ``base``, each with the value it had."""
    names = differences(policy, base)
    lines = _head(policy)
    lines += ["", text("policy.changes", count=len(names), base=base.id, version=base.version)]
    for name in names:
        if name in policy.rules:
            lines += _rule(policy.rules[name], base.rules[name])
        else:
            lines += _reason(name.removeprefix("reasons."), policy.reasons[name.removeprefix("reasons.")])
    return "\n".join(lines)


def list_text(policies: Iterable[tuple[str, Policy]], base: Policy) -> str:
    """The policies that ship with the product, a line each with what it is for."""
    lines = []
    for name, policy in policies:
        count = len(differences(policy, base))
        differing = f" ({text('policy.differing', count=count)})" if count else ""
        lines += _wrapped(f"{name:<30}  {policy.about}{differing}", " " * 32)
    return "\n".join(lines)


def _head(policy: Policy) -> list[str]:
    lines = [text("policy.head", id=policy.id, version=policy.version, sha256=policy.sha256)]
    return lines + (_wrapped(policy.about) if policy.about else [])


def _rule(rule: Rule[Any], before: Rule[Any] | None = None) -> list[str]:
    instead = f" ({text('policy.instead', value=_value(before))})" if before is not None else ""
    lines = _wrapped(f"{rule.name} = {_value(rule)} {rule.unit}".rstrip() + instead, "        ")
    lines += _detail(text("policy.why"), rule.why) + _detail(text("policy.source"), rule.source)
    if rule.benchmark:
        lines += _detail(text("policy.benchmark"), f"./dev bench {rule.benchmark}")
    return lines


def _detail(name: str, value: str) -> list[str]:
    return textwrap.wrap(
        f"{name}: {value}",
        _WIDTH,
        initial_indent="    ",
        subsequent_indent="        ",
        break_on_hyphens=False,
    )


def _wrapped(line: str, indent: str = "") -> list[str]:
    return textwrap.wrap(line, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)


def _value(rule: Rule[Any]) -> str:
    if isinstance(rule.value, bool):
        return text("policy.yes" if rule.value else "policy.no")
    if isinstance(rule.value, dict):
        return "; ".join(f"{name}: {', '.join(values)}" for name, values in rule.value.items())
    if isinstance(rule.value, list):
        return ", ".join(" + ".join(one) if isinstance(one, list) else str(one) for one in rule.value)
    return f"{rule.value:,}" if isinstance(rule.value, int) and rule.value >= 10_000 else str(rule.value)


def _reason(name: str, reason: ReasonNeeds) -> list[str]:
    lines = [f"{name} ({reason.reason}; {reason.source})"]
    return lines + [f"    {party}: {_needs(needs)}" for party, needs in reason.needs.items()]


def _needs(needs: RoleNeeds) -> str:
    parts = [text("policy.required", roles=", ".join(needs.required))] if needs.required else []
    parts += [text("policy.optional", roles=", ".join(needs.optional))] if needs.optional else []
    return "; ".join(parts) or text("policy.nothing")
