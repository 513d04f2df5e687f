"""`python -m oracles`: compare with other libraries, say what was compared, fail where they disagree."""

import argparse
import importlib
import sys

from oracles.compared import Comparison, Missing
from oracles.problems import FULL, TINY

ORACLES = (
    "nashpy_equilibria",
    "nashpy_paths",
    "nashpy_replicator",
    "open_spiel_replicator",
    "open_spiel_populations",
    "open_spiel_trees",
    "open_spiel_learners",
    "gambit_files",
    "rejax_training",
)

OPTIONAL = ("open_spiel_populations", "open_spiel_trees", "open_spiel_learners", "gambit_files", "rejax_training")
"""Of libraries that the extra `oracles` does not install: Gambit, and the linear programs of OpenSpiel, are under the
GPL, and in a Python of their own; rejax asks for versions that others do not go with."""


def main() -> int:
    """Zero when everything that must be was compared, and agrees."""
    parser = argparse.ArgumentParser(prog="python -m oracles", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which, by default all: {', '.join(ORACLES)}")
    parser.add_argument("--allow-missing", action="store_true", help="a library that is not installed is no failure")
    parser.add_argument("--tiny", action="store_true", help="next to nothing: whether the comparisons work")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(ORACLES)
    if unknown:
        parser.error(f"no oracle is called {', '.join(sorted(unknown))}; there are {', '.join(ORACLES)}")
    amount = TINY if arguments.tiny else FULL
    failed = missing = duty = 0
    for name in arguments.names or ORACLES:
        try:
            found: list[Comparison] = importlib.import_module(f"oracles.{name}").compare(amount)
        except Missing as error:
            print(error)
            missing, duty = missing + 1, duty + (name not in OPTIONAL)
            continue
        print(*found, sep="\n")
        failed += sum(not one.agrees for one in found) + (not found)
    print(f"{failed} disagreements, {missing} libraries not compared")
    return int(failed > 0 or (duty > 0 and not arguments.allow_missing))


if __name__ == "__main__":
    sys.exit(main())
