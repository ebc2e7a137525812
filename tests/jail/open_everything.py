"""Opens every file of some folders in the jail, videos with a preview, pictures with every reader that is installed.

python open_everything.py FOLDER...
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.opening.reader_names import MODULES
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds


def main() -> None:
    """Open them, and say how many."""
    policy = load_policy()
    files = [path for folder in sys.argv[1:] for path in sorted(Path(folder).rglob("*")) if path.is_file()]
    readers = tuple(name for name, module in MODULES.items() if find_spec(module))
    with Jail(readers, namespaces=False) as jail:
        opener = Opener(jail, find_tools(), limits_of(policy), content_thresholds(policy), previews=True)
        for path in files:
            opener.open(path)
    print(f"{len(files)} files opened, readers: {', '.join(readers) or 'none'}", file=sys.stderr)


if __name__ == "__main__":
    main()
