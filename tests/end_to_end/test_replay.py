"""evidence replay: what it tells equals what a run with that policy makes of the same files, and nothing is written."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
from pathlib import Path

import pytest
from kit import EVIDENCE, declare, submitted
from pictures import save, scene
from PIL import ImageFilter, ImageOps

SAMPLES = Path(__file__).parents[2] / "sample_evidence"
AS_OF = "2026-05-10T12:00:00Z"
STRICT = """
id = "strict"
version = "1"
[rules.blur.focus_below]
value = 0.5
[rules.blur.sharp_above]
value = 0.7
[rules.clarity.min_long_side]
value = 900
[rules.accept.types]
value = ["image/jpeg", "application/pdf"]
[rules.accept.photo_mb]
value = 0.05
[rules.accept.total_mb]
value = 0.3
[rules.reuse.correlated_min]
value = 0.999
[rules.reuse.scene_inliers]
value = 2000
[rules.deadlines.evidence.days]
value = 1
[rules.capture_time.order_margin_hours]
value = 0.0
[reasons.damaged]
reason = "NOT_AS_DESCRIBED"
source = "a test"
buyer = { required = ["item", "label"], optional = [] }
"""


def run(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [EVIDENCE, *map(str, words)], capture_output=True, text=True, timeout=300, cwd=folder, check=False
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
    return done


def check(folder: Path, source: Path, name: str, *more: object) -> dict[str, dict]:
    """A whole run with a store of its own; its reports by dispute."""
    out = folder / f"out-{name}"
    words = ["check", source, "--out", out, "--store", folder / name, "--as-of", AS_OF, "--no-comparisons"]
    assert run(folder, *words, *more).returncode in (0, 1)
    bodies = [json.loads(path.read_text()) for path in out.rglob("report.json")]
    return {body["dispute"]["id"]: body for body in bodies}


def replay(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return run(folder, "replay", "--store", folder / "plain", *words)


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three disputes: sharp and soft photos, copies, a mirrored copy, late items, a text."""
    folder = tmp_path_factory.mktemp("generated")
    about = {"reason": "NOT_AS_DESCRIBED", "sub_reason": "damaged", "opened_at": "2026-03-09T10:00:00Z"}
    for number in range(3):
        declare(
            folder / f"D-{number}", f"b-{number}",
            evidence=[{**submitted(f"{i}.jpg", 10 + 4 * i + number), "roles": ["item"]} for i in range(4)], **about,
        )  # fmt: skip
        for i in range(4):
            made = scene(3 * number + i, 800 + 100 * i).filter(ImageFilter.GaussianBlur(number * 0.7))
            save(made, folder / f"D-{number}" / f"{i}.jpg", quality=60 + 10 * i)
        (folder / f"D-{number}" / "chat.txt").write_text("the lid is cracked\n")
    save(ImageOps.mirror(scene(1)), folder / "D-2" / "again.jpg", quality=70)
    return folder


@pytest.mark.ffmpeg
@pytest.mark.parametrize(
    ("of", "policy"),
    [("samples", "strict"), *(("generated", name) for name in ("strict", "paypal", "aliexpress-shortest"))],
)
def test_replay_equals_a_run_with_that_policy(tmp_path: Path, generated: Path, of: str, policy: str) -> None:
    source = SAMPLES if of == "samples" else generated
    if policy == "strict":
        (tmp_path / "strict.toml").write_text(STRICT)
        policy = str(tmp_path / "strict.toml")
    before, after = check(tmp_path, source, "plain"), check(tmp_path, source, "other", "--policy", policy)
    told = json.loads(replay(tmp_path, "--policy", policy, "--json").stdout)
    assert told["needs_a_run"] == []
    changes = {one["dispute"]: one["changes"] for one in told["disputes"]}
    assert before.keys() == after.keys()
    for id_ in before:
        assert applied(before[id_], changes.get(id_, [])) == verdicts(after[id_])
    if policy.endswith("strict.toml"):
        assert told["totals"]["items_changed"] > 0


