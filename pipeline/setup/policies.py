"""Loads policies: the default, a named one inside the package, or the operator's file."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from validators.before_judging import BEFORE_JUDGING
from validators.checks.all_checks import CHECK_RULES
from validators.disputes.retention import RetentionRules
from validators.disputes.role_kinds import SlotRules
from validators.due_dates import DeadlineRules
from validators.policy import Policy, PolicyError, parse_policy

DEFAULT = "default"

RULE_GROUPS = (*BEFORE_JUDGING, *CHECK_RULES, DeadlineRules, RetentionRules, SlotRules)
"""Every group of rules; a policy that does not fit them all is refused when it is loaded."""


def load_policy(name_or_path: str | None = None) -> Policy:
    """The default policy, with a named or a partial one on top.

    ``name_or_path`` is None or "default", the name of a policy that ships with the product, or a TOML file.
    Raises PolicyError with one sentence saying what to do.
    """
    default = (files("validators") / "policy.toml").read_text(encoding="utf-8")
    override = None if name_or_path is None or name_or_path == DEFAULT else _override(name_or_path)
    policy = parse_policy(default, override)
    for group in RULE_GROUPS:
        policy.group(group)
    return policy


def policy_names() -> tuple[str, ...]:
    """The policies that ship with the product, the default first."""
    folder = files("validators") / "policies"
    if not folder.is_dir():
        return (DEFAULT,)
    named = sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )
    return (DEFAULT, *named)


def _override(name_or_path: str) -> str:
    if name_or_path in policy_names():
        return (files("validators") / "policies" / f"{name_or_path}.toml").read_text(encoding="utf-8")
    path = Path(name_or_path)
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        known = ", ".join(policy_names())
        raise PolicyError(
            f"there is no policy {name_or_path!r}: give a TOML file or one of {known}"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"the policy {name_or_path!r} cannot be read: {error}") from error
