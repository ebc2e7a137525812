"""The embedded store killed at every commit point: intact, and resumed unaided."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chaos.drill import Drill, herd_of
from chaos.goals import Goal, equal, goals_of
from chaos.herd import WORKER_MAIN, Herd
from chaos.plan import Item, Plan, PlannedDispute, Recipe
from chaos.processes import start
from chaos.record import Remains
from chaos.scenarios import Setting
from chaos.stacks import Stack
from chaos.verify import Expected, verify

_POINTS_SHORT = 4
ONCE_S = 180.0


def commits(setting: Setting) -> list[Goal]:
    """SIGKILL before and after each commit of a worker that does a small plan; then a worker without orders.

    Between the two a newer version of one of the objects arrives.
    """
    with setting.fresh() as stack:
        plan = small_plan()
        drill = Drill(stack, plan, setting.say)
        drill.upload(plan.items[:1], 0, shuffled=False)
        drill.upload(plan.items[1:], shuffled=False)
        drill.tell_of_some(1.0)
        stack.close()
        at_start = setting.folder / "at-start"
        shutil.copytree(stack.folder, at_start)
        herd = herd_of(stack, 1, setting.folder, EVIDENCE_VISIBILITY_S="2")
        tally = setting.folder / "commits"
        if run_once(herd, CHAOS_COMMITS=str(tally)) != 0:
            return [Goal("undisturbed run", "did not end", False)]
        total = tally.stat().st_size
        wanted = _lasting(_resumed(herd, stack, drill)[1].remains)
        orders = [f"{n}:{when}" for n in range(1, total + 1) for when in ("before", "after")]
        if setting.short:
            orders = orders[:: -(-len(orders) // _POINTS_SHORT)]
        points = []
        for order in _told(orders, setting):
            shutil.rmtree(stack.folder)
            shutil.copytree(at_start, stack.folder)
            stack.sink.received.clear()
            points.append(_killed_at(order, herd, stack, drill, wanted))
    died = sum(point.died for point in points)
    goals = [Goal("commit points", f"killed at {died} of {len(orders)}", died >= 0.8 * len(orders))]
    return goals + _together([point.goals for point in points])


@dataclass(frozen=True, slots=True)
class _Point:
    """What became of a worker that was told to die at one commit: whether it did, and the goals after resuming."""

    died: bool
    goals: list[Goal]


@dataclass(frozen=True, slots=True)
class _Left:
    """What a resumed run left behind, and what it should have."""

    expected: Expected
    remains: Remains


def _killed_at(order: str, herd: Herd, stack: Stack, drill: Drill, wanted: Any) -> _Point:
    died = run_once(herd, CHAOS_KILL_AT_COMMIT=order) == -signal.SIGKILL
    status, left = _resumed(herd, stack, drill)
    goals = [
        equal("the worker after it ended", status, 0),
        intact(stack),
        _equal_reports(_lasting(left.remains), wanted),
        *goals_of(verify(left.expected, left.remains)),
    ]
    return _Point(died, [_named(goal, order) for goal in goals])


def _resumed(herd: Herd, stack: Stack, drill: Drill) -> tuple[int, _Left]:
    """The object's newer version arrives; a worker without orders goes on to the end: its status."""
    again = Drill(stack, drill.plan, drill.say, drill.stored)
    again.upload(again.plan.items[:1], 1)
    again.tell_of_some(1.0)
    status = run_once(herd)
    if not again.is_drained():  # the dead worker's lease on what it took from the outbox outlasted this one
        time.sleep(float(stack.environment["CHAOS_LEASE_S"]))
        status = run_once(herd)
    left = _Left(again.expected(), again.remains())
    stack.close()
    return status, left


def _named(goal: Goal, order: str) -> Goal:
    if goal.reached:
        return goal
    return replace(goal, breaches=tuple(f"killed at {order}: {b}" for b in goal.breaches or (goal.measured,)))


