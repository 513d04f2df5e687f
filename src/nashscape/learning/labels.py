"""How rules are told apart where several stand side by side: by their names, and by what differs where these do not."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from nashscape.core import InputError
from nashscape.core.reprs import shown


def rule_labels(rules: Sequence[Any]) -> list[str]:
    """A label for each of several rules: its name, and where others are called so too, the coefficients that differ.

    The names stay as they are: they are part of what was asked. Labels are written as coefficients are typed.

    >>> from nashscape.learning import meta_mapg, pg
    >>> rule_labels([pg(), meta_mapg(peer=1), meta_mapg(peer=3)])
    ['pg', 'meta_mapg:peer=1', 'meta_mapg:peer=3']

    Raises:
        InputError: for two that nothing tells apart.
    """
    labels = _labels(rules)
    if len(set(labels)) < len(labels):
        raise InputError(
            f"two rules are called the same: {', '.join(labels)}, and no coefficient tells them apart; give each once, "
            "or rename one with rule.renamed('…')"
        )
    return labels


def _labels(rules: Sequence[Any]) -> list[str]:
    labels = [rule.name for rule in rules]
    for name in dict.fromkeys(labels):
        alike = [k for k, rule in enumerate(rules) if rule.name == name]
        for k, label in zip(alike, _variants(name, [rules[k] for k in alike]), strict=True):
            labels[k] = label
    return labels


def _variants(name: str, rules: Sequence[Any]) -> list[str]:
    """Labels of rules of one name; the same for those that are the same."""
    inner = [getattr(rule, "made_of", ()) for rule in rules]
    if all(own and "+".join(one.name for one in own) == name for own in inner):
        # a rule for every player
        columns = [_labels(column) for column in zip(*inner, strict=True)]
        return ["+".join(row) for row in zip(*columns, strict=True)]
    every = [_coefficients(rule) for rule in rules]
    known = dict.fromkeys(key for own in every for key in own)
    differing = [key for key in known if len({own.get(key) for own in every}) > 1]
    given = [[f"{key}={own[key]}" for key in differing if key in own] for own in every]
    return [f"{name}:{','.join(own)}" if own else name for own in given]


def _coefficients(rule: Any) -> dict[str, str]:
    """The fields of a rule as texts, in which schedules stand as they are typed."""
    names = [field.name for field in fields(rule) if field.name != "name"] if is_dataclass(rule) else []
    return {name: shown(getattr(rule, name)).replace("schedules.", "") for name in names}
