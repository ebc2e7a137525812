"""The runs of the chaos table that are about many uploads: kills, faults, hostile files, revisions, one dispute."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from chaos.drill import Drill, herd_of, killer
from chaos.goals import Goal, at_most, equal, goals_of, in_one
from chaos.herd import ENDED_BY_FAULT, Herd
from chaos.plan import make_plan, pairs_only, single_dispute
from chaos.stacks import Servers, Stack
from chaos.verify import verify

WORKERS = 4
LIMIT_S = 2400.0
FAULTY_DEADLINE_S = 60.0
"""An item's time where one call may take the twelve seconds after which a silent server is given up."""
_SHORT_FAULTY = 60
"""Messages of a short run through fault proxies."""


@dataclass
class Setting:
    """What a scenario works with. ``fresh`` opens a new stack in a new folder; ``servers`` only on that stack."""

    seed: int
    messages: int
    kills: int
    folder: Path
    say: Callable[[str], None]
    fresh: Callable[..., AbstractContextManager[Stack]]
    servers: Servers | None = None
    short: bool = False


def kills(setting: Setting) -> list[Goal]:
    """Many uploads, everything killed at random moments."""
    plan = make_plan(setting.seed, setting.messages)
    with setting.fresh() as stack:
        drill = Drill(stack, plan, setting.say)
        drill.upload()
        chance = random.Random(f"kills/{setting.seed}")
        with herd_of(stack, WORKERS, setting.folder) as herd:
            took = drill.run(herd, LIMIT_S, killer(herd, setting.kills, chance))
            goals = ending(herd)
        done = sum(herd.kills.values())
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(herd.kills.items()))
        goals.insert(0, Goal("SIGKILLs", f"{done} ({told}) in {took:.0f} s", done >= setting.kills))
        return goals + goals_of(verify(drill.expected(), drill.remains()))


def faults(setting: Setting) -> list[Goal]:
    """The same through fault proxies, with PostgreSQL and S3 restarted once, beside an undisturbed run."""
    messages = min(setting.messages, _SHORT_FAULTY) if setting.short else setting.messages
    plan = make_plan(setting.seed, messages)
    with setting.fresh(deadline_s=FAULTY_DEADLINE_S) as stack:
        drill = Drill(stack, plan, setting.say)
        drill.upload()
        with herd_of(stack, WORKERS, setting.folder) as herd:
            calm = drill.run(herd, LIMIT_S)
        setting.say(f"undisturbed: {calm:.0f} s")
    assert setting.servers is not None
    servers = setting.servers
    pending = [(0.3, "PostgreSQL", servers.restart_postgres), (0.6, "S3", servers.restart_s3)]

    def restart(share: float) -> None:
        if pending and share >= pending[0][0]:
            _, name, step = pending.pop(0)
            setting.say(f"{name} was away for {step():.1f} s")

    with setting.fresh(faults=("--latency", "0.001", "0.02"), deadline_s=FAULTY_DEADLINE_S) as stack:
        drill = Drill(stack, plan, setting.say)
        drill.upload()
        with herd_of(stack, WORKERS, setting.folder) as herd:
            took = drill.run(herd, LIMIT_S, restart)
            goals = ending(herd, faulty=True)
        slower = took / calm
        if setting.short:  # the last few, whose answers were lost, wait longer than all others take
            setting.say(f"{slower:.1f} times the undisturbed run")
        else:
            goals.append(at_most("time beside the undisturbed run", slower, 5.0, "times"))
        goals.append(Goal("restarts", f"{2 - len(pending)} of 2", not pending))
        return goals + goals_of(verify(drill.expected(), drill.remains()))


