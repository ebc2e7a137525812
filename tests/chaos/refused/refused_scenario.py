"""Objects that S3 refuses, of every kind, among healthy ones: each is its item's finding, and the worker comes to an end."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from chaos.commit_scenarios import run_once
from chaos.drill import Drill, herd_of
from chaos.goals import Goal, equal
from chaos.plan import Item, Plan, PlannedDispute, Recipe
from chaos.refused.refusing_s3 import REFUSALS, refusing_s3
from chaos.scenarios import Setting

_HEALTHY = 20
_TRIES = 5
_SAID = {"gone": "FMT_MISSING"}
_UNFETCHED = "SYS_NOT_FETCHED"
_UNOPENED = ("PROCESSING_FAILED", "UNREADABLE")


def refused(setting: Setting) -> list[Goal]:
    """One upload of every failing kind and twenty healthy ones, in one dispute, for one ``worker --once``."""
    with (
        setting.fresh() as stack,
        refusing_s3(urlsplit(stack.environment["AWS_ENDPOINT_URL_S3"]).netloc) as proxy,
    ):
        drill = Drill(stack, _plan(setting.seed), setting.say)
        drill.upload()
        drill.tell_of_some(1.0)
        herd = herd_of(stack, 1, setting.folder, AWS_ENDPOINT_URL_S3=f"http://{proxy.address}")
        began = time.monotonic()
        status = run_once(herd)
        took = time.monotonic() - began
        remains = drill.remains()
        (report,) = remains.newest.values()
        found = {item["file"].rsplit("/", 1)[-1]: item for item in report["evidence"]}
        wrong = [name for name in found if name.startswith("healthy") and found[name]["state"] in _UNOPENED]
        told = {word: _told(found[f"{word}.jpg"]) for word in REFUSALS}
        lost = [word for word, refusal in REFUSALS.items() if refusal.said == "gone"]
        often = {word: count for word, count in proxy.asked.items() if count != _tries(word)}
        return [
            Goal("worker --once", f"status {status} after {took:.0f} s", status == 0),
            equal("items in the one report", len(found), _HEALTHY + len(REFUSALS)),
            Goal("healthy items", f"{_HEALTHY - len(wrong)} of {_HEALTHY} opened", not wrong, tuple(wrong)),
            equal("findings", told, {word: _expected(refusal.said) for word, refusal in REFUSALS.items()}),
            equal("messages left", remains.depth.total, 0),
            equal("dead letters to send again", len(remains.dead), len(REFUSALS) - len(lost)),
            Goal("tries", f"{sum(proxy.asked.values())} requests", not often, tuple(map(str, often.items()))),
        ]


def _tries(word: str) -> int:
    """What cannot change soon is asked for once."""
    return 1 if REFUSALS[word].said in ("archived", "gone") else _TRIES


def _expected(said: str) -> tuple[str, str]:
    return (_SAID[said], "") if said in _SAID else (_UNFETCHED, said)


def _told(item: dict[str, object]) -> tuple[str, str]:
    findings = item["findings"]
    assert isinstance(findings, list)
    codes = (*_SAID.values(), _UNFETCHED)
    found = next((one for one in findings if one["code"] in codes), None)
    return ("", "") if found is None else (found["code"], found["params"].get("reason", ""))


def _plan(seed: int) -> Plan:
    names = [*REFUSALS, *(f"healthy-{number}" for number in range(_HEALTHY))]
    items = tuple(
        Item("D-refused", f"buyer/{name}.jpg", (Recipe("photo", f"{seed}/{name}"),)) for name in names
    )
    return Plan(seed, (PlannedDispute("D-refused", declared=True),), items, malformed=(), duplicates=0)
