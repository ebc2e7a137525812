"""``evidence compare`` on a store made by hand."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from comparison_store import compared, fill, put_item, put_pair, scene
from typer.testing import CliRunner

from pipeline.commands.program import app
from pipeline.reports.comparison_picture import draw_picture, plan_picture
from pipeline.reports.comparison_sources import NoComparisonError, pixels_of
from storage.database.database import open_database
from storage.memory import MemoryObjects, memory_database
from storage.objects.folder import FolderObjects
from validators.evidence import PageMeasures, Region


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command on a filled store, inside a folder of its own."""
    monkeypatch.delenv("EVIDENCE_DATABASE_URL", raising=False)
    monkeypatch.delenv("EVIDENCE_OBJECTS_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".evidence").mkdir()
    database = open_database(f"sqlite:///{tmp_path / '.evidence' / 'evidence.sqlite'}")
    database.migrate()
    fill(database, FolderObjects(tmp_path / ".evidence" / "objects"))
    database.close()

    def go(*argv: str):
        return CliRunner().invoke(app, ["compare", *argv])

    return go


@pytest.fixture
def stores():
    database, objects = memory_database(), MemoryObjects()
    fill(database, objects)
    yield database, objects
    database.close()


def test_one_match_gives_one_picture_and_one_line(run, tmp_path):
    done = run("D-2", "part.jpg")
    assert done.exit_code == 0, done.output
    (made,) = tmp_path.glob("*.jpg")
    assert made.name == "compare-D-2-part-with-D-1-whole.jpg"
    assert done.stdout == f"{made.name}: buyer/part.jpg next to D-1/buyer/whole.jpg: similar pictures\n"
    assert cv2.imread(str(made)).shape[1] <= 1600


def test_every_match_is_drawn_with_numbers_where_one_name_was_given(run, tmp_path):
    done = run("D-1", "a", "--out", "x.jpg")
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in tmp_path.glob("*.jpg")) == ["x-2.jpg", "x.jpg"]
    assert "the same file, byte for byte" in done.stdout


def test_a_folder_takes_pictures_by_name(run, tmp_path):
    (tmp_path / "pictures").mkdir()
    assert run("D-1", "a", "--with", "D-2/buyer/copy.jpg", "--out", "pictures").exit_code == 0
    assert [p.name for p in (tmp_path / "pictures").iterdir()] == ["compare-D-1-whole-with-D-2-copy.jpg"]


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["D-9", "a"], "There is no dispute D-9"),
        (["D-1", "z"], "There is no item z in dispute D-1"),
        (["D-2", "alone.jpg"], "matches no other item"),
        (["D-1", "a", "--with", "e"], "There is no item e in the 2 matches"),
        (["D-2", "copy.jpg", "--with", "d"], "No picture of buyer/none.jpg was kept"),
        (["D-1", "a", "--out", "x.txt"], "--out x.txt"),
        (["D-1", "a", "--with", "b", "--out", "nowhere/x.jpg"], "cannot be written"),
        (["D-1", "a", "--store", "elsewhere"], "There is no store in elsewhere"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(run, argv, sentence):
    done = run(*argv)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.output
    assert len(done.stderr.strip().splitlines()) == 1


def test_of_several_matches_the_others_are_drawn(run, tmp_path):
    done = run("D-2", "copy.jpg")
    assert done.exit_code == 2
    assert "none.jpg" in done.stderr
    assert len(list(tmp_path.glob("*.jpg"))) == 1


def test_the_help_has_an_example():
    done = CliRunner().invoke(app, ["compare", "--help"])
    assert done.exit_code == 0
    assert "evidence compare D-1002" in done.output


def panel(drawn, width=470) -> np.ndarray:
    """The upper left panel and the one beside it, in grey."""
    picture = cv2.imdecode(np.frombuffer(drawn.data, np.uint8), cv2.IMREAD_GRAYSCALE)
    return picture[60:300, 60:400], picture[60:300, 60:]


@pytest.mark.parametrize(("this", "other"), [("a", "b"), ("b", "a")])
def test_a_pair_is_told_from_both_sides(stores, this, other):
    database, objects = stores
    with database.reading() as records:
        plan = plan_picture("default", this, other, records)
    left, beside = panel(draw_picture(plan, objects))
    found = cv2.matchTemplate(beside[:, 380:], left[20:220, 100:300], cv2.TM_CCOEFF_NORMED)
    assert found.max() > 0.9


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("swapped", [False, True])
def test_hashes_alone_are_laid_by_the_orientation(stores, orientation, swapped):
    from pipeline.opening.child.pixels import upright

    database, objects = stores
    second = scene(seed=8)
    put_item(database, objects, "x1", "D-3", "x.jpg", ("preview", upright(second, orientation), None, None))
    put_item(database, objects, "x2", "D-3", "y.jpg", ("preview", second, None, None))
    put_pair(database, "x1", "x2", None, method="phash256", orientation=orientation)
    with database.reading() as records:
        plan = plan_picture("default", *(("x2", "x1") if swapped else ("x1", "x2")), records)
    left, beside = panel(draw_picture(plan, objects))
    found = cv2.matchTemplate(beside[:, 380:], left[20:220, 100:300], cv2.TM_CCOEFF_NORMED)
    assert found.max() > 0.9


def test_a_page_is_taken_by_its_number_and_a_frame_by_its_time(stores):
    database, objects = stores
    pages = [scene(seed=seed) for seed in (11, 12)]
    frames = [scene(160, 120, seed) for seed in (21, 22, 23, 24, 25)]
    sheet = np.full((2 * 124 + 4, 4 * 164 + 4, 3), 255, np.uint8)
    for i, frame in enumerate(frames):
        y, x = 4 + i // 4 * 124, 4 + i % 4 * 164
        sheet[y : y + 120, x : x + 160] = frame
    seen = tuple(PageMeasures(i + 1, 160, 120, time_s=i + 0.5) for i in range(5))
    put_item(
        database, objects, "p", "D-3", "p.pdf", ("preview", pages[0], 1, None), ("preview", pages[1], 2, None)
    )  # fmt: skip
    put_item(
        database, objects, "v", "D-3", "v.mp4", ("poster", frames[1], None, 1.5), ("contact_sheet", sheet, None, None),
        pages=seen,
    )  # fmt: skip
    near = Region(0, 0, 1, 1, time_s=4.5)
    put_pair(database, "p", "v", compared(np.eye(3), Region(0, 0, 1, 1, page=2), near))
    with database.reading() as records:
        plan = plan_picture("default", "v", "p", records)
    assert np.abs(pixels_of(plan.this_source, objects, "v").astype(int) - frames[4]).mean() < 12
    assert np.abs(pixels_of(plan.other_source, objects, "p").astype(int) - pages[1]).mean() < 12
    assert draw_picture(plan, objects).width <= 1600


def test_bytes_that_are_not_ours_are_not_decoded(stores):
    database, objects = stores
    with database.reading() as records:
        plan = plan_picture("default", "a", "b", records)
    objects.put(plan.this_source.stored.key, b"\xff\xd8 something else")
    with pytest.raises(NoComparisonError, match="not the one that was written"):
        draw_picture(plan, objects)
    objects.delete(plan.this_source.stored.key)
    with pytest.raises(NoComparisonError, match="no longer in the store"):
        draw_picture(plan, objects)
