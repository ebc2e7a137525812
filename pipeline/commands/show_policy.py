"""``evidence policy show`` and ``evidence policy list``."""

from __future__ import annotations

import sys

from pipeline.commands.output.policy_text import changes_text, list_text, policy_text
from pipeline.commands.shared.stores import chosen_policy
from pipeline.setup.policies import load_policy, policy_names


def print_policy(name: str | None, *, changes: bool) -> None:
    """Every rule of the policy, or only what differs from the default one."""
    policy = chosen_policy(name)
    text = changes_text(policy, load_policy()) if changes else policy_text(policy)
    sys.stdout.write(f"{text}\n")


def print_policies() -> None:
    """The policies that ship with the product."""
    policies = ((name, load_policy(name)) for name in policy_names())
    sys.stdout.write(f"{list_text(policies, load_policy())}\n")
