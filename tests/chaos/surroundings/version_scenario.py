"""Two versions side by side: the next one migrates while workers of this one go on, and are started again."""

from __future__ import annotations

import re
import shutil
import signal
from contextlib import ExitStack
from pathlib import Path

from chaos.drill import Drill, herd_of
from chaos.goals import Goal, equal, goals_of
from chaos.plan import make_plan
from chaos.processes import kill
from chaos.record import schema_revision
from chaos.scenarios import LIMIT_S, Setting, ending
from chaos.verify import verify

from storage.database.migrations.revisions import number_of
from storage.database.schema import NEWEST

ROOT = Path(__file__).resolve().parents[3]
NEXT = f"{int(number_of(NEWEST)) + 1:04d}_since_{number_of(NEWEST)}"
_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence", sa.Column("of_the_next_version", sa.Text(), nullable=True))
    op.create_table("next_things", sa.Column("tenant", sa.Text(), primary_key=True), sa.Column("id", sa.Text()))
"""
_MOST = 400
_WORKERS = 2


def versions(setting: Setting) -> list[Goal]:
    """Half the workers are of a next version, started in the middle of the work, whose migration adds to the schema."""
    plan = make_plan(setting.seed, min(setting.messages, _MOST))
    with setting.fresh() as stack, ExitStack() as herds:
        drill = Drill(stack, plan, setting.say)
        drill.upload()
        old = herds.enter_context(herd_of(stack, _WORKERS, setting.folder / "this"))
        place = str(next_version(setting.folder / "version"))
        new = herd_of(stack, _WORKERS, setting.folder / "next", PYTHONPATH=place)
        killed: list[int] = []

        def disturb(share: float) -> None:
            if share >= 0.2 and not new.workers:
                herds.enter_context(new)
            if not new.workers:
                return
            new.tend()
            if not killed and schema_revision(stack.database_url) == NEXT:
                killed.extend(worker.pid for worker in old.workers)
                for pid in killed:
                    kill(pid, signal.SIGKILL)

        took = drill.run(old, LIMIT_S, disturb)
        setting.say(f"{took:.0f} s")
        goals = [*ending(old), *ending(new)]
        goals.append(equal("schema at the end", schema_revision(stack.database_url), NEXT))
        goals.append(
            Goal("workers started again on the newer schema", str(len(killed)), len(killed) == _WORKERS)
        )
        return goals + goals_of(verify(drill.expected(), drill.remains()))


def next_version(folder: Path) -> Path:
    """This program with one more migration."""
    for part in ("pipeline", "storage", "validators"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    database = folder / "storage" / "database"
    schema = database / "schema.py"
    text, count = re.subn(r'^NEWEST = ".*"$', f'NEWEST = "{NEXT}"', schema.read_text(), flags=re.MULTILINE)
    assert count == 1
    schema.write_text(text)
    migration = _MIGRATION.format(next=NEXT, newest=NEWEST)
    (database / "migrations" / "versions" / "rev_next.py").write_text(migration)
    return folder
