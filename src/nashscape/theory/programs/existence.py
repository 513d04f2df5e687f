"""What is known of the existence of program equilibria: pure ones by quasi-concavity, mixed ones by an example."""

from dataclasses import dataclass
from typing import ClassVar

from nashscape.core import InputError, Provenance, Result, Status, citations, finite_number
from nashscape.core.calls import verb
from nashscape.core.provenance import record
from nashscape.learning import check_seed
from nashscape.semantics import Playable, parametric
from nashscape.theory.programs.double_oracle import MixedParameters, double_oracle
from nashscape.theory.programs.quasi_concavity import QuasiConcavity, quasi_concavity
from nashscape.tracing.components import NotUnrollable


@dataclass(frozen=True, eq=False)
class ExistenceReport(Result):
    """Whether program equilibria exist on a box.

    In mixed parameters one does where utilities are continuous, as they are unless readers round what they read
    (Glicksberg: the box is compact). In pure parameters one does if every utility is quasi-concave in the own parameter
    (Debreu, Glicksberg, Fan): sufficient, not necessary.

    Attributes:
        game: name of the game.
        bound: M of the box `[−M, M]`.
        players: quasi-concavity of every player's utility.
        mixed: mixtures of parameters from which nobody gains more than a proved ε; None for other than two players
            with one parameter each, of whom only existence is known.
        status: UNDECIDED where quasi-concavity is for some player.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "existence report"
    picture: ClassVar[str] = "nashscape.figures.programs:existence_figure"
    as_table: ClassVar[str] = "nashscape.theory.programs.tables:existence_table"
    computed: ClassVar[tuple[str, ...]] = ("pure",)

    game: str
    bound: float
    players: tuple[QuasiConcavity, ...]
    mixed: MixedParameters | None
    status: Status
    provenance: Provenance

    @property
    def pure(self) -> str:
        """ "yes": proved by quasi-concavity that an equilibrium in pure parameters exists; "not by this test" else."""
        return "yes" if all(own.verdict == "yes" for own in self.players) else "not by this test"

    def __repr__(self) -> str:
        """Both answers, as one line."""
        verdicts = ", ".join(own.verdict for own in self.players)
        mixed = "" if self.mixed is None else f"; in mixed parameters within ε = {self.mixed.epsilon:.2g}"
        return f"<ExistenceReport of {self.game} on [−{self.bound:g}, {self.bound:g}]: quasi-concave {verdicts}{mixed}>"


@verb()
def existence_report(
    game: "Playable", *, bound: float = 8.0, tolerance: float = 1e-6, seed: int = 0
) -> ExistenceReport:
    """What can be said about the existence of program equilibria on a box, in pure and in mixed parameters.

    Quasi-concavity of each utility in the own parameter is proved with intervals (wherever the slope may vanish, the
    second derivative is negative) or refuted by three profiles; flat utilities stay undecided. For two players the
    double oracle gives mixtures of parameters, with a proved bound of what any parameter of the box gains against them.

    Of players with several parameters quasi-concavity is refuted where a valley is found along some line of their box,
    and undecided else; mixtures are not computed.

    Args:
        game: a game with a semantics of logits.
        bound: M: parameters are in `[−M, M]`; by default 8.
        tolerance: where the double oracle may stop, as a share of the range of payoffs; by default 1e-6.
        seed: of the lines along which valleys are looked for; by default 0.

    Raises:
        InputError: for semantics of other than logits, and such of single parameters without bounds.

    Example:
        >>> from nashscape import games, open_source
        >>> report = existence_report(open_source(games.prisoners_dilemma(), 0.7), bound=2.0)
        >>> report.pure, report.mixed.epsilon < 1e-5
        ('not by this test', True)

    Source: Glicksberg (1952) and Debreu (1952) for existence; the notion of equilibrium is that of arXiv 2606.27068.
    """
    learners = parametric(game)
    bound = finite_number(bound, "bound", low=0.0, low_open=True)
    finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    check_seed(seed)
    if learners.semantics.domain != "logits":
        raise InputError(
            "existence is reported of parameters in a box, such as logits; give such a semantics, as a bare game has"
        )
    single = set(learners.sizes) == {1}
    players = tuple(quasi_concavity(learners, i, bound, seed=seed) for i in range(len(learners.sizes)))
    try:
        unit = learners.game.payoff_range
        mixed = double_oracle(learners, bound, tolerance * unit) if single and len(players) == 2 else None
    except NotUnrollable as refusal:
        raise InputError(f"no bounds are known for the utilities of this game ({refusal})") from None
    asked = {"game": learners, "bound": bound, "tolerance": tolerance}
    return ExistenceReport(
        game=learners.name,
        bound=bound,
        players=players,
        mixed=mixed,
        status=Status.UNDECIDED if any(own.verdict == "undecided" for own in players) else Status.COMPLETE,
        provenance=record("existence report", asked, seed=seed, sources=[citations.OPEN_SOURCE]),
    )
