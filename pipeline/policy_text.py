"""A policy as a person reads it."""

from __future__ import annotations

import textwrap

from validators.policy import Policy, RoleNeeds


def policy_text(policy: Policy) -> str:
    """Every rule with value, unit, source and why; then what each reason needs."""
    lines = [f"policy {policy.id}, version {policy.version}, sha256 {policy.sha256}", ""]
    for rule in policy.rules.values():
        value = ", ".join(map(str, rule.value)) if isinstance(rule.value, list) else str(rule.value)
        lines += textwrap.wrap(f"{rule.name} = {value} {rule.unit}".rstrip(), 100, subsequent_indent="    ")
        lines += textwrap.wrap(f"why: {rule.why}", 100, initial_indent="    ", subsequent_indent="    ")
        lines += textwrap.wrap(f"source: {rule.source}", 100, initial_indent="    ", subsequent_indent="    ")
    lines += ["", "what each reason needs"]
    for name, reason in policy.reasons.items():
        lines.append(f"{name} ({reason.reason}; {reason.source})")
        lines += [f"    {party}: {_needs(needs)}" for party, needs in reason.needs.items()]
    return "\n".join(lines)


def _needs(needs: RoleNeeds) -> str:
    parts = [f"required {', '.join(needs.required)}"] if needs.required else []
    parts += [f"optional {', '.join(needs.optional)}"] if needs.optional else []
    return "; ".join(parts) or "nothing"
