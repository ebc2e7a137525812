"""Nothing that people see is English outside the catalogue: templates, scripts, console, terminal and findings.

Left in English, and not looked at here: faults of stores, queues, settings and policies, since operators look them up as
they are in the log; the JSON schemas; the words of metadata in files; and why a single file could not be read, which comes
from the system.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import python_literals
import script_literals
import template_literals

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ("pipeline/reports", "pipeline/console", "pipeline/commands", "pipeline/replay", "pipeline/judgement",
          "validators/checks", "validators/disputes", "validators/sentences")  # fmt: skip
TEMPLATES = ("pipeline/reports/pages", "pipeline/console/pages")
SCRIPTS = ("pipeline/console/static",)

ALLOWED = {
    "pipeline/console/api/exports.py": {"text/csv; charset=utf-8", 'attachment; filename="'},  # headers
    "pipeline/console/api/media.py": {"text/vtt; charset=utf-8", "text/css; charset=utf-8",
                                      "text/javascript; charset=utf-8", "bytes ", "bytes */"},  # headers
    "pipeline/console/api/originals.py": {"bytes ", "bytes */", 'attachment; filename="'},  # headers
    "pipeline/console/app.py": {"Bearer"},  # a header
    "pipeline/console/health_probe.py": None,  # of /readyz, for operators
    "pipeline/console/views/compared_items.py": {"absent left", "absent right"},  # codes, and classes of rows
    "pipeline/commands/console.py": {"by link"},  # a name that decisions keep
    "pipeline/commands/doctor.py": {"Python ", "SQLite "},  # names of programs
    "pipeline/commands/output/policy_text.py": {"./dev bench "},  # a command
    "pipeline/commands/queue.py": {"Z  "},  # of a time
    "pipeline/commands/shared/refusal.py": {"evidence: "},  # the program's name
    "pipeline/judgement/report_json.py": None,  # descriptions in the JSON schema
    "pipeline/judgement/event.py": None,  # the same
    "pipeline/replay/output.py": {" against "},  # in CSV, whose rows hold codes
    "pipeline/reports/html.py": {"default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'sha256-",
                                 "'; base-uri 'none'; form-action 'none'"},  # a header
    "pipeline/reports/jinja_sentences.py": {'<time datetime="'},  # markup
    "validators/checks/clarity_faults.py": {"luma levels", "share of tiles", "share of the picture"},  # codes of units
    "validators/checks/recordings/audio.py": {"share of the time"},
    "validators/checks/reuse.py": {"share of tiles"},
    "validators/checks/video.py": {"share of the time", "share of frames"},
    "validators/sentences/catalogue.py": None,  # faults of a catalogue, for whoever writes one
    "validators/sentences/formats.py": {"d MMM y, HH:mm 'UTC'"},  # a pattern
}  # fmt: skip
"""By file, what is not English for people; None: nothing in the file is."""


def files(folders, suffix):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob(f"*{suffix}"))


@pytest.mark.parametrize("path", files(PYTHON, ".py"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_python(path):
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix(), set())
    found = list(python_literals.literals(path.read_text("utf-8")))
    assert allowed is None or [one for one in found if one.text not in allowed] == []


@pytest.mark.parametrize("path", files(TEMPLATES, ".html"), ids=lambda path: path.name)
def test_templates(path):
    assert list(template_literals.literals(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", files(SCRIPTS, ".js"), ids=lambda path: path.name)
def test_scripts(path):
    assert list(script_literals.literals(path.read_text("utf-8"))) == []


def test_what_is_allowed_is_still_there():
    for name, texts in ALLOWED.items():
        found = {one.text for one in python_literals.literals((ROOT / name).read_text("utf-8"))}
        assert found, name
        assert texts is None or texts <= found, name


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('refuse("There is no store.")', "There is no store."),
        ('print(f"{count} files were skipped")', " files were skipped"),
        ('say(f"{size} px")', " px"),
        ('label = Label("✓", GOOD, "Usable")', "Usable"),
        ('TITLES = {404: "Nothing here"}', "Nothing here"),
        ('raise NoComparisonError("the picture is gone")', "the picture is gone"),
        ('raise HTTPException(400, "That is no JSON.")', "That is no JSON."),
        ('def check(out: Annotated[Path, typer.Option(help="Where reports go.")]): ...', "Where reports go."),
        ('return Finding("CLR_BLUR", message="The picture is blurred.")', "The picture is blurred."),
        ('name = "required part" if needed else ""', "required part"),
    ],
)
def test_english_in_python_is_found(source, text):
    assert [one.text for one in python_literals.literals(source)] == [text]


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring of a module."""',
        'log.warning("the queue is not complete: %s", error)',
        'raise ValueError("it is no address")',
        'found = re.compile(r"No such file")',
        'assert left, "they are the same"',
        'x: "list of names"',
        'text("reading.found", files=3)',
        'labels.text(f"pages.item.{name}")',
        'thread = Thread(target=fill, name="queue lines")',
        'connection.execute("SELECT name FROM cases WHERE id = 1")',
    ],
)
def test_what_nobody_sees_is_left_alone(source):
    assert list(python_literals.literals(source)) == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<h2>Matches</h2>", "Matches"),
        ("<p>{{ count }} items</p>", "items"),
        ('<button aria-label="Larger">+</button>', "Larger"),
        ('<img alt="{{ name }}, aligned">', ", aligned"),
        ('<input placeholder="Search here">', "Search here"),
        ('<input type="submit" value="Send">', "Send"),
        ('{{ "required" if one.required else "" }}', "required"),
        ('{{ pager(pages, "Items on the page") }}', "Items on the page"),
        ("{% macro finding(view, lead='Ask the uploader:') %}{% endmacro %}", "Ask the uploader:"),
        ("{% if x %}Nothing here{% endif %}", "Nothing here"),
    ],
)
def test_english_in_a_template_is_found(source, text):
    assert [one.text for one in template_literals.literals(source)] == [text]


@pytest.mark.parametrize(
    "source",
    [
        '<p class="quiet">{{ _("pages.queue.title", count=3) }}</p>',
        '<a href="/{{ "a" if x == "deadline" }}" data-up>{{ name }}</a>'.replace('"a" if x', "x"),
        "<style>main { color: red }</style>",
        "{# a note to whoever edits this #}",
        '<label>{{ _("pages.a") }} <input type="checkbox" value="yes"></label>',
        '{{ _("pages.to_do.some" if todo else "pages.to_do.none") }}',
    ],
)
def test_markup_and_ids_are_left_alone(source):
    assert list(template_literals.literals(source)) == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('said.textContent = "Copied.";', "Copied."),
        ("alert('Try again later');", "Try again later"),
        ("box.append(`${count} new items`);", " new items"),
        ('const title = open ? "Hide the list" : "";', "Hide the list"),
    ],
)
def test_english_in_a_script_is_found(source, text):
    assert [one.text for one in script_literals.literals(source)] == [text]


@pytest.mark.parametrize(
    "source",
    [
        '"use strict";',
        'place.querySelector("input, textarea, select");',
        "// What speaks of the whole page.",
        "status.textContent = status.dataset.copied;",
        "sheet.style.transform = `translate(${x}px, ${y}px) rotate(${turn}deg)`;",
        'event.key === "ArrowLeft"',
    ],
)
def test_what_a_script_does_not_show_is_left_alone(source):
    assert list(script_literals.literals(source)) == []
