"""The runs of the chaos table that are about one moment: a hung stage, and SIGTERM. On the embedded store."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

from chaos.commit_scenarios import commits
from chaos.disk_scenario import disk_full
from chaos.drill import Drill, herd_of
from chaos.goals import Goal, at_most, equal, in_one
from chaos.herd import Herd
from chaos.plan import Item, Plan, PlannedDispute, Recipe, make_plan
from chaos.processes import wait_until
from chaos.scenarios import Setting
from chaos.verify import verify
from chaos.watch import Watch

from pipeline.worker.worker import _HANG_S

DEADLINE_S = 6.0
BEYOND_S = 2.0
IDLE_S = 2.0
_LONG_S = 30.0
_LATER_S = 8.0
"""How long after the deadline renewals are still looked for."""


def hang(setting: Setting) -> list[Goal]:
    """A hung stage is killed within its deadline + 2 s, and its message renewed no more."""
    child = _hung_child(setting)
    return child if setting.short else child + _hung_worker(setting)


def _hung_child(setting: Setting) -> list[Goal]:
    """The child hangs, and its own limit is far off: the item's deadline ends it."""
    notes = setting.folder / "notes-child"
    with setting.fresh(deadline_s=DEADLINE_S) as stack:
        drill = Drill(stack, _one_file("hang"), setting.say)
        drill.upload()
        watched = Watch()
        with herd_of(stack, 1, setting.folder, seconds=_LONG_S, CHAOS_NOTES=str(notes)) as herd:
            drill.run(herd, 120.0, lambda _: watched.look(herd.pids()))
            goals = _polite(herd)
        remains = drill.remains()
        began = sorted(row["started_at"].timestamp() for row in remains.tables["attempts"])
        # Openings take milliseconds unless they hang; each hung child belongs to the attempt before it.
        overran = [
            ended - max(start for start in began if start <= seen) - DEADLINE_S
            for seen, ended in watched.lifetimes()
            if ended - seen > 1.0
        ]
        goals.append(equal("children that hung", len(overran), 2))
        goals.append(at_most("child killed after its deadline", max(overran), BEYOND_S, "s"))
        goals += _renewals(notes, began)
        return [*goals, in_one(verify(drill.expected(), remains))]


def _hung_worker(setting: Setting) -> list[Goal]:
    """Our own code hangs, beside the jail: its message is soon another's, and the worker ends itself.

    It waits with that, since a call to a store that is silent just then ends by its own time limit.
    """
    notes = setting.folder / "notes-worker"
    place = "pipeline.worker.upload_work:examine"
    with setting.fresh(deadline_s=DEADLINE_S) as stack:
        drill = Drill(stack, _one_file("photo"), setting.say)
        drill.upload()
        extra = {"CHAOS_NOTES": str(notes), "CHAOS_HANG_IN": place}
        with herd_of(stack, 1, setting.folder / "hung", **extra) as herd:
            worker = herd.workers[0]
            wait_until(lambda: worker.poll() is not None, "the end of the hung worker", 120.0)
            ended = time.time()
        began = sorted(row["started_at"].timestamp() for row in drill.remains().tables["attempts"])
        back, over = (at - began[0] - DEADLINE_S for at in (began[1], ended))
        goals = [
            at_most("message at another slot after the deadline of the hung one", back, BEYOND_S + 1, "s"),
            at_most("hung worker ended after the deadline", over, BEYOND_S + _HANG_S, "s"),
        ]
        goals += _renewals(notes, began)
        with herd_of(stack, 1, setting.folder) as herd:
            drill.run(herd, 120.0)
            goals += _polite(herd)
        return [*goals, in_one(verify(drill.expected(), drill.remains()))]


def _renewals(notes: Path, began: list[float]) -> list[Goal]:
    """Renewals there were, but none after an attempt's deadline (until the next attempt)."""
    renewed = [note["at"] for note in _notes(notes) if note["what"] == "renew"]
    late = 0
    for start, following in zip(began, [*began[1:], float("inf")], strict=True):
        end = min(following, start + DEADLINE_S + _LATER_S)
        late += sum(start + DEADLINE_S < at < end for at in renewed)
    return [
        Goal("renewals before the deadline", str(len(renewed) - late), len(renewed) > late),
        equal("renewals after the deadline", late, 0),
    ]


def sigterm(setting: Setting) -> list[Goal]:
    """Idle within 2 s; busy within grace; nothing is opened twice, also where workers are replaced one by one."""
    return _idle(setting) + _busy(setting) + _beyond_grace(setting) + _rolling(setting)


def _idle(setting: Setting) -> list[Goal]:
    with setting.fresh() as stack, herd_of(stack, 1, setting.folder) as herd:
        herd.wait_ready()
        time.sleep(1.0)  # into its long poll
        took, statuses = _ended(herd)
        return [at_most("idle worker ended", took, IDLE_S, "s"), equal("its status", statuses, [0])]


