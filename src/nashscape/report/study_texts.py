"""What a study asked, in words, and the commands that ask it again."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from nashscape.figures.study_parts import axis_of
from nashscape.report.pages import Section, Table
from nashscape.report.pieces import Code
from nashscape.report.study_faults import until_words


def asked_sections(found: Any, text: str) -> list[Section]:
    """The section that says what was asked: what varied, what was fixed, what was measured."""
    study = _study(found)
    rows = [["varies", axis_of(name), values_in_words(own)] for name, own in _varied(study)]
    rows += [["fixed", axis_of(name), _words(own)] for name, own in study.get("fixed", {}).items()]
    for own in study.get("measure", ()):
        options = {k: v for k, v in own.items() if k not in ("what", "verb", "name")}
        rows.append(["measured", own["name"], ", ".join([*own["what"], *_options(options)])])
    rows.append(["seed", "", study.get("seed", 0)])
    pieces = [Code(text, "The study's file", "toml")] if text else []
    return [
        Section(
            "What was asked",
            "All combinations of what varies were tried. Intervals are of 95 % confidence, or brackets where chance "
            "had no part.",
            tables=[Table(("", "setting", "value"), rows, "The study")],
            pieces=pieces,
        )
    ]


def _options(options: Mapping[str, Any]) -> Iterator[str]:
    for name, value in options.items():
        if name == "until":
            yield f"replicates {until_words(value)}"
        else:
            yield f"{name.replace('_', ' ')} = {_words(value)}"


def _study(found: Any) -> Mapping[str, Any]:
    asked: Mapping[str, Any] = found.provenance.question.get("study", {})
    return asked


def _varied(study: Mapping[str, Any]) -> list[tuple[str, Any]]:
    made = []
    for block in study.get("vary", ()):
        how = {name: block[name] for name in ("design", "count") if name in block}
        made += [
            (name, {**own, **how} if isinstance(own, Mapping) else own)
            for name, own in block.items()
            if name not in ("design", "count", "seed")
        ]
    return made


def values_in_words(values: Any) -> str:
    """The values of what varies, in words.

    >>> values_in_words([0, 1, 2]), values_in_words({"from": 0, "to": 1, "count": 11})
    ('0, 1, 2', '11 values from 0 to 1')
    >>> values_in_words({"from": 0, "to": 1, "count": 500, "design": "sobol"})
    '500 points of a sobol design from 0 to 1'
    """
    if isinstance(values, Mapping) and "from" in values:
        between = f"from {values['from']} to {values['to']}" + (", in equal ratios" if values.get("log") else "")
        if values.get("design", "together") != "together":
            return f"{values['count']} points of a {values['design']} design {between}"
        return f"{values['count']} values {between}"
    if isinstance(values, Mapping) and "pairs" in values:
        return f"all ordered pairs of {', '.join(map(_words, values['pairs']))}"
    if isinstance(values, Mapping) and "ordinal" in values:
        return f"{values['ordinal']} strict ordinal games"
    return ", ".join(map(_words, values)) if isinstance(values, list | tuple) else _words(values)


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_words(own)}" for name, own in value.items())
    if isinstance(value, list | tuple):
        return " | ".join(map(_words, value))
    return "true" if value is True else "false" if value is False else str(value)


def commands(found: Any) -> list[str]:
    """The lines that run the study again and write its report."""
    if found.folder:
        folder = shlex.quote(found.folder)
        return [f"nashscape study resume {folder}", f"nashscape study report {folder}"]
    folder = shlex.quote(f"{found.name}-results")
    return [f"nashscape study run {shlex.quote(found.name)} --into {folder}", f"nashscape study report {folder}"]
