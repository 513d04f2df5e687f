"""What is wrong with a study, all of it at once, each fault with its place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from nashscape.core import InputError

Where = tuple[str | int, ...]
"""Keys, and numbers of entries counted from 0, from the whole study down to what is meant."""

MOST = 20
"""Faults that are told."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        place: where.
        words: what, what was expected, what to do.
        stands: file and line, of a study that was read from a file.
    """

    place: Where
    words: str
    stands: str = ""

    def __str__(self) -> str:
        """Where and words.

        >>> print(Fault(("vary", 0, "game.T"), "there is no value"))
        vary[0]."game.T": there is no value
        """
        return ": ".join(filter(None, (self.stands, written(self.place), self.words)))


class StudyError(InputError):
    """A study that cannot be right.

    Attributes:
        faults: all that was found, each with its place.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """With each fault on a line of its own."""
        self.faults = faults
        more = [f"and {len(faults) - MOST} more"] if len(faults) > MOST else []
        super().__init__("\n".join([*map(str, faults[:MOST]), *more]))

    def __reduce__(self) -> Any:
        return StudyError, (self.faults,)


class Faults:
    """Collects faults, so that one error tells all of them.

    >>> faults = Faults()
    >>> with faults.at("fixed", "steps"):
    ...     raise InputError("steps must be at least 1; got 0")
    >>> len(faults), bool(faults), faults.found[0].place
    (1, True, ('fixed', 'steps'))
    """

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def __len__(self) -> int:
        return len(self.found)

    @contextmanager
    def at(self, *place: str | int) -> Iterator[None]:
        """Faults of the block are those of this place, or of places below it; the program goes on after the block."""
        with self.by(lambda below: (*place, *below)):
            yield

    @contextmanager
    def by(self, where: Callable[[Where], Where]) -> Iterator[None]:
        """The same for places that a function makes of those within the block."""
        try:
            yield
        except InputError as error:
            self.found += [own for own in _moved(error, where) if own not in self.found]

    def check(self) -> None:
        """Go on where there are none.

        Raises:
            StudyError: with all of them.
        """
        if self.found:
            raise StudyError(tuple(self.found))


@contextmanager
def placed(*place: str | int) -> Iterator[None]:
    """Errors of the block leave it as those of this place, or of places below it."""
    try:
        yield
    except InputError as error:
        raise StudyError(_moved(error, lambda below: (*place, *below))) from error


def _moved(error: InputError, where: Callable[[Where], Where]) -> tuple[Fault, ...]:
    faults = getattr(error, "faults", None) or (Fault((), str(error)),)
    return tuple(replace(own, place=where(own.place)) for own in faults)


def written(place: Where) -> str:
    """A place as one text.

    >>> written(("measure", 1, "until", "width")), written(("fixed", "game.T"))
    ('measure[1].until.width', 'fixed."game.T"')
    """
    made = ""
    for own in place:
        if isinstance(own, int):
            made += f"[{own}]"
        else:
            plain = own.replace("_", "").replace("-", "").isalnum()
            made += ("." if made else "") + (own if plain else f'"{own}"')
    return made
