"""Programs: what each does is said by a formula over proofs, a simulation, a comparison of texts, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.checks import positive_integer
from nashscape.core.errors import unknown
from nashscape.core.exact_numbers import exact_number, exact_values
from nashscape.programs.formula_texts import read_formula
from nashscape.programs.rules import Meeting, Rule, Shares

DEEPEST = 100
"""Simulations within simulations."""


@dataclass(frozen=True)
class OpenSourceProgram:
    """A program that reads who it meets; made by `modal`, `plays`, `clique` and `simulating`.

    Two are the same program where their sources are; names are for people.

    Attributes:
        name: what people call it.
        source: what it does, as text.
        meets: its rule, from a seat, an opponent, itself and the numbers of actions of both seats.
    """

    name: str = field(compare=False)
    source: str
    meets: Callable[[int, Any, Any, tuple[int, int]], Rule] = field(compare=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Name and source, for questions."""
        return {"name": self.name, "source": self.source}

    def __repr__(self) -> str:
        """Name and source, as one line."""
        return f"<OpenSourceProgram {self.name}: {self.source}>"


def checked_program(given: Any) -> OpenSourceProgram:
    """A program, or one error for what is none."""
    if not hasattr(given, "meets"):
        raise InputError(f"a program is made by modal, plays, clique or simulating; got {given!r}")
    found: OpenSourceProgram = given
    return found


@public()
def modal(
    formula: str,
    *,
    name: str = "",
    programs: Mapping[str, OpenSourceProgram] | None = None,
    then: Any = 0,
    otherwise: Any = 1,
) -> OpenSourceProgram:
    """A program that plays one action where a formula of provability logic is true, and another where it is not.

    `them(me)` is "the opponent surely plays its first action against me"; `who(whom)` may name me, them, and other
    programs. `box(f)`: f is provable in Peano arithmetic; `box2(f)` in PA+2, which adds that PA and PA+1 are
    consistent. Every reading must be within a box: then the two formulas of any two programs have exactly one fixed
    point. Words are true, false, not, and, or, implies, iff; signs ⊤ ⊥ ¬ ∧ ∨ → ↔ □ mean the same.

    Args:
        formula: the text.
        name: by default the formula.
        programs: that the formula names.
        then: the action where it is true: a number from 0, or probabilities; by default the first.
        otherwise: where it is not; by default the second.

    Raises:
        InputError: for what is no formula, a reading outside of a box, and a name that is unknown.

    Example:
        >>> modal("box(them(me))", name="FairBot")
        <OpenSourceProgram FairBot: if box(them(me)) then 0 else 1>
        >>> modal("not them(me)")
        Traceback (most recent call last):
        nashscape.core.errors.InputError: 'not them(me)' reads them(me) outside of a box, so that two such programs \
need not have an answer; write box(them(me)), that it is provable

    Source: Barasz et al., arXiv 1401.5577, 2014.
    """
    read = read_formula(formula)
    others = {key: checked_program(own) for key, own in (programs or {}).items()}
    if taken := sorted({"me", "them"} & set(others)):
        raise InputError(f"{taken[0]} is who reads or who is met, and no name for a program; take another")
    if bare := next(read.bare(), None):
        said = f"{bare[0]}({bare[1]})"
        raise InputError(
            f"{formula!r} reads {said} outside of a box, so that two such programs need not have an answer; write "
            f"box({said}), that it is provable"
        )
    spoken = {own.names for own in read.within() if own.kind == "plays"}
    for who in sorted({who for pair in spoken for who in pair}):
        if who not in {"me", "them", *others}:
            raise unknown("program in a formula", who, ["me", "them", *others])
    used = {who for pair in spoken for who in pair} - {"me", "them"}
    where = "".join(f" where {key} = [{others[key].source}]" for key in sorted(used))
    played = action(then), action(otherwise)

    def meets(seat: int, me: OpenSourceProgram, them: OpenSourceProgram, counts: tuple[int, int]) -> Rule:
        known = {**others, "me": me, "them": them}
        reads = {pair: Meeting(1 - seat if pair[0] == "them" else seat, known[pair[0]], known[pair[1]])
                 for pair in spoken}  # fmt: skip
        return Rule(formula=read, reads=reads, either=(played[0](counts[seat]), played[1](counts[seat])))

    return OpenSourceProgram(name or formula, f"if {read} then {told(then)} else {told(otherwise)}{where}", meets)


@public()
def plays(action_or_shares: Any, *, name: str = "") -> OpenSourceProgram:
    """A program that reads nothing: one action, or a mixture.

    Args:
        action_or_shares: the number of an action, from 0, or a probability for each.
        name: by default what it plays.

    Raises:
        InputError: for what is neither.

    Example:
        >>> plays(["1/3", "2/3"], name="often second")
        <OpenSourceProgram often second: play [1/3, 2/3]>
    """
    shares = action(action_or_shares)
    source = f"play {told(action_or_shares)}"
    return OpenSourceProgram(name or source, source, lambda seat, me, them, counts: Rule(shares=shares(counts[seat])))


