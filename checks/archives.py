"""`python -m checks.archives FOLDER`: whether the wheel and the source archive there hold what they are to hold."""

import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

IN_WHEEL = ("nashscape/py.typed", "nashscape/__init__.pyi", "nashscape/studies/library/temptation.toml",
            "nashscape/systems/basin_entry/published/SOURCE.md", "/licenses/LICENSE")  # fmt: skip
"""Ends of names of files."""

IN_SOURCE = ("pyproject.toml", "LICENSE", "README.md", "CHANGELOG.md", "CITATION.cff", "Makefile", "requirements.lock",
             "conftest.py", "tests/conftest.py", "tests/outside/beacon/pyproject.toml", "benchmarks/__init__.py",
             "checks/__init__.py", "mutants/__init__.py", "oracles/__init__.py", "docs/rules.md",
             "tests/results/golden/Run.json", "src/nashscape/py.typed")  # fmt: skip


def wrong_in_wheel(names: Iterable[str]) -> list[str]:
    """What is missing in a wheel with files of these names, and what should not be there."""
    every = list(names)
    missing = [f"the wheel lacks {end}" for end in IN_WHEEL if not any(name.endswith(end) for name in every)]
    ours = ("nashscape/", "nashscape-")
    return [*missing, *(f"the wheel holds {name}" for name in every if not name.startswith(ours) or _left(name))]


def wrong_in_source(names: Iterable[str]) -> list[str]:
    """The same of a source archive, whose files lie in one folder."""
    every = {name.partition("/")[2] for name in names}
    missing = [f"the source archive lacks {name}" for name in IN_SOURCE if name not in every]
    return [*missing, *(f"the source archive holds {name}" for name in sorted(every) if _left(name))]


def main(folder: Path) -> int:
    """Print what is wrong; 1 where anything is."""
    [wheel], [source] = folder.glob("nashscape-*.whl"), folder.glob("nashscape-*.tar.gz")
    with zipfile.ZipFile(wheel) as files:
        wrong = wrong_in_wheel(files.namelist())
        held = len(files.namelist())
    with tarfile.open(source) as archive:
        names = [one.name for one in archive.getmembers() if one.isfile()]
    wrong += wrong_in_source(names)
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    sys.stdout.write(f"{wheel.name}: {held} files; {source.name}: {len(names)} files\n")
    return 1 if wrong else 0


def _left(name: str) -> bool:
    """Whether a file is one that work leaves."""
    return "__pycache__" in name or name.endswith((".pyc", ".unfinished", ".orig", "~"))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
