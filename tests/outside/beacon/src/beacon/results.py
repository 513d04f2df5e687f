"""How well messages tell types apart."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

import nashscape as ns
from nashscape.core import Provenance, Result, record


@dataclass(frozen=True)
class Separation(Result):
    """The mutual information of type and message along a run, in bits.

    Attributes:
        bits: after every update, `[steps + 1]`.
        status: that of the run.
        provenance: that of the run, with a source of its own.
    """

    question_kind: ClassVar = "separation"
    picture: ClassVar = "beacon.pictures:separation_figure"

    bits: Any
    status: ns.Status
    provenance: Provenance


def separation(game, run):
    """The separation of a run of a signalling game."""
    sent = np.asarray(game.prior)[:, None] * np.asarray(run.strategies[0], np.float64)
    apart = sent / (sent.sum(axis=1, keepdims=True) * sent.sum(axis=2, keepdims=True))
    bits = np.sum(np.where(sent > 0, sent * np.log2(np.where(sent > 0, apart, 1.0)), 0.0), axis=(1, 2))
    lewis = ns.core.Source("lewis", "Lewis: Convention. Harvard University Press, 1969.")
    return Separation(
        bits,
        run.status,
        record("separation", {"game": game, "run": run.question}, sources=[*run.provenance.sources, lewis]),
    )
