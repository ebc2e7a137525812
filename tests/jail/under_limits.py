"""Opens a file in a jail under a limit of the machine's own, as a user who cannot raise it.

    python under_limits.py before|after OPTION VALUE FILE

``before``: the limit stands when the jail is started, and the limits are tried. ``after``: it comes when the jail runs, and
the file is measured, then handed to a tool. Prints what was raised by each. A process of its own: limits stay.
"""

from __future__ import annotations

import os
import resource
import sys

from small_limits import LIMITS
from zygotes import zygote_of

from pipeline.opening.child.confinement.privileges import drop_privileges
from pipeline.opening.host.jail import Jail, NotSetUpError

WHICH = {"v": resource.RLIMIT_AS, "t": resource.RLIMIT_CPU, "n": resource.RLIMIT_NOFILE}


def main() -> None:
    """Run and print."""
    when, option, value, path = sys.argv[1:]
    drop_privileges()
    bound = (WHICH[option], (int(value),) * 2)
    upload = os.open(path, os.O_RDONLY)
    if when == "before":
        resource.setrlimit(*bound)
        with Jail(namespaces=False) as jail:
            told(lambda: jail.try_limits(LIMITS))
    else:
        with Jail(namespaces=False) as jail:
            resource.prlimit(zygote_of(jail), *bound)
            job = {"content": {}, "version": "1", "what": "file"}
            told(lambda: jail.measure(upload, job, LIMITS))
            told(lambda: jail.run_tool(upload, ["/bin/true"], LIMITS))


def told(attempt) -> None:
    """Print what it raises."""
    try:
        attempt()
    except NotSetUpError as error:
        print(error)
    else:
        print("nothing")


if __name__ == "__main__":
    main()
