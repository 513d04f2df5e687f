"""What was typed for a command, read as the library takes it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nashscape.cli.rows import Typed
from nashscape.core.options import taken

if TYPE_CHECKING:
    from nashscape.learning import Rule
    from nashscape.learning.by_rule import ByRule


AS_THEY_ARE = ("str", "bool", "Dial")


class Asked:
    """What was typed, by the names of the rows.

    Args:
        rows: all arguments and options of the command.
        verb: what is asked, as the table of options names it; "" for nothing of it.
        given: texts, lists of texts, and truth values, of what was typed alone.

    Attributes:
        interrupted: whether Ctrl-C came before all was done that was asked.
    """

    def __init__(self, rows: Mapping[str, Typed], verb: str, given: Mapping[str, Any]) -> None:
        self.rows, self.verb, self.given = rows, verb, given
        self.interrupted = False

    def __contains__(self, name: str) -> bool:
        """Whether it was typed."""
        return name in self.given

    def __getitem__(self, name: str) -> Any:
        """What was typed under a name, or else the default of its row, both as the library takes them.

        Raises:
            InputError: for a text that stands for nothing of the row's type.
        """
        row = self.rows[name]
        return read(row, self.given.get(name, row.default))

    @property
    def how(self) -> dict[str, Any]:
        """What was typed of the options of the verb but its rule: the library takes its own defaults for the others."""
        return {name: self[name] for name in taken(self.verb) if name in self.given and name != "rule"}

    def get(self, name: str) -> Any:
        """What was typed under a name, or None: the library then takes what is usual."""
        if name not in self.given:
            return None
        return self[name]

    @cached_property
    def bare(self) -> Any:
        """The game without a semantics; then programs are kept, and the folder for files is there or refused."""
        from nashscape.cli import output, parsing
        from nashscape.tracing import keep_programs

        game = parsing.game(self.given["game"], self.given.get("set", []))
        keep_programs()
        if "out" in self:
            output.folder(self["out"])
        return game

    @cached_property
    def game(self) -> Any:
        """The game, with the semantics of its players where one was typed."""
        from nashscape.cli.varying import with_players

        return with_players(self.bare, self["coupling"], self.given.get("reading"))

    def coefficients(self) -> list[str]:
        """The rules that were typed with coefficients, as texts."""
        texts = self.given.get("rule", self.given.get("name", []))
        return [one for one in ([texts] if isinstance(texts, str) else texts) if ":" in one]

    def of(self, game: str) -> "Asked":
        """The same of another game."""
        return Asked(self.rows, self.verb, {**self.given, "game": game})

    @property
    def played_by(self) -> tuple[str, list[str], float | None, str | None]:
        """The texts of which the game is made: itself, its parameters, coupling and reading."""
        return self.given["game"], self.given.get("set", []), self["coupling"], self.given.get("reading")

    def rules(self) -> "list[Rule]":
        """The rules, or the usual ones."""
        from nashscape.cli import parsing

        return parsing.rules(self["rule"])


def read(row: Typed, value: Any) -> Any:
    """The value of a row from what was typed, by the table of readers that studies have too."""
    if value is None or row.type in AS_THEY_ARE or (row.type == "Rule" and row.several):
        return value
    if row.type == "Path":
        return [Path(one) for one in value] if row.several else Path(value)
    if row.type == "Restarts":
        from nashscape.core import load

        return load(value)
    from nashscape.core.options.values import PLAIN, plain_value

    if row.type in PLAIN:
        return [plain_value(one, row) for one in value] if row.several else plain_value(value, row)
    from nashscape.studies.settings import setting

    return setting(row.name, value, row)


def compared(found: "Mapping[str, Any]", base: str) -> dict[str, Any]:
    """Every other result against the baseline, start by start, where there is a target and they were run alike."""
    from nashscape.selection.comparing.comparisons import compare, run_alike

    others = {name: one for name, one in found.items() if name != base and one.targets}
    return {name: compare(one, found[base]) for name, one in others.items() if run_alike(one, found[base])}


def by_rule(asked: Asked, verb: "Callable[..., Any]") -> "tuple[ByRule[Any], str]":
    """What a verb finds for every rule that was typed, and for every value of what varies; and the baseline among them.

    Raises:
        InputError: for a baseline that is not among the rules, and where one file is to hold several results.
    """
    from nashscape.cli import parsing
    from nashscape.cli.progress import progress_bar
    from nashscape.cli.varying import at_every_value
    from nashscape.core import InputError

    if "vary" in asked:
        if "baseline" in asked or "save" in asked:
            raise InputError("with --vary there are many results; leave --baseline and --save out")
        found = at_every_value(asked)
        return found, next(iter(found))
    rules, game, how = asked.rules(), asked.game, asked.how
    base = parsing.baseline(asked["baseline"] if "baseline" in asked.rows else None, rules)
    if "save" in asked and len(rules) > 1:
        raise InputError("--save keeps one result; name one rule with --rule")
    with progress_bar(len(rules)) as bar:
        found = verb(game, rules, **how, progress=bar)
    # of what was interrupted the baseline may be missing
    return found, base if base in found else next(iter(found))
