"""What each of the settings does to a quantity: a number along which it rises, a text with which it is highest.

A case is a group of points that differ in that setting alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from nashscape.figures.study_parts import Part, axis_of
from nashscape.report.answer_points import Change, Point, lines, said

ALIKE, MOST_TEXTS, MOST_LINES = 2, 12, 4
"""What is named where several are alike; texts that are compared or counted; rows that say where they change."""


def effects(part: Part, name: str, points: Sequence[Point]) -> Iterator[str]:
    """Sentences on one of the settings: none where points fill a box, or there are too many texts."""
    if name in part.numbers and name not in part.scattered:
        yield from _trend(name, points)
    elif name in part.texts and len(part.values(name)) <= MOST_TEXTS:
        yield from _best_text(name, points)


def _trend(name: str, points: Sequence[Point]) -> Iterator[str]:
    """Whether numbers rise or fall with a setting, in each row of points that differ in it alone."""
    rows = [own for _, own in lines(points, name) if len(own) > 1]
    words = {
        "rises": "rises", "falls": "falls", "turns": "goes up and down", "level": "stays within the intervals",
    }  # fmt: skip
    counted = Counter(map(_direction, rows))
    as_it = f"As {axis_of(name)} grows, it"
    if len(counted) == 1:
        [direction] = counted
        in_all = "" if len(rows) == 1 else f" in {_all(len(rows))} cases"
        yield f"{as_it} {words[direction]}{in_all}."
    elif counted:
        told = [f"{words[own]} in {counted[own]}" for own in words if counted[own]]
        yield f"{as_it} {', '.join(told)} of {len(rows)} cases."


def _direction(row: Sequence[Point]) -> str:
    up = any(later.above(own) for k, own in enumerate(row) for later in row[k + 1 :])
    down = any(own.above(later) for k, own in enumerate(row) for later in row[k + 1 :])
    return "turns" if up and down else "rises" if up else "falls" if down else "level"


def _best_text(name: str, points: Sequence[Point]) -> Iterator[str]:
    """Which text has the largest number, in each group of points that differ in it alone."""
    rows = [own for _, own in lines(points, name) if len(own) > 1]
    if len(rows) < 2:  # the largest of all is said already
        return
    wins = Counter(winner.setting[name] for own in rows if (winner := _winner(own)) is not None)
    head = f"By {axis_of(name)}:"
    if not wins:
        yield f"{head} none is highest beyond the intervals in any of {len(rows)} cases."
        return
    told = [f"{text} is highest in {count}" for text, count in wins.most_common(ALIKE)]
    more = f", {len(wins) - len(told)} others in fewer" if len(wins) > len(told) else ""
    overlap = len(rows) - wins.total()
    rest = f" (in {overlap} the highest is not apart from the next)" if overlap else ""
    yield f"{head} {', '.join(told)}{more} of {len(rows)} cases{rest}."


def _winner(points: Sequence[Point]) -> Point | None:
    best = max(points, key=lambda own: own.low)
    return best if all(best.above(own) for own in points if own is not best) else None


def _all(number: int) -> str:
    return "both" if number == 2 else f"all {number}"


def changes_in_words(name: str, found: Sequence[tuple[dict[str, Any], Change]], verb: str) -> Iterator[str]:
    """Where along a number one answer gives way to another, for each of some rows.

    Args:
        name: of the number.
        found: what the points of each row have in common, and the change.
        verb: what an answer is, such as "is the larger share".
    """
    axis = axis_of(name)
    for common, (first, last, second, since) in found[:MOST_LINES]:
        head = f"At {said(common)} {first}" if common else first
        yield f"{head} {verb} up to {axis} = {last:g}, {second} from {axis} = {since:g} on."