def verdicts(report: dict) -> dict:
    """What a report concludes, as sorted texts, read apart from the product's own comparing."""
    found: dict = {}
    for item in report["evidence"]:
        best = item["capture_time"] and item["capture_time"]["best"]
        clarity = item["clarity"] and item["clarity"]["verdict"]
        values = {"state": item["state"], "late": item["late"], "clarity": clarity, "capture_time": best}
        lists = {"finding": item["findings"], "match": item["matches"]}
        found[item["id"]] = {**values, **{name: texts(value) for name, value in lists.items()}}
    whole = report["completeness"]
    lists = {"finding": whole["findings"], "slot": whole["slots"], "deadline": report["deadlines"]}
    found[None] = {name: texts(value) for name, value in lists.items()}
    return found


def texts(entries: list) -> list[str]:
    return sorted(json.dumps(entry, sort_keys=True) for entry in entries)


def applied(report: dict, changes: list[dict]) -> dict:
    """The verdicts of ``report`` after ``changes``; each must fit what stands there."""
    found = verdicts(report)
    for change in changes:
        place, what = found[change["evidence_id"]], change["what"]
        if not isinstance(place[what], list):
            assert place[what] == change["before"]
            place[what] = change["after"]
            continue
        if change["before"] is not None:
            place[what].remove(json.dumps(change["before"], sort_keys=True))
        if change["after"] is not None:
            place[what] = sorted([*place[what], json.dumps(change["after"], sort_keys=True)])
    return found


@pytest.fixture
def checked(tmp_path: Path, generated: Path) -> Path:
    check(tmp_path, generated, "plain")
    (tmp_path / "strict.toml").write_text(STRICT)
    return tmp_path


def test_the_same_policy_changes_nothing_and_nothing_is_ever_written(checked: Path) -> None:
    database = checked / "plain" / "evidence.sqlite"
    before = hashlib.sha256(database.read_bytes()).digest()
    same = replay(checked, "--policy", "default")
    assert (same.returncode, same.stdout.count("\n")) == (0, 1)
    assert "0 of 16 items and 0 of 3 disputes" in same.stdout
    assert replay(checked, "--policy", "strict.toml").returncode == 1
    assert hashlib.sha256(database.read_bytes()).digest() == before


def test_as_text_and_as_csv(checked: Path) -> None:
    text = replay(checked, "--policy", "strict.toml", "--limit", "1").stdout
    assert "finding CLR_LOW_RES appears: warning/fail" in text
    assert "against 900]" in text
    assert "and 2 more disputes" in text
    table = replay(checked, "--policy", "strict.toml", "--csv").stdout
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    small = [row for row in rows if row["name"] == "CLR_LOW_RES"]
    assert {(row["how"], row["measured_after"], row["rule"]) for row in small} == {
        ("appears", "800.0", "clarity.min_long_side")
    }
    only = json.loads(replay(checked, "--policy", "strict.toml", "--json", "--dispute", "D-1").stdout)
    assert [one["dispute"] for one in only["disputes"]] == ["D-1"]
    assert only["totals"]["disputes"] == 1


def test_rules_that_act_before_judging_are_named(checked: Path) -> None:
    (checked / "early.toml").write_text("[rules.limits.pages_read]\nvalue = 2\n")
    told = replay(checked, "--policy", "early.toml")
    assert told.returncode == 0
    assert "limits.pages_read" in told.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--policy", "no-such"), "there is no policy"),
        (("--policy", "paypal", "--store", "elsewhere"), "There is no store"),
        (("--policy", "paypal", "--json", "--csv"), "not both"),
    ],
)
def test_misuse_is_told_in_one_sentence(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    done = run(tmp_path, "replay", *words)
    assert done.returncode == 2
    assert says in done.stderr


def test_policies_are_listed_and_shown(tmp_path: Path) -> None:
    listed = run(tmp_path, "policy", "list").stdout
    assert {"default", "paypal", "shopee", "stripe", "aliexpress-g0"} <= set(listed.split())
    shown = run(tmp_path, "policy", "show", "paypal", "--changes").stdout
    assert "accept.photo_mb = 10 MB" in shown
    assert "clarity" not in shown
    assert "benchmark: ./dev bench clarity" in run(tmp_path, "policy", "show").stdout
