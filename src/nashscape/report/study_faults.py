"""What failed in a study, by measure and by reason, and what was reached where replicates go on until it is known."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nashscape.core.errors import FAILED
from nashscape.figures.study_parts import words_of
from nashscape.report.stored import study_from
from nashscape.studies.items import Place
from nashscape.studies.looking import NUMBERS, last_look
from nashscape.studies.stopping import Look, Until

NUMBER = re.compile(r"\d[\d.]*(e[+-]?\d+)?")


@dataclass(frozen=True)
class Fault:
    """One reason for which items failed.

    Attributes:
        measure: which measure; empty where that is not known.
        error: the message.
        items: how many items, replicates counted one by one.
        settings: at how many settings.
        of: at how many settings there are the measure is asked for; 0 where that is not known.
        first: the key of the first item.
    """

    measure: str
    error: str
    items: int
    settings: int
    of: int
    first: str


def faults_of(found: Any) -> list[Fault]:
    """The reasons for which items failed, those of one measure together and the most frequent first.

    Messages that differ in numbers alone are one reason: the first of them stands for all.
    """
    study = study_from(found.provenance.question.get("study", {}), found.folder) if found.failures else None
    places = _places(study, found.failures)
    items = [
        (_measure(study, places.get(key)), places[key].point if key in places else key, key, error)
        for key, error in sorted(found.failures.items(), key=lambda own: places.get(own[0], ()))
    ]
    of = {own.measure.name: len(own.points) for own in (() if study is None else study.readied)}
    grouped: dict[tuple[str, str], list[tuple[str, Any, str, str]]] = {}
    for own in [*items, *_partly(found)]:
        grouped.setdefault((own[0], NUMBER.sub("#", own[3])), []).append(own)
    made = [
        Fault(name, own[0][3], len(own), len({point for _, point, _, _ in own}), of.get(name, 0), own[0][2])
        for (name, _), own in grouped.items()
    ]
    order = list(dict.fromkeys(own.measure for own in made))
    return sorted(made, key=lambda own: (order.index(own.measure), -own.items))


def _measure(study: Any, place: Place | None) -> str:
    return "" if study is None or place is None else str(study.measures[place.measure].name)


def _places(study: Any, failures: Mapping[str, str]) -> dict[str, Place]:
    if study is None:
        return {}
    return {key: place for place in study.every_place() if (key := study.item(place).key) in failures}


def _partly(found: Any) -> Iterator[tuple[str, Any, str, str]]:
    """Of one of several measures of a call: its name, its point, the item and the reason."""
    rows = found.rows
    for k in np.flatnonzero(rows["quantity"] == FAILED).tolist() if len(found) else ():
        point = tuple(str(rows[name][k]) for name in found.varied)
        yield f"{rows['measure'][k]}, {rows['of'][k]}", point, str(rows["item"][k]), str(rows["text"][k])


def untils_of(found: Any) -> dict[str, str]:
    """By name of the measure: until when replicates were added, and at how many settings that was reached."""
    made = {}
    for own in found.provenance.question.get("study", {}).get("measure", ()):
        if "until" in own:
            until = Until(**own["until"])
            looks = list(_looks(found, own["name"], until))
            made[own["name"]] = f"Replicates were added {until_words(own['until'])}. {_reached(looks)}"
    return made


def until_words(until: Mapping[str, Any]) -> str:
    """A stopping rule in words.

    >>> until_words({"quantity": "share", "of": "CC", "width": 0.08, "most": 8, "level": 0.95})
    'until the 95 % interval of share of runs (CC) is at most 0.08 wide, up to 8 at a setting'
    """
    rule = Until(**until)
    of = f" ({rule.of})" if rule.of else ""
    return (
        f"until the {100 * rule.level:g} % interval of {words_of(rule.quantity)}{of} is at most {rule.width:g} wide, "
        f"up to {rule.most} at a setting"
    )


def _looks(found: Any, measure: str, until: Until) -> Iterator[Look]:
    """The last look at each point, from the rows that are there."""
    rows = found.rows
    chosen = (rows["measure"] == measure) & (rows["quantity"] == until.quantity) & (rows["of"] == until.of)
    points: dict[tuple[str, ...], dict[int, int]] = {}
    for k in np.flatnonzero(chosen).tolist():
        point = tuple(str(rows[name][k]) for name in found.varied)
        points.setdefault(point, {})[int(rows["replicate"][k])] = k
    for number, places in enumerate(points.values()):
        keys = [str(rows["item"][places[r]]) if r in places else f"none {r}" for r in range(until.most)]
        numbers = {keys[r]: tuple(float(rows[name][k]) for name in NUMBERS) for r, k in places.items()}
        yield last_look(until, Place(0, number, 0), keys, numbers)


def _reached(looks: list[Look]) -> str:
    if not looks:
        return "No setting has a number yet."
    done, left = ([own for own in looks if own.narrow is narrow] for narrow in (True, False))
    after = f", after {_replicates(done)}" if done else ""
    sentence = f"{len(done)} of {len(looks)} settings reached this width{after}"
    if left:
        widths = [own.estimate.high - own.estimate.low for own in left if own.estimate is not None]
        widest = f", where the widest interval is {max(widths):.3g}" if widths else ""
        sentence += f"; {len(left)} did not, in {_replicates(left)}{widest}"
    return f"{sentence}."


def _replicates(looks: list[Look]) -> str:
    least, most = min(own.replicates for own in looks), max(own.replicates for own in looks)
    return f"{most} replicate{'' if most == 1 else 's'}" if least == most else f"{least} to {most} replicates"
