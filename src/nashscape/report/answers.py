"""What a study found, in sentences made from its numbers alone: the same for every study, whatever it asks.

That something rises, falls or is higher is said only where intervals are apart; of numbers without intervals only the
largest and the least are told. What is said is of the settings that were tried, and of no others.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from nashscape.core import label_names
from nashscape.figures.study_parts import Part, parts_of, words_of
from nashscape.report.answer_effects import ALIKE, MOST_TEXTS, changes_in_words, effects
from nashscape.report.answer_points import Point, change, digits, lines, points_of, said, varying


def answers_of(found: Any) -> dict[str, list[str]]:
    """Sentences by name of the measure: one paragraph for every quantity and thing it is of, the most telling first.

    Args:
        found: the findings of a study.

    Example:
        >>> from nashscape.studies.study import Study
        >>> study = Study("peer", {"game": "stag_hunt", "rule": "meta_mapg", "grid": 5}, [{"peer": [0, 2]}])
        >>> answers_of(study.run())["basin_map"][0].partition(";")[0]
        'Share of runs (CC): no difference between settings is larger than the intervals'
    """
    made: dict[str, list[str]] = {}
    if not len(found):
        return made
    for part in parts_of(found):
        if part.quantity != "undefined":
            made.setdefault(part.measure, []).extend(answer(part, of) for of in _told(part))
    return made


def _told(part: Part) -> list[str]:
    """What a quantity is of, as far as it is told: targets rather than other outcomes, in the order of the study."""
    ofs = list(dict.fromkeys(part.columns["of"].tolist()))
    if part.quantity == "share":
        others = {*label_names(()).values()}
        targets = [of for of in ofs if of not in others and not of.startswith(("rest within ", "passing "))]
        return targets or list(part.ofs[:1])
    return [of for of in ofs if of in part.ofs]


def answer(part: Part, of: str) -> str:
    """The sentences of one quantity, of one thing that it is of."""
    points = points_of(part, of)
    head = words_of(part.quantity) + (f" ({of})" if of else "")
    head = f"{head[:1].upper()}{head[1:]}"
    numbers = [own for own in points if own.value == own.value]
    texts = [own for own in points if own.value != own.value and own.text]
    settings = len(_settings(part))
    absent, nothing = settings - len(points), len(points) - len(numbers) - len(texts)
    sentences: list[str] = []
    if numbers:
        sentences = [f"{head}: {_extremes(numbers)}", *_signs(numbers)]
        if any(own.has_interval for own in numbers):
            sentences += [text for name in varying(part) for text in effects(part, name, numbers)]
            sentences += _overtaking(part, of)
    if texts:
        told = _verdicts(part, texts, points)
        sentences += told if numbers else [f"{head}: {told[0]}", *told[1:]]
    if nothing and (numbers or texts):
        sentences.append(f"It has no value at {_count(nothing, 'setting')}.")
    if absent:
        sentences.append(f"It is not measured at {_count(absent, 'setting')}.")
    return " ".join(sentences) if numbers or texts else " ".join([f"{head}: no value at any setting.", *sentences])


def _settings(part: Part) -> set[Any]:
    """All settings at which the quantity is of anything."""
    names = varying(part)
    return set(zip(*(part.columns[name].tolist() for name in names), strict=True)) if names else {()}


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


# --- the largest and the least ----------------------------------------------------------------------------


def _extremes(points: Sequence[Point]) -> str:
    best, worst = max(points, key=lambda own: own.value), min(points, key=lambda own: own.value)
    known = [own for own in points if own.has_interval]
    without = "" if len(known) == len(points) else (
        f"; {_count(len(points) - len(known), 'number')} without an interval" if known else "; without intervals"
    )  # fmt: skip
    if len(points) == 1:
        where = f" at {said(best.setting)}, the only setting with a number" if best.setting else ""
        return f"{best}{where}{without}."
    if best.value == worst.value:
        return f"{_value(points)} at each of {len(points)} settings{without}."
    if len(known) == len(points) and not max(own.low for own in known) > min(own.high for own in known):
        return (
            f"no difference between settings is larger than the intervals; from {worst} at {said(worst.setting)} to "
            f"{best} at {said(best.setting)}{without}."
        )
    return (
        f"highest at {_places(points, best.value)}, lowest at {_places(points, worst.value)}; "
        f"{_apart(best, worst)}{without}."
    )


def _apart(best: Point, worst: Point) -> str:
    differ = f"they differ by {digits(best.value - worst.value)}"
    if not (best.has_interval and worst.has_interval):
        return differ
    if not best.above(worst):
        return f"{differ}, and the intervals of these two overlap"
    exact = best.low == best.high and worst.low == worst.high
    return differ if exact else f"{differ}, by {digits(best.low - worst.high)} at least from interval to interval"


def _places(points: Sequence[Point], value: float) -> str:
    """Where a value is found, and it."""
    here = [own for own in points if own.value == value]
    if len(here) <= ALIKE:
        return f"{' and at '.join(said(own.setting) for own in here)} ({_value(here)})"
    return f"{len(here)} settings, such as {said(here[0].setting)} ({_value(here)})"


def _value(points: Sequence[Point]) -> str:
    """What points of one value have in common."""
    return str(points[0]) if len({str(own) for own in points}) == 1 else digits(points[0].value)


def _signs(points: Sequence[Point]) -> Iterator[str]:
    """Of numbers on both sides of zero, on which side how many are."""
    if min(own.value for own in points) < 0 < max(own.value for own in points):
        above, below = sum(own.low > 0 for own in points), sum(own.high < 0 for own in points)
        if above or below:
            yield f"Above zero with the whole interval: {above} of {len(points)}; below: {below}."


# --- targets and texts that give way to one another ---------------------------------------------------------


def _overtaking(part: Part, of: str) -> Iterator[str]:
    """Where along a number one target gives way to another as the larger share: of the first target alone."""
    targets = _told(part)
    along = [name for name in varying(part) if name in part.numbers and name not in part.scattered]
    if part.quantity != "share" or len(targets) != 2 or of != targets[0] or len(along) != 1:
        return
    pairs = {of: {tuple(own.setting.items()): own for own in points_of(part, of)} for of in targets}
    first, second = (pairs[own] for own in targets)
    found = []
    for common, row in lines(list(first.values()), along[0]):
        signs = [(own.setting[along[0]], _larger(own, second.get(tuple(own.setting.items())), targets)) for own in row]
        if changed := change(signs):
            found.append((common, changed))
    yield from changes_in_words(along[0], found, "is the larger share")


def _larger(first: Point, second: Point | None, names: Sequence[str]) -> str:
    if second is None:
        return ""
    return names[0] if first.above(second) else names[1] if second.above(first) else ""


def _verdicts(part: Part, texts: Sequence[Point], points: Sequence[Point]) -> list[str]:
    """How often each text is the answer, and where along a number one answer gives way to another."""
    counted, of = Counter(own.text for own in texts), _count(len(points), "setting")
    if len(counted) == 1 and len(texts) == len(points):
        [text] = counted
        return [f"{text} at all {of}." if len(points) > 1 else f"{text}."]
    told = [f"{text} at {count}" for text, count in counted.most_common(MOST_TEXTS)]
    more = f", and {len(counted) - len(told)} other texts" if len(counted) > len(told) else ""
    sentences = [f"{', '.join(told)}{more} of {of}."]
    for name in (own for own in varying(part) if own in part.numbers and own not in part.scattered):
        found = []
        for common, row in lines(points, name):
            if changed := change([(own.setting[name], _answer_of(own)) for own in row]):
                found.append((common, changed))
        sentences += changes_in_words(name, found, "is the answer")
    return sentences


def _answer_of(point: Point) -> str:
    return "a number" if point.value == point.value else point.text
