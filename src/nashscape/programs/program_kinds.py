"""Programs: what each does is said by a formula over proofs, a simulation, a comparison of texts, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.programs.actions import action, told
from nashscape.programs.formula_texts import read_formula
from nashscape.programs.rules import Meeting, Rule


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
    if programs is not None and not hasattr(programs, "items"):
        raise InputError(
            f"programs are given by the names that the formula has for them, {{name: program}}; got {programs!r}"
        )
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
            raise InputError(f"{formula!r} names {who}, which is nobody here: give programs={{{who!r}: …}}, such as "
                             f"published()[{who!r}], or take one of {', '.join(['me', 'them', *others])}")  # fmt: skip
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
    if not hasattr(members, "__iter__"):
        raise InputError(f"members are a list of programs; got {members!r}")
    likes = {checked_program(own).source for own in members}
    source = " or ".join(["if same text", *(f"[{own}]" for own in sorted(likes))])
    source += f" then {told(then)} else {told(otherwise)}"
    played = action(then), action(otherwise)
    return OpenSourceProgram(
        name,
        source,
        lambda seat, me, them, counts: Rule(shares=played[0 if them.source in likes | {source} else 1](counts[seat])),
    )
