"""Why a profile does not attract a learning rule, as an error to be raised."""

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.learning.fields import field_of
from nashscape.proofs.certification.played import PLAYED
from nashscape.proofs.certification.questions import Asked

Floats = npt.NDArray[np.float64]


def not_attracting(asked: Asked, name: str, corners: list[Floats]) -> InputError:
    """The error: at none of these corners does the field point outwards; the rate at which it is left."""
    if not corners:
        return InputError(
            f"at no corner of the box do the players play {name} with a probability of {PLAYED} or more each; nothing "
            "can be proved to arrive there. Give a larger box"
        )
    field = field_of(asked.learners, asked.rule)
    middle = (float(asked.box.low) + float(asked.box.high)) / 2
    pushes = [np.sign(corner - middle) * field(corner) for corner in corners]
    best = int(np.argmax([float(own.min()) for own in pushes]))
    worst = int(np.argmin(pushes[best]))
    owner = int(np.searchsorted(np.cumsum(asked.learners.sizes), worst, side="right"))
    push = pushes[best][worst]
    if push >= 0:
        return InputError(
            f"{name} cannot be shown to attract {asked.rule.name}: at its corner the parameter of player {owner + 1} "
            f"moves towards it by only {push:.3g} payoff per parameter; certify_escape proves where runs go instead"
        )
    # one over the distance in strategies, beside which a sigmoid's slope is as small as the probability itself
    with np.errstate(all="ignore"):
        rate = push * (1 + np.exp(-abs(corners[best][worst]))) ** 2 / np.exp(-abs(corners[best][worst]))
    return InputError(
        f"{name} does not attract {asked.rule.name}: at its corner the parameter of player {owner + 1} moves away from "
        f"it, by {-push:.3g} payoff per parameter (transverse eigenvalue {-rate:+.3g} in the strategy, which has to be "
        "negative); certify_escape proves where runs go instead"
    )
