"""CPU of ``evidence --help``.

./dev bench startup [--rounds N]
"""

from __future__ import annotations

import argparse

from harness import EVIDENCE, run, spread, table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    run([EVIDENCE, "--help"])
    costs = [run([EVIDENCE, "--help"]).cpu for _ in range(options.rounds)]
    table([("command", "CPU, s: median (range)"), ("evidence --help", spread(costs))])


if __name__ == "__main__":
    main()
