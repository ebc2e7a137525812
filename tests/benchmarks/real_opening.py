"""The product's own opening of one file, jail and all, for benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds


@contextmanager
def real_opener() -> Iterator[tuple[Opener, Path]]:
    """An opener under the default policy, and a folder that ends with it."""
    policy = load_policy()
    with TemporaryDirectory() as scratch, Jail() as jail:
        yield Opener(jail, find_tools(), limits_of(policy), content_thresholds(policy)), Path(scratch)