def _together(each: list[list[Goal]]) -> list[Goal]:
    """One goal for each name: reached where it was at every point."""
    names = list(dict.fromkeys(goal.name for goals in each for goal in goals))
    combined = []
    for name in names:
        those = [goal for goals in each for goal in goals if goal.name == name]
        held = sum(goal.reached for goal in those)
        breaches = tuple(breach for goal in those if not goal.reached for breach in goal.breaches)
        combined.append(Goal(name, f"at {held} of {len(those)} points", held == len(those), breaches))
    return combined


def _told(orders: list[str], setting: Setting) -> Iterator[str]:
    began = told = time.monotonic()
    for number, order in enumerate(orders):
        if time.monotonic() - told > 20.0:
            told = time.monotonic()
            setting.say(f"{told - began:4.0f} s: {number} of {len(orders)} points")
        yield order


def run_once(herd: Herd, **extra: str) -> int:
    """Run one worker until the queue is drained; its status."""
    process = started(herd, **extra)
    try:
        return process.wait(ONCE_S)
    finally:
        process.kill()
        process.wait()


def started(herd: Herd, **extra: str) -> subprocess.Popen[bytes]:
    herd.logs.mkdir(parents=True, exist_ok=True)
    arguments = [
        "1" if before == "--jobs" else part
        for before, part in zip(["", *herd.arguments], herd.arguments, strict=False)
    ]
    command = [sys.executable, str(WORKER_MAIN), *arguments, "--once"]
    return start(command, {**herd.environment, **extra}, herd.log(0))


def left_behind(stack: Stack, drill: Drill) -> Remains:
    fresh = Drill(stack, drill.plan, drill.say, drill.stored)
    try:
        return fresh.remains()
    finally:
        stack.close()


def intact(stack: Stack) -> Goal:
    said = []
    for name in ("evidence.sqlite", "queue.sqlite"):
        connection = sqlite3.connect(stack.folder / name)
        said.append(connection.execute("PRAGMA integrity_check").fetchone()[0])
        connection.close()
    return equal("integrity_check of record and queue", said, ["ok", "ok"])


def _lasting(remains: Remains) -> dict[str, Any]:
    """The newest reports without what tells of when and how often they were made.

    Nor when an item was received: where objects have no versions, that is the time of whichever of its events first
    found the newest bytes.
    """
    passing = {"created_at", "as_of", "revision", "evidence"}
    return {
        dispute: {name: value for name, value in report.items() if name not in passing}
        | {"evidence": [{**entry, "received_at": None} for entry in report["evidence"]]}
        for dispute, report in remains.newest.items()
    }


def _equal_reports(found: Any, wanted: Any) -> Goal:
    """Where two sets of reports part, in words."""
    differing = tuple(_differences(wanted, found, "reports"))
    return Goal("reports equal the undisturbed run's", f"{len(found)} reports", not differing, differing)


def _differences(wanted: Any, found: Any, where: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in sorted(wanted.keys() | found.keys()):
            yield from _differences(wanted.get(key), found.get(key), f"{where}.{key}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, pair in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(*pair, f"{where}[{number}]")
    elif wanted != found:
        yield f"{where} is {str(found)[:200]}, undisturbed {str(wanted)[:200]}"


def small_plan() -> Plan:
    """A pair, an object of two versions, a crashing file and a malformed message, in three disputes."""
    disputes = tuple(PlannedDispute(name, True) for name in ("D-A", "D-B", "D-C"))
    earlier = Item("D-A", "buyer/damage.jpg", (Recipe("photo", "pair"),))
    later = Item("D-B", "buyer/damage.jpg", (Recipe("copy", "pair"),))
    twice = Item("D-C", "buyer/label.jpg", (Recipe("photo", "label 1"), Recipe("photo", "label 2")))
    crashing = Item("D-A", "seller/odd.jpg", (Recipe("segfault", "odd"),), "segfault")
    plain = Item("D-B", "seller/packing.jpg", (Recipe("photo", "packing"),))
    return Plan(1, disputes, (twice, earlier, crashing, later, plain), ("no JSON",), 0, ((earlier, later),))
