"""The list of mutants: one file of TOML for each room of the library."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "nashscape"


@dataclass(frozen=True)
class Mutant:
    """One wrong change.

    Attributes:
        room: name of the file in which it is listed.
        what: what is wrong then, in words.
        file: that is changed, below `src/nashscape`.
        old: a piece of it that occurs once.
        new: what stands there instead.
        tests: arguments of pytest for the tests that must notice.
    """

    room: str
    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def mutated(self) -> str:
        """The whole file with the change.

        Raises:
            ValueError: where the piece does not occur exactly once, or the change is none, or no Python.
        """
        text = (SOURCE / self.file).read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file}: the piece occurs {text.count(self.old)} times, not once: {self.old!r}")
        if self.old == self.new:
            raise ValueError(f"{self.file}: nothing is changed: {self.old!r}")
        changed = text.replace(self.old, self.new)
        if self.file.endswith(".py"):
            compile(changed, self.file, "exec")
        return changed


def listed(rooms: list[str] | None = None) -> list[Mutant]:
    """All mutants, or those of some rooms."""
    found = []
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        if not rooms or path.stem in rooms:
            for one in tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]:
                found.append(Mutant(path.stem, **{**one, "tests": tuple(one["tests"])}))
    return found


def faults(mutants: list[Mutant]) -> list[str]:
    """What is wrong with the list itself."""
    found = []
    for mutant in mutants:
        try:
            mutant.mutated()
        except (ValueError, OSError, SyntaxError) as fault:
            found.append(f"{mutant.room}, {mutant.what!r}: {fault}")
        missing = [
            name for name in mutant.tests if name.startswith("tests/") and not (ROOT / name.split("::")[0]).exists()
        ]
        found += [f"{mutant.room}, {mutant.what!r}: there is no {name}" for name in missing]
    return found
