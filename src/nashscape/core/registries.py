"""Things that can be named: ours by a table, those of installed packages, and those in a file of the user's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from nashscape.core.announced import announced, file_of, load, package_of
from nashscape.core.errors import InputError, unknown
from nashscape.core.found_things import Found
from nashscape.core.named_texts import named
from nashscape.core.places import thing_at
from nashscape.core.user_files import FILE, in_file

Told = TypeVar("Told")


@dataclass(frozen=True)
class Registry:
    """All that can be named where one kind of thing is wanted.

    A name of ours is ours, whatever else is installed. What packages announce is read for names that are not ours
    alone, and none of their code is imported but that of the name which is asked for.

    Attributes:
        what: the kind, such as "game".
        group: the entry points by which packages announce such things: `name = "package.module:function"`.
        ours: functions that make such things, by name; of rooms above, which cannot be imported here, where they are,
            as "environments.coins:coin_game": they are imported when they are asked for.
        word: what can be given with a name is called, such as "parameter".

    Example:
        >>> boxes = Registry("box", "nashscape.boxes", {"cube": lambda side=1: [side] * 3})
        >>> boxes.find("cube:side=2").call(), boxes.names()
        ([2, 2, 2], ['cube'])
    """

    what: str
    group: str
    ours: Mapping[str, Callable[..., Any] | str]
    word: str = "option"

    def find(self, text: str) -> Found:
        """What "name", "name:key=value,…", or "path.py:name:key=value,…" stands for.

        Raises:
            InputError: for a name that nobody knows, with the nearest known ones, a package that cannot be loaded, and
                a file that cannot be run.
        """
        if not isinstance(text, str):
            raise InputError(f"a {self.what} by name is a text; got {text!r}")
        # what begins with a name of ours is no file, though one may be named among its options
        if FILE.fullmatch(text) and text.partition(":")[0].strip().lower().replace("-", "_") not in self.ours:
            return in_file(text, self.word)
        name, given = named(text, self.word)
        key, asked = name.lower(), given if ":" in text else None
        if key in self.ours:
            own = self.ours[key]
            return Found(thing_at(own) if isinstance(own, str) else own, key, key, asked, self.word)
        others = self.theirs()
        if key not in others:
            raise unknown(self.what, text.partition(":")[0].strip(), [*self.ours, *others])
        thing = load(key, others[key])
        return Found(thing, key, key, asked, self.word, package_of(others[key][0]), file_of(thing))

    def others(self, tell: Callable[[str], Told], excuse: Callable[[str, str], Told]) -> list[Told]:
        """What there is to tell of all names that packages announce, by name.

        Args:
            tell: from a name to what is told of it.
            excuse: from a name that cannot be used, and why not, to what is told in its place.
        """
        told = []
        for name, points in sorted(announced(self.group).items()):
            if name.lower() in self.ours:
                told.append(excuse(name, f"{package_of(points[0])} announces it; {name} is a {self.what} of nashscape"))
                continue
            try:
                told.append(tell(name))
            except InputError as error:
                told.append(excuse(name, str(error)))
        return told

    def theirs(self) -> Mapping[str, tuple[Any, ...]]:
        """The entry points of installed packages by name; none of a name that is ours."""
        found = {name.lower(): points for name, points in announced(self.group).items()}
        return {name: points for name, points in found.items() if name not in self.ours}

    def names(self) -> list[str]:
        """All names, ours first."""
        return [*self.ours, *sorted(self.theirs())]