def _busy(setting: Setting) -> list[Goal]:
    """SIGTERM while a file of 3 s is open and others wait; the next worker opens the rest, each once."""
    notes = setting.folder / "notes-busy"
    with setting.fresh() as stack:
        drill = Drill(stack, _one_file("slow:3", healthy=12), setting.say)
        drill.upload(shuffled=False)
        extra = {"CHAOS_NOTES": str(notes)}
        with herd_of(stack, 1, setting.folder, seconds=_LONG_S, **extra) as herd:
            _wait_for_child(herd)
            took, statuses = _ended(herd)
        with herd_of(stack, 1, setting.folder, seconds=_LONG_S, **extra) as herd:
            drill.run(herd, 120.0)
            goals = _polite(herd)
        grace = float(stack.environment["EVIDENCE_GRACE_S"])
        goals.append(at_most("busy worker ended", took, grace, "s"))
        goals.append(equal("its status", statuses, [0]))
        goals.append(_repeated(notes))
        return [*goals, in_one(verify(drill.expected(), drill.remains()))]


def _beyond_grace(setting: Setting) -> list[Goal]:
    """A file that takes longer than the grace period goes back to the queue, and is no innocent quarantined."""
    grace = 2.0
    with setting.fresh() as stack:
        drill = Drill(stack, _one_file("slow:6"), setting.say)
        drill.upload()
        extra = {"EVIDENCE_GRACE_S": str(grace)}
        with herd_of(stack, 1, setting.folder, seconds=_LONG_S, **extra) as herd:
            _wait_for_child(herd)
            took, statuses = _ended(herd)
        with herd_of(stack, 1, setting.folder, seconds=_LONG_S) as herd:
            drill.run(herd, 120.0)
            goals = _polite(herd)
        goals.append(at_most("worker ended after a grace of 2 s", took, grace + BEYOND_S, "s"))
        goals.append(equal("its status", statuses, [0]))
        return [*goals, in_one(verify(drill.expected(), drill.remains()))]


def _rolling(setting: Setting) -> list[Goal]:
    """Workers are asked to end one after another, and replaced, while there is work."""
    notes, count = setting.folder / "notes-rolling", 6 if setting.short else 20
    plan = make_plan(setting.seed, 12 * count, hostile=0, pairs=0, versions_share=0.0)
    chance = random.Random(f"rolling/{setting.seed}")
    with setting.fresh() as stack:
        drill = Drill(stack, plan, setting.say)
        drill.upload()
        request = 0

        def ask(share: float) -> None:
            nonlocal request
            if request < min(count, share * count + 1):
                request += herd.ask_one(chance)

        with herd_of(stack, 2, setting.folder, CHAOS_NOTES=str(notes)) as herd:
            drill.run(herd, 300.0, ask)
            goals = _polite(herd)
        goals.append(Goal("workers replaced", str(request), request >= count // 2))
        goals.append(_repeated(notes))
        return [*goals, in_one(verify(drill.expected(), drill.remains()))]


def _one_file(kind: str, healthy: int = 0) -> Plan:
    disputes = (PlannedDispute("D-one", True),)
    odd = Item("D-one", "buyer/odd.jpg", (Recipe(kind, "odd"),), "hang" if kind == "hang" else None)
    others = [Item("D-one", f"buyer/{n}.jpg", (Recipe("photo", f"other/{n}"),)) for n in range(healthy)]
    return Plan(1, disputes, (odd, *others), (), 0)


def _wait_for_child(herd: Herd) -> None:
    """Until a child has been at work for a while: the slow one."""
    watched = Watch()

    def is_slow() -> bool:
        watched.look(herd.pids())
        return any(time.time() - seen > 0.7 for seen in watched.at_work())

    wait_until(is_slow, "a slow child at work")


def _ended(herd: Herd) -> tuple[float, list[int]]:
    began = time.monotonic()
    statuses = herd.end(60.0)
    return time.monotonic() - began, statuses


def _polite(herd: Herd) -> list[Goal]:
    by_themselves = tuple(f"status {status}: …{log[-300:]}" for status, log in herd.exits)
    statuses = herd.end(60.0)
    fine = not by_themselves and set(statuses) == {0}
    return [Goal("workers end only when asked", str(statuses), fine, by_themselves)]


def _repeated(notes: Path) -> Goal:
    opened = Counter(note["about"] for note in _notes(notes) if note["what"] == "open")
    again = sum(opened.values()) - len(opened)
    return Goal("files opened again", f"{again} of {len(opened)} (wanted 0)", again == 0 and bool(opened))


def _notes(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


EMBEDDED_RUNS = {"hang": hang, "commits": commits, "disk": disk_full, "sigterm": sigterm}
