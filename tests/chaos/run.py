"""Chaos: the worker under kills, faults and hostile files, measured against the goals. ./dev chaos --help"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from chaos.goals import Goal
from chaos.refused.refused_scenario import refused
from chaos.scenarios import RUNS, Setting
from chaos.scenarios import SERVED_RUNS as FAULTY_RUNS
from chaos.single_scenarios import EMBEDDED_RUNS as SINGLE_RUNS
from chaos.stacks import EMBEDDED, SERVERS, Servers, Stack, embedded_stack, running_servers, servers_stack
from chaos.surroundings.link_scenario import links
from chaos.surroundings.version_scenario import versions
from chaos.surroundings.webhook_scenario import webhook

SERVED_RUNS = FAULTY_RUNS | {"refused": refused}
MESSAGES, KILLS = 2000, 200
SHORT_MESSAGES, SHORT_KILLS = 100, 12
SHORT_RUNS = {
    EMBEDDED: ("kills", "revision", "hang", "commits", "sigterm"),
    SERVERS: ("faults", "dispute"),
}
EMBEDDED_RUNS = SINGLE_RUNS | {"links": links}
EVERYWHERE = RUNS | {"versions": versions, "webhook": webhook}
_ALL = [*EVERYWHERE, *SERVED_RUNS, *EMBEDDED_RUNS]


def main() -> int:
    """Run what was asked for; 1 where a goal was missed."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything is cleaned up
    folder = Path(tempfile.mkdtemp(prefix="evidence-chaos-"))
    missed = 0
    try:
        for name in [options.stack] if options.stack else [EMBEDDED, SERVERS]:
            missed += _on_stack(name, options, folder / name)
    finally:
        if options.keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder)
    print(f"\n{'every goal reached' if not missed else f'{missed} goals missed'}")
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev chaos", description=__doc__)
    parser.add_argument("--run", nargs="+", choices=_ALL, default=None, metavar="NAME", help=", ".join(_ALL))
    parser.add_argument("--stack", choices=(EMBEDDED, SERVERS), help="only this one; default: both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", type=int, help=f"of kills and faults; default {MESSAGES}")
    parser.add_argument("--kills", type=int, help=f"at least so many SIGKILLs; default {KILLS}")
    parser.add_argument("--short", action="store_true", help="a few minutes in all, for every change")
    parser.add_argument("--keep", action="store_true", help="leave stores and logs behind, and say where")
    options = parser.parse_args()
    options.messages = options.messages or (SHORT_MESSAGES if options.short else MESSAGES)
    options.kills = options.kills if options.kills is not None else (SHORT_KILLS if options.short else KILLS)
    return options


def _on_stack(name: str, options: argparse.Namespace, folder: Path) -> int:
    runs = EVERYWHERE | (EMBEDDED_RUNS if name == EMBEDDED else SERVED_RUNS)
    chosen = [run for run in runs if options.run is None or run in options.run]
    if options.short and options.run is None:
        chosen = [run for run in chosen if run in SHORT_RUNS[name]]
    missed = 0
    with ExitStack() as resources:
        servers = resources.enter_context(running_servers()) if name == SERVERS and chosen else None
        for run in chosen:
            setting = _setting(run, options, folder / run, servers)
            print(f"\n{name} · {run} · seed {options.seed}", flush=True)
            began = time.monotonic()
            try:
                goals = runs[run](setting)
            except TimeoutError as late:
                goals = [Goal("comes to an end", str(late), False)]
            missed += _told(goals, time.monotonic() - began)
    return missed


def _setting(run: str, options: argparse.Namespace, folder: Path, servers: Servers | None) -> Setting:
    folder.mkdir(parents=True)
    numbers = count(1)

    @contextmanager
    def fresh(**how: object) -> Iterator[Stack]:
        place = folder / f"stack-{next(numbers)}"
        place.mkdir()
        opened = embedded_stack if servers is None else partial(servers_stack, servers)
        with opened(place, options.seed, **how) as stack:
            yield stack

    return Setting(
        seed=options.seed,
        messages=options.messages,
        kills=options.kills,
        folder=folder,
        say=lambda text: print(f"    … {text}", flush=True),
        fresh=fresh,
        servers=servers,
        short=options.short,
    )


def _told(goals: list[Goal], took: float) -> int:
    for goal in goals:
        print("\n".join(goal.lines()), flush=True)
    missed = sum(not goal.reached for goal in goals)
    print(f"    {len(goals) - missed} of {len(goals)} goals in {took:.0f} s", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
