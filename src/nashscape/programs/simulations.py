"""Programs that run their opponents against themselves, with a base case."""

from collections.abc import Sequence
from typing import Any

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.checks import positive_integer
from nashscape.core.exact_numbers import exact_number
from nashscape.programs.actions import action, told
from nashscape.programs.program_kinds import OpenSourceProgram
from nashscape.programs.rules import Meeting, Rule

DEEPEST = 100
"""Simulations within simulations."""


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
    if responses is not None and (not hasattr(responses, "__iter__") or isinstance(responses, str)):
        raise InputError(f"responses are a list, an action for each of the opponent's; got {responses!r}")
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
