"""A receiver of events that hangs longer than anybody waits for it: reports lie beside their evidence all the same."""

from __future__ import annotations

import time

from chaos.drill import Drill, herd_of
from chaos.goals import Goal, at_most, goals_of
from chaos.plan import make_plan
from chaos.scenarios import LIMIT_S, Setting, ending
from chaos.verify import verify

_MOST = 120
_HANGS_S = 11.0
_SOON_S = 5.0


def webhook(setting: Setting) -> list[Goal]:
    """Every request to the receiver hangs until all reports are written; then it answers."""
    plan = make_plan(setting.seed, min(setting.messages, _MOST), hostile=0)
    with setting.fresh() as stack:
        stack.sink.hangs_s = _HANGS_S
        drill = Drill(stack, plan, setting.say)
        drill.upload()
        keys = drill.expected().report_keys().values()
        ended_at: list[float] = []
        written_at: list[float] = []

        def disturb(share: float) -> None:
            if share < 1 or written_at:
                return
            ended_at.append(time.monotonic())
            uploads = stack.uploads()
            if all(uploads.exists(key) for key in keys):
                written_at.append(time.monotonic())
                stack.sink.hangs_s = 0.0

        with herd_of(stack, 2, setting.folder) as herd:
            drill.run(herd, LIMIT_S, disturb)
            goals = ending(herd)
        late = written_at[0] - ended_at[0]
        goals.append(
            at_most("the last report after the last upload, while the receiver hangs", late, _SOON_S, "s")
        )
        return goals + goals_of(verify(drill.expected(), drill.remains()))
