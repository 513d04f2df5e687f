"""Phase diagrams: measured against closed forms, against entry probabilities of single games, and interrupted."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, Outcome, label_names
from nashscape.selection import PhaseDiagram, phase_diagram
from nashscape.selection.edges.diagonals import OnDiagonal, alike, stays
from nashscape.selection.phases.phase_forms import closed_forms, column_of
from nashscape.theory import symmetric_thresholds

FREE = {"projection": ns.unbounded(), "step_size": 0.3}


def donation(kappa):
    return ns.open_source(ns.games.donation(benefit=3, cost=1), kappa)


def dilemma(kappa, T):
    return ns.open_source(ns.games.prisoners_dilemma(T=T), kappa)


@pytest.fixture(scope="module")
def plane():
    return phase_diagram(
        dilemma, [0.2, 0.5, 0.9], values=[3.5, 5.0, 5.9], parameter="T", n=200, steps=400, **FREE, seed=4
    )


@pytest.mark.long
def test_along_the_diagonal_the_outcome_changes_at_the_threshold():
    near = 1 / 3 + np.array([-1e-2, -1e-3, 1e-3, 1e-2])
    found = phase_diagram(donation, near, n=128, steps=60_000, diagonal=9, **FREE)
    assert found.fraction("DD", diagonal=True).tolist() == [1, 1, 0, 0]
    assert found.fraction("CC", diagonal=True).tolist() == [0, 0, 1, 1]
    # off the diagonal nothing of the kind: above the threshold nobody cooperates
    assert found.fraction("CC").max() < 0.02
    assert found.fraction("CD", "DC")[2:].min() > 0.95


@pytest.mark.long
def test_off_the_diagonal_all_cooperate_above_the_global_threshold():
    found = phase_diagram(donation, [0.5, 0.6], n=441, steps=4000, **FREE)
    assert found.closed.threshold("global_threshold")[0] == pytest.approx(np.sqrt(1 / 3))
    exploitation, cooperation = found.fraction("CD", "DC"), found.fraction("CC")
    assert exploitation[0] > 0.95
    assert cooperation[0] < 0.02
    assert cooperation[1] == 1.0
    # the diagonal promises cooperation in both
    assert found.fraction("CC", diagonal=True).tolist() == [1, 1]
    assert found.closed.regime[:, 0].tolist() == ["cooperation", "cooperation"]


@pytest.mark.long
def test_boxes_keep_edge_equilibria_above_the_global_threshold():
    small = phase_diagram(donation, [0.6], n=256, steps=4000, step_size=0.3, projection=ns.box(8.0))
    free = phase_diagram(donation, [0.6], n=256, steps=4000, **FREE)
    assert free.fraction("CC")[0] == 1.0
    assert small.fraction("CC")[0] < 0.5
    assert (small.bounds, free.bounds) == ((-8.0, 8.0), (-np.inf, np.inf))


@pytest.mark.long
def test_every_cell_has_the_counts_of_its_own_game(plane):
    codes = {name: code for code, name in label_names(plane.targets).items()}
    assert plane.targets == ("CC", "CD", "DC", "DD")
    assert plane.shape == (3, 3)
    for c, kappa in enumerate(plane.couplings):
        for v, T in enumerate(plane.values):
            alone = ns.entry_probability(
                dilemma(kappa, T), ns.pg(), n=200, steps=400, targets=list(plane.targets), seed=4, **FREE
            )
            expected = np.zeros(len(codes), int)
            for name, count in alone.outcomes().items():
                expected[codes[name]] = count
            np.testing.assert_array_equal(plane.counts[c, v], expected)
            assert plane.estimate((c, v), "DD").value == alone.probability("DD").value


@pytest.mark.long
def test_shares_add_up_and_outcomes_stay_apart(plane):
    np.testing.assert_allclose(sum(plane.fraction(name) for name in plane.outcomes), 1.0)
    np.testing.assert_allclose(plane.fraction("CD", "DC"), plane.fraction("CD") + plane.fraction("DC"))
    assert plane.fraction("CD", "CD").tolist() == plane.fraction("CD").tolist()
    most = plane.dominant()
    assert most[0, 1] == plane.outcomes.index("DD")
    assert most[2, 0] == plane.outcomes.index("CC")
    assert plane.fraction("CD", "DC")[1, 1] > 0.9
    with pytest.raises(InputError, match="not an outcome"):
        plane.fraction("XX")


@pytest.mark.long
def test_one_number_gives_one_axis():
    found = phase_diagram(donation, [0.0, 1.0], n=64, steps=200)
    assert found.shape == (2,)
    assert found.values is None
    assert found.parameter is None
    assert found.fraction("DD")[0] == 1.0
    assert found.estimate(0, "DD").trials == 64
    assert isinstance(found, PhaseDiagram)
    assert "κ 0 to 1" in repr(found)


@pytest.mark.long
def test_closed_forms_are_those_of_each_cell(plane):
    for v, T in enumerate(plane.values):
        column = symmetric_thresholds(ns.games.prisoners_dilemma(T=T))
        assert plane.closed.threshold("defection")[v] == column.defection
        assert plane.closed.kinds[v] == column.kind
        for c, kappa in enumerate(plane.couplings):
            p, drift = plane.closed.transverse_at[c, v], [column.drift(kappa, q) for q in (1e-6, 1 - 1e-6)]
            assert plane.closed.transverse_rate[c, v] == column.transverse_rate(kappa, p)
            assert column.drift(kappa, p) == pytest.approx(0.0, abs=1e-12) or p == 0.5
            named = {(-1, -1): "defection", (1, 1): "cooperation", (1, -1): "mixture", (-1, 1): "both"}
            assert plane.closed.regime[c, v] == named[tuple(np.sign(drift).astype(int))]
    assert set(plane.closed.regime.ravel()) == {"defection", "mixture", "both", "cooperation"}


def test_regimes_where_the_drift_is_zero_at_an_end():
    column = symmetric_thresholds(ns.games.donation(benefit=3, cost=1))
    at = np.array([-1.5, 1 / 3, 0.3, 0.4])
    assert closed_forms([column], at).regime[:, 0].tolist() == ["", "neutral", "defection", "cooperation"]
    hunt = symmetric_thresholds(ns.games.stag_hunt())
    assert closed_forms([hunt], np.array([0.0, 2.0])).regime[:, 0].tolist() == ["both", "cooperation"]


@pytest.mark.parametrize(
    "make",
    [
        lambda k: ns.open_source(ns.games.battle_of_the_sexes(), k),
        lambda k: ns.open_source(ns.games.stag_hunt(), k, bias=0.5),
        lambda k: ns.open_source(ns.games.stag_hunt(), mixing=k),
        lambda k: ns.open_source(ns.games.stag_hunt(), [[0, k], [0, 0]]),
        lambda k: ns.open_source(ns.games.stag_hunt(), k, form="softmax"),
        lambda k: ns.open_source(ns.games.random_game((2, 2, 2), seed=1), k),
        lambda k: ns.parametric(ns.games.stag_hunt()),
    ],
)
def test_closed_forms_are_only_for_what_they_describe(make):
    assert column_of(make(0.3), 0.3) is None
    assert column_of(ns.open_source(ns.games.stag_hunt(), 0.3), 0.3) is not None


def test_payoffs_that_change_with_the_coupling_have_no_thresholds():
    found = phase_diagram(
        lambda k: ns.open_source(ns.games.donation(benefit=2 + k, cost=1), k), [0.2, 0.6], n=64, steps=50
    )
    assert found.closed is None
    assert found.diagonal is not None


class TestDiagonal:
    def test_players_who_are_alike(self):
        ring = ns.games.dense(_round_ring(3))
        assert alike(ns.open_source(ring, 0.3))
        assert alike(ns.open_source(ns.games.stag_hunt(), 0.3, form="softmax"))
        assert alike(ns.parametric(ns.games.stag_hunt()))
        assert not alike(ns.open_source(ns.games.random_game((2, 2, 2), seed=2), 0.3))
        assert not alike(ns.open_source(ns.games.stag_hunt(), [[0, 0.3], [0.2, 0]]))
        assert not alike(ns.open_source(ns.games.stag_hunt(), 0.3, bias=[0.1, 0.2]))
        assert not alike(ns.parametric(ns.games.iterated_prisoners_dilemma()))

    def test_rules_that_treat_players_alike(self):
        from nashscape.dynamics import make_setup

        game = ns.open_source(ns.games.stag_hunt(), 0.3)
        assert stays(make_setup(game, ns.meta_mapg()))
        assert not stays(make_setup(game, ns.learning.per_player([ns.pg(), ns.lola()])))
        assert not stays(make_setup(ns.parametric(ns.games.stag_hunt()), ns.pg(), estimator=ns.sampled(8)))

    def test_the_projection_keeps_all_players_equal(self):
        import jax.numpy as jnp

        kept = OnDiagonal(ns.box(2.0), 3).project(jnp.array([5.0, -1.0, 0.0, 1.0, 0.3, 9.0]))
        assert kept.tolist() == [2.0, -1.0] * 3

    def test_without_an_invariant_diagonal_there_are_no_such_runs(self):
        found = phase_diagram(lambda k: ns.open_source(ns.games.battle_of_the_sexes(), k), [0.1], n=32, steps=40)
        assert found.diagonal is None
        with pytest.raises(InputError, match="along the diagonal"):
            found.fraction("BB", diagonal=True)

    @pytest.mark.long
    def test_runs_are_those_of_one_player_with_the_slope_of_the_diagonal(self):
        # dθ = h s(p) [A(p) + κ B(p)] for both, p = σ((1 + κ) θ), written out by hand
        kappa, steps = 0.3, 120
        column = symmetric_thresholds(ns.games.prisoners_dilemma())
        theta = 3.0 * (2.0 * (np.arange(21) + 0.5) / 21 - 1.0)
        for _ in range(steps):
            p = 1 / (1 + np.exp(-(1 + kappa) * theta))
            theta = theta + 0.3 * p * (1 - p) * (column.own_gain(p) + kappa * column.others_gain(p))
        p = 1 / (1 + np.exp(-(1 + kappa) * theta))
        found = phase_diagram(lambda k: dilemma(k, 5), [kappa], n=16, steps=steps, **FREE)
        # the mixture that attracts lies in the region of DD, and DD itself does not attract
        assert found.fraction("DD", diagonal=True)[0] == 0
        inside = [found.fraction(f"{kind}DD", diagonal=True)[0] for kind in ("rest within ", "passing ")]
        assert (p <= 0.18).sum() > 0
        assert 21 * sum(inside) == pytest.approx((p <= 0.18).sum())
        assert found.fraction("CC", diagonal=True)[0] == (p >= 0.82).sum() / 21


def _round_ring(n):
    """Payoffs that turn with the players: what you pay the next one is not what you get from it."""
    payoffs = np.zeros((n,) + (2,) * n)
    for profile in np.ndindex(*(2,) * n):
        for i in range(n):
            payoffs[(i, *profile)] = 3 * profile[(i - 1) % n] - 2 * profile[i] + 0.5 * profile[i] * profile[(i + 1) % n]
    return payoffs


@pytest.mark.long
def test_three_players_have_cells_too():
    ring = ns.games.dense(_round_ring(3))
    found = phase_diagram(lambda k: ns.open_source(ring, k), [0.0, 0.4], n=64, steps=200)
    assert len(found.targets) == 8
    assert found.diagonal.shape == (2, len(label_names(found.targets)))
    assert found.closed is None
    # B costs its player 1.5 at least and gives 3 to the next one: alone nobody takes it, also on the diagonal
    assert found.fraction("AAA")[0] == found.fraction("AAA", diagonal=True)[0] == 1.0
    assert found.fraction("AAA", diagonal=True)[1] < 1.0


@pytest.mark.long
def test_starts_may_be_a_grid_of_parameters_or_anything_else():
    grid = phase_diagram(donation, [0.5], grid=6, steps=30)
    axis = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])
    points = ns.starts.parameters(np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2))
    same = phase_diagram(donation, [0.5], starts=points, steps=30)
    np.testing.assert_array_equal(grid.counts, same.counts)
    assert grid.counts.sum() == 36
    drawn = phase_diagram(donation, [0.95], starts=ns.starts.strategies([[0.9, 0.9], [0.1, 0.1]]), steps=1)
    # beyond the threshold of cooperation nothing stays in the region of DD
    assert drawn.fraction("CC").tolist() == drawn.fraction("passing DD").tolist() == [0.5]


@pytest.mark.long
def test_interrupted_it_holds_the_cells_that_were_done():
    import jax

    done_at_once = 32 * len(jax.devices())

    def stop(done, total):
        assert total == 2 * done_at_once
        raise KeyboardInterrupt

    found = phase_diagram(donation, np.linspace(0, 1, 2 * done_at_once), n=16, steps=20, progress=stop)
    assert found.status is ns.Status.INTERRUPTED
    assert found.done.sum() == done_at_once
    assert np.isnan(found.fraction("DD")[-1])
    assert found.dominant()[-1] == -1
    with pytest.raises(InputError, match="no cell with runs"):
        found.estimate(2 * done_at_once - 1, "DD")


def test_status_says_what_is_not_settled():
    assert phase_diagram(donation, [0.0], n=16, steps=2).status is ns.Status.UNRESOLVED
    wild = phase_diagram(donation, [0.0], n=16, steps=20, step_size=1e9)
    assert wild.status is ns.Status.DIVERGED
    assert wild.counts[0, Outcome.DIVERGED] == 16


@pytest.mark.long
def test_verdicts_are_asked_of_all_games_of_a_coupling():
    asked = []

    def verdicts(games, projection):
        asked.append((len(games), projection.high))
        return {"CC": ["yes" if game.semantics.matrix[0, 1] > 0.5 else "no" for game in games]}

    found = phase_diagram(
        dilemma, [0.3, 0.7], values=[4, 5, 5.5], parameter="T", n=16, steps=10, verdicts=verdicts, projection=ns.box(2)
    )
    assert asked == [(3, 2.0), (3, 2.0)]
    assert found.program_equilibrium["CC"].tolist() == [["no"] * 3, ["yes"] * 3]


def test_questions_are_told_apart_by_their_games():
    def hashed(cost):
        made = phase_diagram(lambda k: ns.open_source(ns.games.donation(3, cost), k), [0.5, 0.6], n=16, steps=10)
        return made.question.key

    assert hashed(1.0) == hashed(1.0) != hashed(1.5)
    found = phase_diagram(donation, [0.5], n=16, steps=10)
    judged = phase_diagram(donation, [0.5], n=16, steps=10, verdicts=lambda games, box: {"CC": ["yes"] * len(games)})
    assert judged.question.differs(found.question) == ("verdicts",)
    assert judged.question.key != found.question.key
    text = found.to_json()
    assert '"counts"' in text


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((3, [0.1]), {}, "a family is a game and its dials, or a function"),
        ((dilemma, [0.1]), {}, "cannot be called"),
        ((donation, []), {}, "different numbers"),
        ((donation, [0.1, 0.1]), {}, "different numbers"),
        ((donation, [np.inf]), {}, "finite"),
        ((dilemma, [0.1]), {"values": [5, 5], "parameter": "T"}, "values of T"),
        ((dilemma, [0.1]), {"values": [5, 2], "parameter": "T"}, "coupling = 0.1, T = 2: prisoners_dilemma needs"),
        ((donation, [0.1]), {"grid": 5, "n": 3}, "not both"),
        ((donation, [0.1]), {"grid": 5000}, "more than"),
        ((donation, [0.1]), {"n": 0}, "n must be at least 1"),
        ((donation, [0.1]), {"starts": 3}, "expected starts"),
        ((donation, [0.1]), {"diagonal": 1}, "diagonal must be"),
        ((donation, [0.1]), {"colour": 1}, "unknown option"),
        ((donation, [0.1]), {"chunk": 128}, "chunk"),
        ((donation, [0.1]), {"rule": "pg"}, "expected a rule"),
        ((lambda k: "game", [0.1]), {}, "expected a game"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, options, message):
    with pytest.raises(InputError, match=message):
        phase_diagram(*arguments, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"projection": 8.0}, "projection such as box"), ({"verdicts": 3}, "verdicts is a function")],
)
def test_what_is_no_projection_and_no_function_is_refused(options, message):
    game = ns.games.donation()
    with pytest.raises(InputError, match=message):
        phase_diagram(lambda k: ns.open_source(game, k), [0.1], n=8, steps=5, **options)


UNROLLED = ns.learning.unrolled_meta_mapg()


@pytest.mark.long
def test_a_game_and_its_dials_are_the_function_of_both():
    game, values = ns.games.dense(np.random.default_rng(4).normal(size=(3, 2, 2, 2)).round(2)), [0.5, 2.0]
    asked = {"n": 32, "steps": 40, "rule": ns.meta_mapg()}
    by_name = phase_diagram(game, [0.0, 0.3], **asked)
    by_function = phase_diagram(lambda k: ns.open_source(game, k), [0.0, 0.3], **asked)
    np.testing.assert_array_equal(by_name.counts, by_function.counts)
    assert (by_name.first, by_name.parameter, by_name.targets) == ("coupling", None, by_function.targets)
    assert by_name.question.differs(by_function.question) == ("dials", "parameter")
    # over a coefficient of the rule every cell is what the rule with it does alone
    both = phase_diagram(game, [0.0, 0.3], dial=("coupling", "peer"), values=values, **asked)
    assert (both.parameter, both.rule, both.shape) == ("peer", "meta_mapg", (2, 2))
    for k, kappa in enumerate([0.0, 0.3]):
        for m, peer in enumerate(values):
            alone = phase_diagram(
                lambda k: ns.open_source(game, k), [kappa], **{**asked, "rule": ns.meta_mapg(peer=peer)}
            )
            np.testing.assert_array_equal(both.counts[k, m], alone.counts[0])
    # closed forms are of one rule: where the rule varies there are none
    symmetric = {"values": [1.0, 2.0], "n": 4, "steps": 3, "rule": ns.meta_mapg()}
    assert phase_diagram(ns.games.stag_hunt(), [0.0, 0.4], dial=("coupling", "peer"), **symmetric).closed is None
    assert phase_diagram(ns.games.stag_hunt(), [0.0, 0.4], n=4, steps=3).closed is not None
    turned = phase_diagram(ns.open_source(game, 0.3), values, dial="peer", **asked)
    np.testing.assert_array_equal(turned.counts, both.counts[1])
    assert (turned.first, turned.closed) == ("peer", None)
    assert "peer 0.5 to 2" in repr(turned)


@pytest.mark.long
def test_several_rules_have_a_diagram_each():
    rules = [ns.pg(), ns.lola()]
    found = phase_diagram(ns.games.stag_hunt(), [0.0, 0.4], rule=rules, n=16, steps=20)
    assert list(found) == ["pg", "lola"]
    for rule in rules:
        alone = phase_diagram(ns.games.stag_hunt(), [0.0, 0.4], rule=rule, n=16, steps=20)
        np.testing.assert_array_equal(found[rule.name].counts, alone.counts)
        assert found[rule.name].question == alone.question


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((ns.games.stag_hunt(), [0.1]), {"dial": "pear"}, "did you mean 'peer'"),
        ((ns.games.stag_hunt(), [0.1]), {"dial": ("coupling", "peer")}, "as many dials as axes.*2 dials and 1 axis"),
        ((ns.games.stag_hunt(), [0.1]), {"values": [1.0]}, "1 dial and 2 axes"),
        ((ns.games.stag_hunt(), [0.1]), {"dial": "step_size"}, "unknown part of a case 'step_size'"),
        ((ns.games.stag_hunt(), [1, 2]), {"dial": "steps_ahead", "rule": UNROLLED}, "its rule has other parts"),
        ((donation, [0.1]), {"dial": "peer"}, "give dials with one game"),
    ],
)
def test_dials_that_do_not_fit_are_refused(arguments, options, message):
    with pytest.raises(InputError, match=message):
        phase_diagram(*arguments, n=8, steps=5, **options)