def hostile(setting: Setting) -> list[Goal]:
    """Segfault, abort, memory exhaustion, hang and bomb among 100 healthy files."""
    plan = make_plan(setting.seed, 130, hostile=5, pairs=0, versions_share=0.0)
    with setting.fresh() as stack:
        drill = Drill(stack, plan, setting.say)
        drill.upload()
        with herd_of(stack, 2, setting.folder) as herd:
            drill.run(herd, 300.0)
            goals = ending(herd)
        remains = drill.remains()
        healthy = sum(not item.hostile for item in plan.items)
        bad = {one.key for one in drill.stored if one.item.hostile}
        keys = {row["digest"]: row["object_key"] for row in remains.tables["uploads"]}
        attempts = [keys[row["subject"]].removeprefix(stack.prefix) for row in remains.tables["attempts"]]
        most = max(attempts.count(key) for key in bad)
        others = max(attempts.count(key) for key in set(attempts) - bad)
        goals.append(Goal("healthy files", str(healthy), healthy >= 100))
        goals.append(Goal("attempts at a hostile file", f"{most} (at most 2)", most <= 2))
        goals.append(Goal("attempts at a healthy file", f"{others} (at most 1)", others <= 1))
        return goals + goals_of(verify(drill.expected(), remains))


def revision(setting: Setting) -> list[Goal]:
    """A, later its copy B in another dispute: exactly one new revision of A's dispute, also under SIGKILL."""
    count = 4 if setting.short else 12
    plan = pairs_only(setting.seed, count)
    goals = []
    ways = (("undisturbed", 0), ("under SIGKILL", 2 * count))
    for name, deaths in ways[1:] if setting.short else ways:
        with setting.fresh() as stack:
            drill = Drill(stack, plan, setting.say)
            with herd_of(stack, WORKERS, setting.folder) as herd:
                drill.upload([earlier for earlier, _ in plan.pairs])
                drill.run(herd, 300.0)
                before = _revisions(drill)
                drill.upload([later for _, later in plan.pairs])
                chance = random.Random(f"revision/{setting.seed}")
                drill.run(herd, 300.0, killer(herd, deaths, chance))
                goals += ending(herd)
            after = _revisions(drill)
            rises = [after[a.dispute_id] - before[a.dispute_id] for a, _ in plan.pairs]
            said = f"{rises} with {sum(herd.kills.values())} kills"
            goals.append(Goal(f"new revisions of A's dispute, {name}", said, set(rises) == {1}))
            goals.append(in_one(verify(drill.expected(), drill.remains())))
    return goals


def dispute(setting: Setting) -> list[Goal]:
    """Forty uploads of one dispute on four workers: one report with all forty."""
    plan = single_dispute(setting.seed, 40)
    with setting.fresh() as stack:
        drill = Drill(stack, plan, setting.say)
        drill.upload()
        with herd_of(stack, WORKERS, setting.folder) as herd:
            took = drill.run(herd, 300.0)
            goals = ending(herd)
        remains = drill.remains()
        (report,) = remains.newest.values()
        goals.append(equal("items in the one report", len(report["evidence"]), 40))
        goals.append(Goal("time", f"{took:.1f} s, {report['revision']} revisions", True))
        return goals + goals_of(verify(drill.expected(), remains))


def _revisions(drill: Drill) -> dict[str, int]:
    return {dispute: len(rows) for dispute, rows in drill.remains().revisions.items()}


def ending(herd: Herd, *, faulty: bool = False) -> list[Goal]:
    """End the herd as an operator would. Before, nobody may have ended by themselves; where the services are
    ``faulty``, only by the status that says "start me again"."""
    statuses = herd.end(60.0)
    wrong = [exit_ for exit_ in herd.exits if not (faulty and exit_[0] == ENDED_BY_FAULT)]
    by_themselves = tuple(f"status {status}: …{log[-300:]}" for status, log in wrong)
    return [
        Goal("workers that ended by themselves", str(len(herd.exits)), not wrong, by_themselves),
        Goal("exit statuses at SIGTERM", str(statuses), set(statuses) == {0}),
    ]


RUNS = {"kills": kills, "hostile": hostile, "revision": revision, "dispute": dispute}
SERVED_RUNS = {"faults": faults}
