"""Where a term of a rule provably pushes towards a joint action: the alignment condition over whole regions."""

from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import (
    InputError,
    Provenance,
    Result,
    Status,
    choice,
    citations,
    finite_number,
    positive_integer,
    record,
)
from nashscape.core.calls import public
from nashscape.games import in_normal_form, names_actions
from nashscape.games.naming import profile_name, pure_profile
from nashscape.games.offers import has_table
from nashscape.learning import Rule, check_rule
from nashscape.learning.rules import has_memory, is_combination
from nashscape.learning.schedules import is_constant
from nashscape.proofs.certification.box_runs import coefficients_of
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.semantics.semantics import has_forms
from nashscape.theory.alignment_boxes import bounds_of, decided_boxes, parts_at

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class AlignmentProof(Result):
    """The sign of `⟨c, d⟩` over a region, box by box. Made by `proved_alignment`.

    `c` is what a term adds to the parameters, and `d = ∇_θ Σ_i log σ_i(θ)[a*_i]` the direction in which the joint
    action becomes likelier.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        target: the joint action.
        term: the term, or "total".
        low: low ends of the boxes, `[K, d]`, in parameters; together they hold the region.
        high: high ends.
        sign: proved for all profiles of each box, 1 or −1; 0 where nothing was proved, `[K]`.
        shares: the share of the region in each box, in logits where parameters are logits, `[K]`.
        bounds: between which `⟨c, d⟩` lies in each box, `[K, 2]`, in payoff units per unit of step size and parameter².
        status: COMPLETE, or UNDECIDED where the sign is not proved on all of the region.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "alignment proof"
    picture: ClassVar[str] = "nashscape.figures.alignment_proofs:alignment_proof_figure"
    as_table: ClassVar[str] = "nashscape.theory.tables:proof_table"
    computed: ClassVar[tuple[str, ...]] = ("verdict", "positive", "negative")

    game: str
    rule: str
    target: str
    term: str
    low: Floats
    high: Floats
    sign: Whole
    shares: Floats
    bounds: Floats
    status: Status
    provenance: Provenance

    @property
    def positive(self) -> float:
        """The share of the region on which the product is above zero, at least."""
        return float(self.shares[self.sign > 0].sum())

    @property
    def negative(self) -> float:
        """The share of the region on which it is below zero, at least."""
        return float(self.shares[self.sign < 0].sum())

    @property
    def verdict(self) -> str:
        """One of "positive" and "negative", on the whole region; "both", each in a part of it; or "undecided"."""
        if (self.sign == 1).all():
            return "positive"
        if (self.sign == -1).all():
            return "negative"
        return "both" if {-1, 1} <= set(self.sign.tolist()) else "undecided"

    def __repr__(self) -> str:
        """What was asked, the verdict and the shares, as one line."""
        return (
            f"<AlignmentProof of {self.term} of {self.rule} on {self.game} with {self.target}: {self.verdict}; "
            f"positive on {self.positive:.4f}, negative on {self.negative:.4f} of the region>"
        )


@public()
def proved_alignment(
    game: "Playable",
    rule: Rule,
    target: Any,
    region: tuple[float, float] | None = None,
    *,
    term: str = "peer",
    resolution: float = 1 / 128,
    boxes: int = 100_000,
) -> AlignmentProof:
    """Prove the sign of a term's inner product with the direction to a joint action, on as much of a region as it can.

    Boxes of the region are bounded by interval arithmetic with outward rounding, and halved until the sign is proved.
    `alignment` computes the same at points; this holds in between as well. It is the condition under which a term is
    said to help, and says nothing of where runs end.

    Args:
        game: a one-shot game, or such a game with a semantics.
        rule: a rule whose terms have names, such as `meta_mapg()`, its coefficients numbers: what is proved holds for
            all of time.
        target: the joint action.
        region: low and high end, alike for all players: of the probabilities of first actions for independent players
            with two actions, by default 0.05 and 0.95; else of parameters, by default −3 and 3.
        term: the name of the term, or "total" for their sum.
        resolution: least side of a box, as a share of the region's.
        boxes: to be bounded, at most.

    Raises:
        InputError: for input that does not fit, and games and rules that intervals do not cover.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import peer_only
        >>> proved_alignment(games.prisoners_dilemma(), peer_only(), "CC").verdict
        'negative'

    Source: the condition is that of arXiv 2605.18078; the bounds are this library's own.
    """
    learners = parametric(game)
    bare: Any = learners.game
    if not names_actions(bare) or not in_normal_form(bare):
        raise InputError(f"the direction to a joint action needs a one-shot game with actions; got {learners.name}")
    profile = pure_profile(bare, target)
    if has_table(bare):
        # of one array of payoffs the bounds are the tightest
        learners = ParametricGame(bare.to_dense(), learners.semantics)
    ready = check_rule(rule).for_game(learners)
    if has_memory(ready, learners.dimension):
        raise InputError(f"rule {ready.name} moves by what it remembers; alignment is proved of rules without memory")
    if is_combination(ready):
        for name, own in coefficients_of(ready).items():
            if not is_constant(own):
                raise InputError(
                    f"the coefficient {name!r} is a schedule; give its value at the step that is asked about"
                )
    low, high = _region(learners, region)
    resolution = finite_number(resolution, "resolution", low=0.0, high=1.0, low_open=True)
    boxes = positive_integer(boxes, "boxes")
    names = jax.eval_shape(parts_at, learners, ready, jax.ShapeDtypeStruct((learners.dimension,), "float32"))
    choice(term, "term", [*names, "total"])
    bound = bounds_of(learners, ready, term, profile)
    cells = decided_boxes(bound, low, high, resolution, boxes)
    shares = np.prod((cells[1] - cells[0]) / (high - low), axis=1)
    name = profile_name(bare, profile)
    asked = {"game": learners, "rule": ready, "target": name, "term": term, "region": np.stack([low, high])}
    return AlignmentProof(
        game=learners.name,
        rule=ready.name,
        target=name,
        term=term,
        low=cells[0],
        high=cells[1],
        sign=cells[2],
        shares=shares,
        bounds=cells[3],
        status=Status.COMPLETE if (cells[2] != 0).all() else Status.UNDECIDED,
        provenance=record(
            "alignment proof",
            {**asked, "resolution": resolution, "boxes": boxes},
            sources=[citations.BASIN_ENTRY, *ready.sources],
        ),
    )


def _region(learners: ParametricGame, region: Any) -> tuple[Floats, Floats]:
    """The region in parameters; logits of probabilities are moved outwards by more than they round."""
    semantics: Any = learners.semantics
    as_strategies = has_forms(semantics) and semantics.sigmoids
    ends = (0.05, 0.95) if as_strategies else (-3.0, 3.0)
    try:
        low, high = ends if region is None else region
    except (TypeError, ValueError):
        raise InputError(f"region is a pair of a low and a high end; got {region!r}") from None
    inside: dict[str, Any] = {"low": 0.0, "high": 1.0, "low_open": True, "high_open": True} if as_strategies else {}
    pair = np.array(
        [finite_number(low, "region's low end", **inside), finite_number(high, "region's high end", **inside)]
    )
    if not pair[0] < pair[1]:
        raise InputError(f"the region's low end must be below its high end; got {low} and {high}")
    if as_strategies:
        pair = np.log(pair) - np.log1p(-pair)
        pair += np.array([-1e-12, 1e-12]) * (1.0 + np.abs(pair))
    return np.full(learners.dimension, pair[0]), np.full(learners.dimension, pair[1])
