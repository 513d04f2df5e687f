"""All modal programs up to a size."""

from collections.abc import Mapping, Sequence
from itertools import product

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.checks import positive_integer
from nashscape.programs.program_kinds import OpenSourceProgram, modal

MOST = 20_000


@public()
def modal_programs(
    size: int,
    *,
    reads: Sequence[str] = ("them(me)",),
    programs: Mapping[str, OpenSourceProgram] | None = None,
    levels: Sequence[int] = (0,),
) -> list[OpenSourceProgram]:
    """Every modal program of at most so many signs: readings, true, false, not, and, or, box.

    Args:
        size: signs; a reading counts as one.
        reads: what it may read, such as `them(me)` and `them(DefectBot)`.
        programs: that readings name.
        levels: the k of boxes of PA+k.

    Raises:
        InputError: for more than 20,000 formulas.

    Example:
        >>> [own.name for own in modal_programs(2)]
        ['true', 'false', 'not true', 'not false', 'box(true)', 'box(false)', 'box(them(me))']
    """
    positive_integer(size, "size")
    free = {1: list(reads)}
    closed: dict[int, list[str]] = {1: ["true", "false"]}
    for own in range(2, size + 1):
        boxed = [f"box{level or ''}({inner})" for level in levels for inner in [*closed[own - 1], *free[own - 1]]]
        closed[own] = [f"not {inner}" for inner in closed[own - 1]] + boxed
        free[own] = [f"not {inner}" for inner in free[own - 1]]
        for left in range(1, own - 1):
            for word in ("and", "or"):
                both = product(closed[left] + free[left], closed[own - 1 - left] + free[own - 1 - left])
                for one, other in both:
                    mixed = one in free[left] or other in free[own - 1 - left]
                    (free if mixed else closed)[own].append(f"({one} {word} {other})")
        if sum(map(len, closed.values())) + len(free[own]) > MOST:
            raise InputError(f"there are more than {MOST:,} formulas of {own} signs; ask for a smaller size")
    return [modal(text, programs=programs) for each in closed.values() for text in each]
