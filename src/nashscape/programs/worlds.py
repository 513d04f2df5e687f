"""What programs do against each other: the fixed point of their formulas, world by world, and of their simulations.

In world n of 0 < 1 < 2 < … a box of PA+k is true where its formula holds in all worlds m with k ≤ m < n, so that a box
once false stays false. From world max k on, what holds in a world hangs on the boxes alone: where no box turns false in
one step, none ever does. There are at most max k + (number of boxes) steps until then, and what holds ever after is
what is true of the natural numbers.
"""

from collections.abc import Iterable
from fractions import Fraction

from nashscape.core import InputError
from nashscape.programs.formulas import Formula, Names
from nashscape.programs.rules import Meeting, Rule, Shares

MOST_MEETINGS = 20_000

Key = tuple[int, str, str]
Boxes = dict[Key, dict[Formula, bool]]


def key_of(meeting: Meeting) -> Key:
    """The seat and the two sources: what a meeting is, whatever names are."""
    return meeting.seat, meeting.actor.source, meeting.against.source


def rules_of(asked: Iterable[Meeting], counts: tuple[int, int]) -> dict[Key, Rule]:
    """The rules of some meetings and of all that they read."""
    rules: dict[Key, Rule] = {}
    waiting = list(asked)
    while waiting:
        meeting = waiting.pop()
        if key_of(meeting) in rules:
            continue
        if len(rules) == MOST_MEETINGS:
            raise InputError(f"these programs read more than {MOST_MEETINGS:,} meetings; take fewer, or less deep ones")
        rule = meeting.actor.meets(meeting.seat, meeting.actor, meeting.against, counts)
        rules[key_of(meeting)] = rule
        waiting.extend(rule.needs())
    return rules


def outcomes(rules: dict[Key, Rule]) -> tuple[dict[Key, Shares], int]:
    """What is played in every meeting, and the number of worlds until nothing changed any more."""
    boxes: Boxes = {
        key: {own: True for own in rule.formula.within() if own.kind == "box"}
        for key, rule in rules.items() if rule.formula
    }  # fmt: skip
    highest = max((own.level for each in boxes.values() for own in each), default=0)
    most = highest + sum(map(len, boxes.values())) + 1
    for world in range(most + 1):
        played = _in_world(rules, boxes)
        fallen = _fallen(rules, boxes, played, world)
        for key, box in fallen:
            boxes[key][box] = False
        if world >= highest and not fallen:
            return played, world + 1
    raise AssertionError("more worlds than boxes")


def _in_world(rules: dict[Key, Rule], boxes: Boxes) -> dict[Key, Shares]:
    """What is played in every meeting where these boxes are true."""
    played: dict[Key, Shares] = {}
    for key, rule in rules.items():
        if rule.shares is not None:
            played[key] = rule.shares
        if rule.formula is not None:
            played[key] = rule.either[0 if rule.formula.holds(_unread, boxes[key]) else 1]
    for key in rules:
        _simulate(key, rules, played)
    return played


def _unread(names: Names) -> bool:
    raise AssertionError(f"{names} is read outside of a box")


def _fallen(rules: dict[Key, Rule], boxes: Boxes, played: dict[Key, Shares], world: int) -> list[tuple[Key, Formula]]:
    """The boxes that are true in this world and not in the next."""
    fallen = []
    for key, each in boxes.items():
        reads = {names: played[key_of(meeting)][0] == 1 for names, meeting in (rules[key].reads or {}).items()}
        fallen += [
            (key, box)
            for box, true in each.items()
            if true and world >= box.level and not box.parts[0].holds(reads.__getitem__, each)
        ]
    return fallen


def _simulate(start: Key, rules: dict[Key, Rule], played: dict[Key, Shares]) -> None:
    """Follow simulations to what is known, or round a circle, whose fixed point is solved; fill in what they play."""
    chain: list[Key] = []
    key = start
    while key not in played and key not in chain:
        chain.append(key)
        key = key_of(rules[key].simulates)  # type: ignore[arg-type]
    if key not in played:
        circle = chain[chain.index(key) :]
        played[key] = _round([rules[own] for own in circle])
    for own in reversed(chain):
        if own not in played:
            played[own] = _answer(rules[own], played[key_of(rules[own].simulates)])  # type: ignore[arg-type]


def _answer(rule: Rule, seen: Shares) -> Shares:
    """`ε ground + (1 − ε) Σ_b seen[b] responses[b]`."""
    return tuple(
        rule.grounded * own + (1 - rule.grounded) * sum(y * row[a] for y, row in zip(seen, rule.responses, strict=True))
        for a, own in enumerate(rule.ground)
    )


def _round(rules: list[Rule]) -> Shares:
    """The only x that is what the first of a circle plays where it is itself what comes round: `x = c + M x`."""
    if all(rule.grounded == 0 for rule in rules):
        # each simulates the next one of the circle
        actors = [rule.simulates.actor for rule in (rules[-1], *rules[:-1]) if rule.simulates]
        names = " and ".join(dict.fromkeys(one.name for one in actors))
        raise InputError(
            f"{names} simulate each other for ever; give one of them a base case, epsilon above 0 or a depth"
        )
    count = len(rules[0].ground)
    columns = [_around(rules, tuple(Fraction(int(k == b)) for k in range(count))) for b in range(count)]
    return _solved([[Fraction(int(a == b)) - columns[b][a] for b in range(count)] for a in range(count)])


def _around(rules: list[Rule], seen: Shares) -> Shares:
    """What the first plays where what comes round is known; on probabilities it is linear."""
    for rule in reversed(rules):
        seen = _answer(rule, seen)
    return seen


def _solved(rows: list[list[Fraction]]) -> Shares:
    """The probabilities with `rows x = 0`, a stationary law of which there is one: the last row is `Σ x = 1`."""
    n = len(rows)
    table = [[*row, Fraction(0)] for row in rows[:-1]] + [[Fraction(1)] * (n + 1)]
    for k in range(n):
        pivot = next(i for i in range(k, n) if table[i][k])
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [entry / table[k][k] for entry in table[k]]
        for i in range(n):
            if i != k and table[i][k]:
                table[i] = [a - table[i][k] * b for a, b in zip(table[i], table[k], strict=True)]
    return tuple(row[-1] for row in table)
