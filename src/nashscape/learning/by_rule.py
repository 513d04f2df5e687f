"""One result for one rule, and for several rules a mapping of results by their names."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from nashscape.core import InputError, Result
from nashscape.core.interrupts import check_stop, until_stopped
from nashscape.core.pictures import comparison_of
from nashscape.core.results_by_name import ResultsByName
from nashscape.learning.labels import rule_labels
from nashscape.learning.rules import Rule, check_rule, is_rule

R = TypeVar("R", bound=Result)


class ByRule(ResultsByName[R]):
    """Results of one question by the names of the rules, in the order in which these were given.

    Rules of one name, as `meta_mapg(peer=1)` and `meta_mapg(peer=3)`, are told apart by what differs: `rule_labels`. In
    tables of maps and entries `baseline` is the rule that the others are compared with, by default the first.

    >>> from nashscape import basin_map, entry_probability, games, meta_mapg, pg
    >>> found = entry_probability(games.stag_hunt(), [pg(), meta_mapg()], n=64)
    >>> list(found), found["pg"].rule
    (['pg', 'meta_mapg'], 'pg')
    >>> found.compare()["meta_mapg"].lost_share
    0.0
    >>> maps = basin_map(games.stag_hunt(), [pg(), meta_mapg()], grid=5)
    >>> [(row[0], *row[-4:-2]) for row in maps.table().rows]
    [('pg', '–', '–'), ('meta_mapg', '0.1600', '0.0000')]

    Attributes:
        varied: what varies beside the rule, with its unit, where the names say its value too; else "".
    """

    what: ClassVar[str] = "rule"
    varied: str = ""

    def compare(self, baseline: str | None = None, **options: Any) -> "ByRule[Any]":
        """Every other rule against one, by default the first, by the function that the results' class names.

        Of maps and of entries that is `compare`, start by start.

        Raises:
            InputError: for a rule that is not among them, fewer than two, and results that are not compared so.
        """
        first = next(iter(self), "") if baseline is None else baseline
        if first not in self or len(self) < 2:
            raise InputError(f"a comparison takes two rules, one of them the baseline; there are {', '.join(self)}")
        compare = comparison_of(type(self[first]))
        every: dict[str, Any] = self
        pairs = {name: compare(own, every[first], **options) for name, own in every.items() if name != first}
        return ByRule((name, labelled(one, rule=name, baseline=first)) for name, one in pairs.items())


def one_or_many(
    rules: Any, run: Callable[[Rule], Any], finished: Callable[[list[Any]], list[Any]] | None = None
) -> Any:
    """One result for one rule; results by the rules' names for several, in order; interrupted, of the first ones alone.

    Args:
        rules: a rule, or a list of rules.
        run: from a rule to its result, or to what `finished` makes one of.
        finished: from what all rules gave to their results, where these are worked on together; interrupted, to those
            of the first rules.

    Raises:
        KeyboardInterrupt: where nothing was done before somebody asked to stop.
    """
    chosen = checked_rules(rules)
    results = _in_turn(chosen, run) if finished is None else finished([run(rule) for rule in chosen])
    return results[0] if chosen[0] is rules else by_name(chosen, results)


def _in_turn(rules: list[Rule], run: Callable[[Rule], Any]) -> list[Any]:
    results: list[Any] = []
    with until_stopped(lambda: not results):
        for rule in rules:
            check_stop()
            results.append(run(rule))
    return results


def usual_or_many(rules: Any, run: Callable[[Any], Any]) -> Any:
    """The same where a verb has a usual rule, for which it is run with None."""
    return run(None) if rules is None else one_or_many(rules, run)


def by_name(rules: Sequence[Rule], results: Iterable[R]) -> ByRule[R]:
    """Results by the labels of their rules, which they are shown under."""
    # interrupted, there are results of the first rules alone
    return ByRule((name, labelled(one, rule=name)) for name, one in zip(rule_labels(rules), results, strict=False))


def labelled(result: R, **labels: str) -> R:
    """A result that calls its rules so where it is shown; what was asked stays."""
    own: Any = result
    there = {name: label for name, label in labels.items() if isinstance(getattr(own, name, None), str)}
    made: R = replace(own, **there) if any(getattr(own, name) != label for name, label in there.items()) else result
    return made


def checked_rules(rules: Any) -> list[Rule]:
    """One rule, or several that can be told apart, as a list.

    Raises:
        InputError: for an empty list, anything that is not a rule, or two rules that are the same.
    """
    if isinstance(rules, str) or not isinstance(rules, Sequence) or stands_for_a_rule(rules):
        return [_checked(rules)]
    if not rules:
        raise InputError("no rules given; pass one such as pg() or a list of them")
    chosen = [_checked(rule) for rule in rules]
    rule_labels(chosen)
    return chosen


def stands_for_a_rule(value: Any) -> bool:
    """Whether it may stand where a verb takes a rule: a rule, or players who host their own runs."""
    return is_rule(value) or hasattr(value, "host")


def _checked(rule: Any) -> Any:
    return rule if stands_for_a_rule(rule) else check_rule(rule)
