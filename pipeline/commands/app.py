"""Entry point of the installed command ``evidence``."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from pipeline.opening.one_thread import one_thread
from pipeline.setup.lazy import lazy

if TYPE_CHECKING:
    from pipeline.commands import program
else:
    program = lazy("pipeline.commands.program")


def main() -> None:
    """Run the command line."""
    one_thread()
    gc.disable()  # until a command runs: imports leave no garbage, and looking for it takes 7 of the 90 ms of --help
    program.app()


if __name__ == "__main__":
    main()
