"""What results have in common that are lists of equilibria."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from nashscape.core import unknown


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """Such as "CC" or "C+D/C+D"."""


One = TypeVar("One", bound=Named)


class EquilibriumList(Generic[One]):
    """A result whose equilibria are counted, gone through in order, and taken by number or by name.

    >>> from nashscape import games
    >>> from nashscape.theory import equilibria
    >>> found = equilibria(games.stag_hunt())
    >>> len(found), [one.name for one in found], found["DD"] is found[1]
    (3, ['CC', 'DD', 'C+D/C+D'], True)
    """

    equilibria: tuple[One, ...]

    def __len__(self) -> int:
        """How many were found."""
        return len(self.equilibria)

    def __iter__(self) -> Iterator[One]:
        """Those found, in order."""
        return iter(self.equilibria)

    def __getitem__(self, key: int | str) -> One:
        """One of them by number, or the first of a name.

        Raises:
            InputError: for a name that none of them has, with those that there are.
        """
        if not isinstance(key, str):
            return self.equilibria[key]
        for one in self.equilibria:
            if one.name == key:
                return one
        raise unknown("equilibrium", key, dict.fromkeys(one.name for one in self.equilibria))
