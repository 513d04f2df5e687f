"""How smooth a traced function is in one of its arguments: what its derivative may be trusted for.

Derivatives by automatic differentiation say nothing of jumps: the derivative of rounding is zero, that of a choice is
that of the case chosen, and a stopped gradient is no derivative at all. Bounds of a function from bounds of its
derivative hold only where none of these depends on the argument; second derivatives miss kinks as well.
"""

import enum
from collections.abc import Callable
from typing import Any

import jax

from nashscape.tracing.components import CALLS


class Smoothness(enum.IntEnum):
    """From the roughest to the smoothest."""

    FOREIGN = 0
    """What is taken for its derivative may be another: of a stopped gradient, or one that the function brings along."""
    JUMPS = 1
    """It may jump."""
    KINKS = 2
    """Continuous, with a derivative but for single points."""
    ROOTS = 3
    """With all derivatives wherever they are finite."""
    SMOOTH = 4
    """With all derivatives wherever it is defined."""


KINKS = frozenset({"abs", "max", "min", "clamp", "reduce_max", "reduce_min"})
ROOTS = frozenset({"sqrt", "cbrt", "pow", "rsqrt"})
SMOOTH = frozenset({
    "add", "add_any", "sub", "mul", "div", "neg", "square", "exp", "exp2", "log", "log1p", "expm1", "logistic", "tanh",
    "integer_pow", "sin", "cos", "tan", "sinh", "cosh", "erf", "dot_general", "reduce_sum", "reduce_prod", "copy",
    "cumsum", "broadcast_in_dim", "reshape", "squeeze", "expand_dims", "transpose", "rev", "concatenate",
    "stack", "unstack", "tile", "slice", "dynamic_slice", "split", "pad", "reshard",
})  # fmt: skip


def smoothness(function: Callable[..., Any], *example: Any, argument: int) -> Smoothness:
    """How smooth a function is in one of its arguments, by the operations that depend on it; rather too rough.

    A rule of differentiation that a function brings along (`jax.custom_jvp`) is trusted to be its derivative.

    Args:
        function: what `jax.make_jaxpr` can trace.
        example: arguments, for shapes only.
        argument: number of the argument.

    Example:
        >>> import jax.numpy as jnp
        >>> smoothness(lambda x, y: x * jnp.round(y), 1.0, 2.0, argument=0).name
        'SMOOTH'
        >>> smoothness(lambda x, y: x * jnp.round(y), 1.0, 2.0, argument=1).name
        'JUMPS'
    """
    program = jax.make_jaxpr(function)(*example)
    sizes = [len(jax.tree.leaves(own)) for own in example]
    first = sum(sizes[:argument])
    moved = [first <= k < first + sizes[argument] for k in range(len(program.jaxpr.invars))]
    return _of(program.jaxpr, moved, False)[0]


def _of(jaxpr: Any, moved: list[bool], trusted: bool) -> tuple[Smoothness, list[bool]]:
    """The roughest operation on what depends on the argument, and which results do."""
    depends = {variable: True for variable, one in zip(jaxpr.invars, moved, strict=True) if one}
    found = Smoothness.SMOOTH
    for eqn in jaxpr.eqns:
        inputs = [not hasattr(atom, "val") and depends.get(atom, False) for atom in eqn.invars]
        if not any(inputs):
            continue
        own, outputs = _operation(eqn, inputs, trusted)
        found = min(found, own)
        depends.update({variable: True for variable, one in zip(eqn.outvars, outputs, strict=True) if one})
    return found, [not hasattr(atom, "val") and depends.get(atom, False) for atom in jaxpr.outvars]


def _operation(eqn: Any, inputs: list[bool], trusted: bool) -> tuple[Smoothness, list[bool]]:
    name, every = eqn.primitive.name, [True] * len(eqn.outvars)
    inner = eqn.params.get("call_jaxpr" if "call_jaxpr" in eqn.params else "jaxpr") if name in CALLS else None
    if inner is not None and name != "custom_vjp_call":
        return _of(inner.jaxpr, inputs, trusted or name == "custom_jvp_call")
    return _alone(eqn, name, inputs, trusted), every


def _alone(eqn: Any, name: str, inputs: list[bool], trusted: bool) -> Smoothness:
    """How smooth an operation without a program of its own is."""
    # which case, and which places, has to be known without the argument
    decided = (name == "select_n" and not inputs[0]) or (name == "gather" and not inputs[1])
    if name in SMOOTH or decided or (name == "stop_gradient" and trusted):
        return Smoothness.SMOOTH
    if name == "convert_element_type":
        # the whole part of a number jumps
        kinds = [atom.aval.dtype.kind in "biu" for atom in (eqn.invars[0], eqn.outvars[0])]
        return Smoothness.JUMPS if kinds == [False, True] else Smoothness.SMOOTH
    if name in KINKS or name in ROOTS:
        return Smoothness.KINKS if name in KINKS else Smoothness.ROOTS
    return Smoothness.FOREIGN if name in ("stop_gradient", "custom_vjp_call") else Smoothness.JUMPS
