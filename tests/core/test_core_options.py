"""The table of options is what signatures and docstrings say."""

import dataclasses
import inspect
import re
import types
import typing

import pytest

import nashscape as ns
from nashscape import checking, dynamics, proofs, selection, theory
from nashscape.core.options import VERBS, default, option, taken
from nashscape.core.options.rows import PROTOCOL
from nashscape.dynamics.case import Case
from nashscape.selection.predictors import predictor

RESOLVED = {
    "starts", "n", "grid", "step_size", "projection", "estimator", "rule", "then",
}  # fmt: skip
"""Whose default in Python may be None, which stands for the table's; `TestNone` looks at what is taken then."""
ONE_OF_TWO = {"sweep": {"kind", "low", "high", "level"}}
"""Likewise: options of a grid, and of random starts; which of the two it is hangs on which are given."""


ROOMS = (selection, proofs, theory, dynamics, checking)


def function(verb):
    return next(getattr(room, verb) for room in ROOMS if hasattr(room, verb))


def parameters(verb):
    every = inspect.signature(function(verb)).parameters.values()
    return {one.name: one for one in every if one.default is not one.empty}


@pytest.mark.parametrize("verb", VERBS)
def test_signatures_are_those_of_the_table(verb):
    rows = taken(verb)
    for name, one in parameters(verb).items():
        if name == "rules":  # how players learn is what is asked, not an option
            continue
        assert name in rows, f"{verb} takes {name}, which has no row in core/options"
        row = rows[name]
        named = row.default is None or name not in RESOLVED | ONE_OF_TWO.get(verb, set())
        assert one.default == row.default if named or one.default is not None else True, (verb, name, one.default)
        assert type(one.default) in (type(row.default), type(None)), (verb, name)
        kinds = str(one.annotation).split("[")[0].replace("typing.", "") if "|" not in str(one.annotation) else (
            str(one.annotation)
        )  # fmt: skip
        assert row.type in str(one.annotation).replace("collections.abc.", "") or "Any" in kinds, (
            verb,
            name,
            str(one.annotation),
            row.type,
        )
    everything = inspect.signature(function(verb)).parameters
    assert set(rows) - set(everything) <= {"rule"}, verb
    assert {own.kind for own in everything.values()} <= {
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    }


def named(one):
    return {name for name, own in inspect.signature(one).parameters.items() if own.kind is not own.VAR_KEYWORD}


@pytest.mark.parametrize("verb", VERBS)
def test_an_option_that_no_verb_has_is_told_with_the_nearest_one(verb):
    name = next(reversed(taken(verb)))
    with pytest.raises(ns.InputError, match=rf"unknown option of {verb} '{name}_'; did you mean .*'{name}'"):
        function(verb)(**{f"{name}_": 1})


def options_of(one):
    """The keys of the `TypedDict` by which an overload names its options."""
    (options,) = [own for own in inspect.signature(one).parameters.values() if own.kind is own.VAR_KEYWORD]
    assert typing.get_origin(options.annotation) is typing.Unpack
    (typed,) = typing.get_args(options.annotation)
    assert typed.__required_keys__ == frozenset(), "every option may be left out"
    return set(typing.get_type_hints(typed))


@pytest.mark.parametrize("verb", [*VERBS, "predictor"])
def test_what_type_checkers_are_told_is_the_signature(verb):
    """Of verbs that give one result or several; that the types fit is seen by the type checker itself."""
    home = predictor if verb == "predictor" else function(verb)
    told = typing.get_overloads(home)
    gives = inspect.signature(home).return_annotation
    several = gives is typing.Any or isinstance(gives, types.UnionType)
    # of tables, points, types, trees; a concept that is no literal may give a result of any class
    assert len(told) == (0 if not several else 5 if verb == "equilibria" else 2)
    for one in told:
        assert not named(one) & options_of(one)
        assert named(one) | options_of(one) == named(home), verb


def test_every_verb_that_runs_learners_has_its_options_in_the_table():
    homes = ("nashscape.selection.", "nashscape.dynamics.")
    verbs = [one for one in (getattr(ns, name) for name in ns.__all__) if inspect.isfunction(one)]
    assert {one.__name__ for one in verbs if one.__module__.startswith(homes)} - {"compare", "coverage"} <= set(VERBS)
    with pytest.raises(ns.InputError, match=r"unknown verb 'basinmap'.*basin_map"):
        taken("basinmap")
    with pytest.raises(ns.InputError, match=r"unknown option 'step'.*steps"):
        option("step", "basin_map")


def written(value, name):
    """The ways in which a docstring may write a default."""
    if isinstance(value, bool) or value == ():
        return ["by default"]
    if isinstance(value, tuple):
        return [str(value[0]), str(value)]
    if isinstance(value, float):
        return [f"{value:g}", f"{value:.1f}", f"{value:g}".replace("e-0", "e-")]
    kind, _, numbers = str(value).partition(":")
    if name == "starts" and isinstance(value, str):
        return [f"starts.{kind}({numbers.replace(',', ', ')})"]
    made = {"projection": [f"box({value}.0)"], "rule": [f"{value}()", "policy gradient"]}
    return made.get(name, [str(value)])


def mentions(text, value, name):
    return any(re.search(rf"(?<![\d.\w]){re.escape(form)}(?!\w|\.\d)", text) for form in written(value, name))


def entries(verb):
    """The entries of the section Args by name."""
    lines = inspect.getdoc(function(verb)).split("Args:\n")[1].split("\n\n")[0]
    return {name: " ".join(text.split()) for name, text in re.findall(
        r"^    (\w+): ((?:.*\n?)(?:^     +.*\n?)*)", lines, re.M)}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_every_default_stands_in_the_docstring(verb):
    said = entries(verb)
    for name, row in taken(verb).items():
        if row.default is None or (name == "rule" and name not in parameters(verb)):
            continue
        assert name in said, (verb, name, row.default)
        assert mentions(said[name], row.default, name), (verb, name, row.default, said[name])
        assert "default" in said[name] or name not in parameters(verb), (verb, name, said[name])


class TestNone:
    """What is taken where a signature says None is what the table says."""

    def test_it_is_so_for_runs(self):
        game = ns.games.stag_hunt()
        found = ns.entry_probability(game, ns.pg(), n=2, steps=2).question
        spelt = ns.entry_probability(
            game, ns.pg(), n=2, steps=2, estimator=ns.exact(), starts=ns.starts.normal(std=1.35),
            step_size=ns.schedules.from_text(default("step_size")), projection=ns.box(float(default("projection"))),
        ).question  # fmt: skip
        assert found == spelt
        for field in dataclasses.fields(Case):
            if field.name in ("steps", *PROTOCOL) and field.default is not dataclasses.MISSING:
                assert field.default in (None, option(field.name).default)
        assert ns.box() == ns.box(default("bound", "program_equilibria"))
