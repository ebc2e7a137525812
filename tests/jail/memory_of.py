"""python memory_of.py BOMB FOLDER: the most bytes that the zygote or a child of it held while it opened one.

A process of its own: the kernel tells the most of all children that a process has ever waited for.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from jail.bombs import BOMBS  # noqa: E402
from jail.conftest import started_opener  # noqa: E402

if __name__ == "__main__":
    upload = Path(sys.argv[2], "upload")
    upload.write_bytes(BOMBS[sys.argv[1]][0]())
    with started_opener() as opener:
        opener.open(upload)
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
