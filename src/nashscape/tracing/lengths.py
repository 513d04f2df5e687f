"""How long a program becomes when written out entry by entry, and which of its values are known beforehand.

Places in arrays must be known before a program is written out: indices that are constants of the program, or follow
from constants by what is folded on the way, such as the counter of a loop that is written out turn by turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nashscape.tracing.entries import ELEMENTWISE, FOLDED, REDUCTIONS, STRUCTURE, size
from nashscape.tracing.indexed_entries import CUMULATIVE, INDEXED

Known = list[bool]
"""For every value whether it is known beforehand."""


class NotUnrollable(Exception):
    """The function uses an operation that has no component form, or would become too long."""


CALLS = ("jit", "pjit", "closed_call", "custom_jvp_call", "custom_vjp_call")


def inner_program(eqn: Any) -> Any:
    """The closed program inside a call such as jit or custom_jvp, or None for an ordinary operation."""
    name = "call_jaxpr" if "call_jaxpr" in eqn.params else "jaxpr"
    return eqn.params.get(name) if eqn.primitive.name in CALLS else None


def length_of(jaxpr: Any, known: Sequence[bool], *, numbers: bool = True) -> tuple[int, Known]:
    """How many scalar operations a program becomes, and which of its results are known beforehand.

    Args:
        jaxpr: the program.
        known: which of its arguments are known.
        numbers: whether entries are numbers; of intervals and polynomials nothing is indexed, and no loop written out.

    Raises:
        NotUnrollable: for operations that have no component form.
    """
    sure: dict[Any, bool] = dict.fromkeys(jaxpr.constvars, True) | dict(zip(jaxpr.invars, known, strict=True))

    def is_known(atom: Any) -> bool:
        return hasattr(atom, "val") or sure[atom]

    total = 0
    for eqn in jaxpr.eqns:
        count, made = _operations(eqn, [is_known(atom) for atom in eqn.invars], numbers)
        total += count
        sure.update(zip(eqn.outvars, made, strict=True))
    return total, [is_known(atom) for atom in jaxpr.outvars]


def _operations(eqn: Any, known: Known, numbers: bool) -> tuple[int, Known]:
    name, inner = eqn.primitive.name, inner_program(eqn)
    if inner is not None:
        return length_of(inner.jaxpr, known, numbers=numbers)
    if name == "while":
        return _while(eqn, known, numbers)
    if name == "scan" and numbers:
        return _scan(eqn, known)
    count = _count(eqn, known, numbers)
    folded = name not in ELEMENTWISE or name in FOLDED or name == "convert_element_type"
    return count, [folded and all(known)] * len(eqn.outvars)


def _count(eqn: Any, known: Known, numbers: bool) -> int:
    """Scalar operations of one that holds no program."""
    name, first = eqn.primitive.name, size(eqn.invars[0].aval.shape) if eqn.invars else 0
    if name == "dot_general":
        return _contraction(eqn)
    if name in REDUCTIONS and first == 0:
        raise NotUnrollable("reduction of an empty axis")
    if name in REDUCTIONS or (name in CUMULATIVE and numbers):
        return first
    if name in STRUCTURE:
        _check_structure(eqn, known, numbers)
        return 0
    if name in INDEXED and numbers:
        if not known[1]:
            raise NotUnrollable(f"{name} at places that are not known beforehand")
        return size(eqn.invars[-1].aval.shape) if len(known) > 2 else 0
    if name not in ELEMENTWISE:
        raise NotUnrollable(f"operation {name!r}")
    return sum(size(v.aval.shape) for v in eqn.outvars)


def _contraction(eqn: Any) -> int:
    (contracted, _), _ = eqn.params["dimension_numbers"]
    depth = size([eqn.invars[0].aval.shape[axis] for axis in contracted])
    if depth == 0 or len({atom.aval.dtype for atom in (*eqn.invars, *eqn.outvars)}) > 1:
        raise NotUnrollable("a contraction of nothing, or one that changes the type")
    return size(eqn.outvars[0].aval.shape) * depth


def _check_structure(eqn: Any, known: Known, numbers: bool) -> None:
    name = eqn.primitive.name
    placed = known[1:] if numbers else [hasattr(atom, "val") for atom in eqn.invars[1:]]
    if name == "dynamic_slice" and not all(placed):
        raise NotUnrollable("a slice whose place is not known beforehand")
    if name == "pad" and any(low < 0 or high < 0 or gap for low, high, gap in eqn.params["padding_config"]):
        raise NotUnrollable("padding that cuts or interleaves")


def _while(eqn: Any, known: Known, numbers: bool) -> tuple[int, Known]:
    """A loop stays one; of what it changes nothing is known."""
    condition, body = eqn.params["cond_jaxpr"], eqn.params["body_jaxpr"]
    first = eqn.params["cond_nconsts"]
    second = first + eqn.params["body_nconsts"]
    state = [False] * (len(known) - second)
    both = ((condition, known[:first]), (body, known[first:second]))
    total = sum(length_of(one.jaxpr, [*own, *state], numbers=numbers)[0] for one, own in both)
    return total, state


def _scan(eqn: Any, known: Known) -> tuple[int, Known]:
    """A scan is written out turn by turn; what it carries is known where every turn leaves it so."""
    constants, carried = eqn.params["num_consts"], eqn.params["num_carry"]
    fixed, carry, each = known[:constants], known[constants : constants + carried], known[constants + carried :]
    while True:
        count, made = length_of(eqn.params["jaxpr"].jaxpr, [*fixed, *carry, *each])
        after = [one and other for one, other in zip(carry, made[:carried], strict=True)]
        if after == carry:
            return eqn.params["length"] * count, [*carry, *made[carried:]]
        carry = after
