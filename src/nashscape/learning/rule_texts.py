"""What people are told about a rule: a line, a formula, its coefficients, and where it comes from."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from nashscape.core import Source
from nashscape.core.docstrings import paragraphs
from nashscape.learning.asking import EXACTLY
from nashscape.learning.rule_table import FOR_POLICIES, NAMED_RULES, RULES, found_rule, made_rule
from nashscape.learning.rules import PlayerRules, Rule, is_combination
from nashscape.learning.schedules import is_constant

CODE = re.compile(r"`([^`]+)`")
SYMBOLS = MappingProxyType({"own": "μ·own", "peer": "λ·peer", "lookahead": "ν·lookahead"})
"""The terms with the symbols that documentation has for their coefficients."""


@dataclass(frozen=True)
class RuleEntry:
    """A rule of the table, as it is listed.

    Attributes:
        name: the name in the table.
        summary: what it is, in a sentence.
        formula: the direction that it gives, in the symbols of the documentation.
        coefficients: its coefficients with their defaults.
        sampled: whether it runs on sampled terms; else on exact payoffs only.
        source: authors and year.
        sources: the publications to cite.
    """

    name: str
    summary: str
    formula: str
    coefficients: Mapping[str, Any]
    sampled: bool
    source: str
    sources: tuple[Source, ...]


def rule_catalogue() -> list[RuleEntry]:
    """The rules of the table in its order, those that train networks, then those of installed packages.

    One that cannot be used says why in place of a description.

    >>> entry = rule_catalogue()[3]
    >>> entry.name, entry.formula, dict(entry.coefficients)
    ('meta_mapg', 'base + η·(μ·own + λ·peer)', {'own': 0.35, 'peer': 1.5, 'inner_lr': 0.55})
    """
    return [*map(rule_entry, NAMED_RULES.ours), *NAMED_RULES.others(rule_entry, _excuse)]


def _excuse(name: str, why: str) -> RuleEntry:
    return RuleEntry(name, f"cannot be used: {why}", "", {}, False, "", ())


def rule_entry(name: str) -> RuleEntry:
    """A rule of the table by its name, hyphens or underscores.

    Raises:
        InputError: for an unknown name, with the nearest known ones.
    """
    found = found_rule(name)
    rule = made_rule(found)
    return RuleEntry(
        name=found.name,
        summary=summary_of(found.thing),
        formula=formula_of(rule),
        coefficients={name: value for name, value in found.defaults.items() if name != "name"},
        sampled=rule.needs.isdisjoint(EXACTLY),
        source=_paragraph(found.thing, "Source:"),
        sources=rule.sources,
    )


def formula_of(rule: Rule) -> str:
    """The direction that a rule gives, in the symbols of the documentation.

    Of a sum of terms those that it uses; of another rule the first formula in its description, and where there is none
    the description itself. There v is base, the field of all players' gradients, and Dv its Jacobian.

    >>> from nashscape.learning import consensus, lola
    >>> formula_of(lola()), formula_of(consensus())
    ('base + η·(λ·peer + ν·lookahead)', 'v − γ (Dv)ᵀ v')
    """
    if is_combination(rule):
        used = [symbol for term, symbol in SYMBOLS.items() if getattr(rule, term) is not None]
        added = f"({' + '.join(used)})" if len(used) > 1 else "".join(used)
        return f"base + η·{added}" if used else "base"
    if isinstance(rule, PlayerRules):  # class: the one rule whose text is that of several
        return "; ".join(f"player {k + 1}: {formula_of(one)}" for k, one in enumerate(rule.rules))
    make = found_rule(rule.name).thing if rule.name in (*RULES, *FOR_POLICIES) else type(rule)
    texts = [paragraphs(type(rule))[0], *paragraphs(make)]
    found = [code for text in texts for code in CODE.findall(text) if not code.isidentifier()]
    return found[0] if found else summary_of(make)


def numbers_of(rule: Rule) -> dict[str, Any]:
    """The numbers of a rule that are not schedules, by name, in the order of its fields.

    >>> from nashscape.learning import meta_mapg
    >>> numbers_of(meta_mapg(peer=2))
    {'inner_lr': 0.55, 'own': 0.35, 'peer': 2.0}
    """
    names: list[str] = [field.name for field in fields(rule)] if is_dataclass(rule) else []
    values = {name: getattr(rule, name) for name in names if name != "name"}
    values = {name: value.value if is_constant(value) else value for name, value in values.items()}
    return {name: value for name, value in values.items() if isinstance(value, int | float | np.number)}


def summary_of(make: Callable[..., Any]) -> str:
    """The first sentence of a description, without marks of code."""
    text = paragraphs(make)[0].replace("`", "")
    sentence = re.match(r".*?[.](?=\s|$)", text)
    return sentence.group().removesuffix(".") if sentence else text


def _paragraph(thing: Any, begins: str) -> str:
    found = (text for text in paragraphs(thing) if text.startswith(begins))
    return next(found, begins).removeprefix(begins).strip().removesuffix(".")