@public()
def clique(
    *, name: str = "CliqueBot", members: Sequence[OpenSourceProgram] = (), then: Any = 0, otherwise: Any = 1
) -> OpenSourceProgram:
    """A program that compares texts: one action against its own source, another against every other.

    Args:
        name: what it is called.
        members: programs that it takes for its own as well.
        then: the action against them: a number from 0, or probabilities; by default the first.
        otherwise: against all others; by default the second.

    Raises:
        InputError: for members that are no programs, and actions that are none.

    Example:
        >>> clique()
        <OpenSourceProgram CliqueBot: if same text then 0 else 1>

    Source: McAfee (1984), Howard (1988), Tennenholtz (2004).
    """
    likes = {checked_program(own).source for own in members}
    source = " or ".join(["if same text", *(f"[{own}]" for own in sorted(likes))])
    source += f" then {told(then)} else {told(otherwise)}"
    played = action(then), action(otherwise)
    return OpenSourceProgram(
        name,
        source,
        lambda seat, me, them, counts: Rule(shares=played[0 if them.source in likes | {source} else 1](counts[seat])),
    )


@public()
def simulating(
    ground: Any = 0,
    *,
    epsilon: Any = 0,
    depth: int | None = None,
    responses: Sequence[Any] | None = None,
    name: str = "",
) -> OpenSourceProgram:
    """A program that runs its opponent against itself and answers; with probability ε it plays `ground` at once.

    `x = ε ground + (1 − ε) Σ_b y[b] responses[b]`, y what the opponent plays against it. With `depth` d it runs the
    opponent against the same program of depth d − 1, and that of depth 0 plays `ground`. A program with neither need
    not halt. All draws are independent.

    Args:
        ground: the action that is played without a simulation: a number from 0, or probabilities.
        epsilon: how likely it is; exact as "1/10".
        depth: how deep it simulates; by default without a limit.
        responses: an action (or probabilities) for each of the opponent's; by default it does the same.
        name: by default what it does.

    Raises:
        InputError: for probabilities that are none, and a depth that is no whole number from 0.

    Example:
        >>> simulating(0, epsilon="1/10", name="grounded FairBot")
        <OpenSourceProgram grounded FairBot: with 1/10 play 0, else answer the simulated opponent by the same>

    Source: Oesterheld: Robust program equilibrium. Theory and Decision 86, 143–159, 2019.
    """
    share = exact_number(epsilon, "epsilon")
    if not 0 <= share <= 1:
        raise InputError(f"epsilon is a probability, from 0 to 1; got {epsilon!r}")
    deep = None if depth is None else positive_integer(depth, "depth", at_least=0)
    if (deep or 0) > DEEPEST:
        raise InputError(f"a depth is at most {DEEPEST}; got {deep}")
    base, answers = action(ground), None if responses is None else [action(own) for own in responses]
    by = "the same" if responses is None else ", ".join(map(told, responses))
    limit = "" if deep is None else f" to depth {deep}"
    source = f"with {share} play {told(ground)}, else answer the simulated opponent{limit} by {by}"
    shallow = None
    if deep:
        shallow = simulating(ground, epsilon=share, depth=deep - 1, responses=responses)

    def meets(seat: int, me: OpenSourceProgram, them: OpenSourceProgram, counts: tuple[int, int]) -> Rule:
        own, other = counts[seat], counts[1 - seat]
        if deep == 0:
            return Rule(shares=base(own))
        if (other if answers is None else len(answers)) != (own if answers is None else other):
            raise InputError(
                f"{me.name} needs one response for each of {other} actions of its opponent; give responses"
            )
        answered = [action(b) for b in range(other)] if answers is None else answers
        return Rule(
            simulates=Meeting(1 - seat, them, shallow or me),
            grounded=share,
            ground=base(own),
            responses=tuple(one(own) for one in answered),
        )

    return OpenSourceProgram(name or source, source, meets)


def action(given: Any) -> Callable[[int], Shares]:
    """The shares of an action or a mixture among so many actions."""
    if not hasattr(given, "__len__") or isinstance(given, str):
        number = positive_integer(given, "an action", at_least=0)
        return lambda count: _pure(number, count)
    shares = tuple(exact_values(given, "probabilities of actions"))
    if any(share < 0 for share in shares) or abs(sum(shares, Fraction(0)) - 1) > Fraction(1, 10**9):
        raise InputError(f"probabilities of actions are at least 0 and sum to one; got {told(given)}")
    exact = tuple(share / sum(shares, Fraction(0)) for share in shares)
    return lambda count: _mixed(exact, count)


def _pure(number: int, count: int) -> Shares:
    if number >= count:
        raise InputError(f"a program plays action {number}; there are {count}, numbered from 0")
    return tuple(Fraction(int(k == number)) for k in range(count))


def _mixed(shares: Shares, count: int) -> Shares:
    if len(shares) != count:
        raise InputError(f"a program mixes {len(shares)} actions; its player has {count}")
    return shares


def told(given: Any) -> str:
    """An action or a mixture as text."""
    if not hasattr(given, "__len__") or isinstance(given, str):
        return str(given)
    return f"[{', '.join(map(str, exact_values(given, 'probabilities of actions')))}]"
