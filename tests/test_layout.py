"""The layout that ARCHITECTURE.md draws: no circle of imports, no crowded folder, no file name that means two things."""

from __future__ import annotations

import subprocess
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import PurePosixPath

import grimp
import pytest

PACKAGES = ("pipeline", "storage", "validators")
MOST_MODULES = 25
MAY_BE_CROWDED = ("tests/benchmarks", "storage/database/migrations/versions")
MAY_REPEAT = (
    "pipeline/commands",  # each command has the name that people type
    "storage/interfaces",  # each protocol has the name of the module that implements it
)


@pytest.fixture(scope="module")
def modules():
    """Every module under version control but the packages' own."""
    listed = subprocess.run(["git", "ls-files", "*.py"], capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [path for path in map(PurePosixPath, listed.stdout.split()) if path.name != "__init__.py"]


def test_no_module_imports_itself_through_others():
    graph = grimp.build_graph(*PACKAGES)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert len(imports) > 300
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


def test_no_folder_is_crowded(modules):
    counts = Counter(str(path.parent) for path in modules)
    crowded = {folder: count for folder, count in counts.items() if count > MOST_MODULES}
    assert crowded.keys() <= set(MAY_BE_CROWDED)


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_name_stands_twice_in_a_package(modules, package):
    inside = [path for path in modules if path.parts[0] == package and not str(path).startswith(MAY_REPEAT)]
    repeated = {name for name, count in Counter(path.name for path in inside).items() if count > 1}
    assert repeated == set()
