"""Terms from plays of Markov games: against the plays themselves, and in the mean against lists of all plays."""

import dataclasses
import functools
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics import as_target, make_setup, run_starts, starts
from nashscape.learning import StepKey, episodes, sampled, step_key
from nashscape.learning.records import Layout
from nashscape.learning.rollouts import play
from nashscape.semantics import parametric

TERMS = ("base", "own", "peer", "lookahead", "jacobian")
VARIANTS = {
    "published": {},
    "baseline": {"baseline": "leave-one-out"},
    "reward to go": {"reward_to_go": True},
    "both": {"baseline": "leave-one-out", "reward_to_go": True},
    "per state": {"baseline": "per-state", "reward_to_go": True},
}
DRAWS = 20_000
MOST = 4.5  # standard errors of a mean over draws

# --- the same in NumPy --------------------------------------------------------------------------------------


@dataclasses.dataclass
class Theory:
    """A Markov game and parameters; two actions have one logit in every state, more actions one each."""

    payoffs: np.ndarray  # [n, S, a_1, …, a_n]
    moves: np.ndarray  # [S, a_1, …, a_n, S]
    initial: np.ndarray
    discount: float
    rounds: int
    theta: np.ndarray

    @property
    def shape(self):
        return self.payoffs.shape[2:]

    @property
    def states(self):
        return len(self.initial)

    @property
    def game(self):
        return games.markov(self.payoffs, self.moves, discount=self.discount, horizon=self.rounds, initial=self.initial)

    @property
    def parts(self):
        sizes = [self.states * (1 if actions == 2 else actions) for actions in self.shape]
        ends = np.cumsum(sizes)
        return [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]

    def policies(self):
        made = []
        for actions, part in zip(self.shape, self.parts, strict=True):
            logits = self.theta[part].reshape(self.states, -1)
            logits = np.concatenate([logits, np.zeros((self.states, 1))], axis=1) if actions == 2 else logits
            powers = np.exp(logits)
            made.append(powers / powers.sum(axis=1, keepdims=True))
        return made

    @functools.cached_property
    def derivatives(self):
        """Of `log σ_i(a|s)` for every player: `[S, a_i, d]`, and `[S, d, d]`, which is the same for all actions."""
        d, found = len(self.theta), []
        for actions, part, policy in zip(self.shape, self.parts, self.policies(), strict=True):
            first, second = np.zeros((self.states, actions, d)), np.zeros((self.states, d, d))
            for s in range(self.states):
                if actions == 2:
                    k, p = part.start + s, policy[s, 0]
                    first[s, :, k], second[s, k, k] = [1 - p, -p], -p * (1 - p)
                else:
                    here = slice(part.start + s * actions, part.start + (s + 1) * actions)
                    first[s, :, here] = np.eye(actions) - policy[s]
                    second[s, here, here] = np.outer(policy[s], policy[s]) - np.diag(policy[s])
            found.append((first, second))
        return found

    def all_plays(self):
        """Every play, `states [N, T]` and `actions [N, T, n]`, and its probability `[N]`."""
        profiles = list(itertools.product(*map(range, self.shape)))
        states = list(itertools.product(range(self.states), repeat=self.rounds))
        plays = list(itertools.product(states, itertools.product(profiles, repeat=self.rounds)))
        where, what = np.array([s for s, _ in plays]), np.array([a for _, a in plays])
        chances = self.initial[where[:, 0]]
        for t in range(self.rounds):
            for i, policy in enumerate(self.policies()):
                chances = chances * policy[where[:, t], what[:, t, i]]
            if t + 1 < self.rounds:
                chances = chances * self.moves[(where[:, t], *what[:, t].T, where[:, t + 1])]
        return where, what, chances

    def pieces(self, states, actions):
        """For plays: scores `[…, T, d]` and curvatures `[…, T, d, d]` up to a round, and payoffs `[…, T, n]`."""
        scores = sum(first[states, actions[..., i]] for i, (first, _) in enumerate(self.derivatives))
        bends = sum(second[states] for _, second in self.derivatives)
        table = np.broadcast_to(self.payoffs, (len(self.shape), self.states, *self.shape))
        paid = np.moveaxis(table[(slice(None), states, *np.moveaxis(actions, -1, 0))], 0, -1)
        paid = paid * self.discount ** np.arange(states.shape[-1])[:, None]
        return np.cumsum(scores, axis=-2), np.cumsum(bends, axis=-3), paid

    def moments(self, pieces, states=None, baseline=None, reward_to_go=False):
        """`[…, n, d]` and `[…, n, d, d]`: means over a batch `[…, B, …]` of gradients and second derivatives."""
        scores, bends, paid = pieces
        if not reward_to_go:
            scores, bends, paid = scores[..., -1:, :], bends[..., -1:, :, :], paid.sum(axis=-2, keepdims=True)
        batch = scores.shape[-3]
        if baseline == "per-state":
            to_go = np.cumsum(paid[..., ::-1, :], axis=-2)[..., ::-1, :]
            same = (states[..., :, None, :] == states[..., None, :, :]) & ~np.eye(batch, dtype=bool)[:, :, None]
            values = np.einsum("...bct,...ctj->...btj", same, to_go) / np.maximum(same.sum(axis=-2), 1)[..., None]
            paid = paid - values + np.concatenate([values[..., 1:, :], np.zeros_like(values[..., :1, :])], axis=-2)
        elif baseline:
            others = (paid.sum(axis=-3, keepdims=True) - paid) / (batch - 1)
            paid = paid - others
        gradients = np.einsum("...btj,...btk->...jk", paid, scores) / batch
        seconds = np.einsum("...btj,...btk,...btl->...jkl", paid, scores, scores, optimize=True)
        seconds = seconds + np.einsum("...btj,...btkl->...jkl", paid, bends)
        return gradients, seconds / batch

    def combine(self, gradients, seconds):
        """The definitions of the terms."""
        parts, players = self.parts, range(len(self.shape))

        def product(learner, rows, columns, vector):
            return np.einsum("...lk,...l->...k", seconds[..., learner, rows, columns], vector)

        made = {name: [] for name in TERMS}
        for i in players:
            me = parts[i]
            others = [j for j in players if j != i]
            made["base"].append(gradients[..., i, me])
            made["own"].append(product(i, me, me, gradients[..., i, me]))
            made["peer"].append(sum(product(j, parts[j], me, gradients[..., i, parts[j]]) for j in others))
            made["lookahead"].append(sum(product(i, parts[j], me, gradients[..., j, parts[j]]) for j in others))
            made["jacobian"].append(seconds[..., i, me, :])
        return {name: np.concatenate(rows, axis=-2 if name == "jacobian" else -1) for name, rows in made.items()}

    def estimate(self, states, actions, **variant):
        """The terms of batches of plays, `states [W, B, T]` and `actions [W, B, T, n]`."""
        return self.combine(*self.moments(self.pieces(states, actions), states, **variant))

    def exact(self):
        """The terms of the expected payoffs, from all plays."""
        states, actions, chances = self.all_plays()
        gradients, seconds = self.moments(self.pieces(states[:, None], actions[:, None]))
        return self.combine(np.tensordot(chances, gradients, 1), np.tensordot(chances, seconds, 1))

    def expected_alone(self, **variant):
        """The expected terms at batch size one."""
        states, actions, chances = self.all_plays()
        terms = self.estimate(states[:, None], actions[:, None], **variant)
        return {name: np.tensordot(chances, terms[name], 1) for name in TERMS}

    def expected_of_pairs(self, **variant):
        """The expected terms at batch size two, over all pairs of plays; and all their second moments."""
        states, actions, chances = self.all_plays()
        first, second = map(np.ravel, np.indices((len(chances),) * 2))
        pairs = np.stack([first, second], axis=1)
        terms = self.estimate(states[pairs], actions[pairs], **variant)
        weights = chances[first] * chances[second]
        assert weights.sum() == pytest.approx(1.0)
        return {name: np.tensordot(weights, terms[name], 1) for name in TERMS}


def random_theory(seed, shape, states, rounds, discount=0.9):
    random = np.random.default_rng(seed)
    d = sum(states * (1 if actions == 2 else actions) for actions in shape)
    return Theory(
        random.normal(size=(len(shape), states, *shape)),
        random.dirichlet(np.ones(states), size=(states, *shape)),
        random.dirichlet(np.full(states, 3.0)),
        discount,
        rounds,
        random.normal(size=d),
    )


# --- what the library draws ---------------------------------------------------------------------------------


def program(theory, batch, variants, *, game=None, draws=DRAWS, precision="float32"):
    """A compiled `run(theta, seed, first start, step, question)`: the terms of many starts, and their plays.

    Compiled in haste, since it runs once or twice.
    """
    game = theory.game if game is None else game
    estimators = [episodes(batch, **VARIANTS[name]).for_game(parametric(game)) for name in variants]
    layout = Layout(game.n_states, game.shape, game.horizon)

    def run(learners, theta, low, high, start, step, question):
        indices = start + jnp.arange(draws, dtype=jnp.uint32)
        terms = [
            jax.vmap(lambda k, own=own: own.estimate(learners, theta, StepKey(low, high, k, step, question)))(indices)
            for own in estimators
        ]
        policies = [jnp.repeat(own[..., None], draws, axis=-1) for own in learners.strategies(theta)]
        return terms, play(learners.game, layout, policies, (low, high, indices, step, question), batch)

    with jax.enable_x64(precision == "float64"):
        words = [jnp.uint32(0)] * 5
        theta = jnp.asarray(theory.theta, precision)
        options = {"xla_backend_optimization_level": 1, "xla_llvm_disable_expensive_passes": True}
        compiled = jax.jit(run).lower(parametric(game), theta, *words).compile(compiler_options=options)

    def call(theta=theory.theta, low=0, high=0, start=0, step=0, question=0):
        with jax.enable_x64(precision == "float64"):
            words = [jnp.uint32(word) for word in (low, high, start, step, question)]
            terms, records = compiled(parametric(game), jnp.asarray(theta, precision), *words)
            found = {
                name: {term: np.asarray(getattr(own, term), float) for term in TERMS}
                for name, own in zip(variants, terms, strict=True)
            }
            return found, *decoded(np.asarray(records), layout)

    return call


def decoded(records, layout):
    """States `[W, B, T]` and actions `[W, B, T, n]` from words in which the record of a round follows the last."""
    states, actions = [], []
    for t in range(layout.rounds):
        record = records[t // layout.per_word] >> np.uint32(layout.record * (t % layout.per_word))
        states.append(record & np.uint32((1 << layout.state_bits) - 1))
        record, here = record >> np.uint32(layout.state_bits), []
        for bits in layout.action_bits:
            here.append(record & np.uint32((1 << bits) - 1))
            record = record >> np.uint32(bits)
        actions.append(np.stack(here, axis=-1))
    return np.stack(states, axis=-1).swapaxes(0, 1).astype(int), np.stack(actions, axis=-2).swapaxes(0, 1).astype(int)


def check_each(theory, found, states, actions, few=400, **tolerance):
    """Every estimate against the one that NumPy makes of the same plays."""
    for name, terms in found.items():
        wanted = theory.estimate(states[:few], actions[:few], **VARIANTS[name])
        for term in TERMS:
            scale = np.abs(wanted[term]).max()
            np.testing.assert_allclose(
                terms[term][:few], wanted[term], err_msg=f"{name}: {term}", rtol=0, atol=tolerance["atol"] * scale
            )


def check_means(terms, wanted, names=TERMS):
    for term in names:
        values = terms[term]
        error = values.std(axis=0) / np.sqrt(len(values))
        distance = np.abs(values.mean(axis=0) - wanted[term])
        assert (distance <= MOST * error + 1e-7).all(), (term, (distance / (error + 1e-12)).max())


def check_plays(theory, states, actions):
    """The frequencies of whole plays against their probabilities."""
    sizes = (theory.states, *theory.shape) * theory.rounds
    rounds = np.concatenate([states[..., None], actions], axis=-1).reshape(-1, len(sizes))
    counts = np.bincount(np.ravel_multi_index(rounds.T, sizes), minlength=int(np.prod(sizes)))
    every, what, chances = theory.all_plays()
    rows = np.concatenate([every[..., None], what], axis=-1).reshape(-1, len(sizes))
    expected = np.zeros(len(counts))
    expected[np.ravel_multi_index(rows.T, sizes)] = chances * len(rounds)
    many = expected >= 5
    pooled = np.append(counts[many], counts[~many].sum()), np.append(expected[many], expected[~many].sum())
    pooled = [values[: len(values) if pooled[1][-1] > 5 else -1] for values in pooled]
    found = stats.chisquare(pooled[0], pooled[1] * pooled[0].sum() / pooled[1].sum())
    assert found.pvalue > 1e-4
    assert many.sum() > 20
    assert counts[expected == 0].sum() == 0


SMALL = random_theory(2, (2, 2), 2, 2)
THREE = random_theory(5, (2, 3, 2), 1, 2)
MORE = random_theory(6, (2, 3, 2), 2, 2)


@pytest.fixture(scope="module")
def small():
    """Pairs of plays of a game with two states and rounds."""
    return program(SMALL, 2, ["published", "both"], precision="float64")()


@pytest.fixture(scope="module")
def others():
    """The same in the other variants."""
    return program(SMALL, 2, ["baseline", "reward to go", "per state"])()


@pytest.fixture(scope="module")
def three():
    """Pairs of plays of three players with 2, 3 and 2 actions."""
    return program(THREE, 2, ["published"])()


@pytest.fixture(scope="module")
def more():
    """Pairs of plays of such players in two states."""
    return program(MORE, 2, ["published", "both", "per state"])()


@pytest.mark.long
def test_terms_are_those_of_the_plays(small):
    check_each(SMALL, *small, atol=1e-12)


@pytest.mark.long
def test_terms_are_those_of_the_plays_of_three(three):
    check_each(THREE, *three, atol=2e-6)


@pytest.mark.long
def test_plays_have_their_probabilities(small):
    check_plays(SMALL, *small[1:])


@pytest.mark.long
def test_plays_of_three_have_their_probabilities(three):
    check_plays(THREE, *three[1:])


@pytest.mark.long
def test_terms_and_plays_of_the_other_variants(others):
    check_each(SMALL, *others, atol=2e-6)
    check_plays(SMALL, *others[1:])


@pytest.mark.long
def test_terms_and_plays_of_three_in_two_states(more):
    check_each(MORE, *more, atol=2e-6)
    check_plays(MORE, *more[1:])


@pytest.mark.long
@pytest.mark.parametrize("variant", ["published", "both"])
def test_means_over_pairs_of_plays_bias_included(small, variant):
    check_means_of_pairs(small, variant)


@pytest.mark.long
@pytest.mark.parametrize("variant", ["baseline", "reward to go", "per state"])
def test_means_over_pairs_of_plays_of_the_other_variants(others, variant):
    check_means_of_pairs(others, variant)


def check_means_of_pairs(found, variant):
    wanted, exact = SMALL.expected_of_pairs(**VARIANTS[variant]), SMALL.exact()
    # in the mean the base and the Jacobian are right in every variant, products of means are not
    for term in ("base", "jacobian"):
        np.testing.assert_allclose(wanted[term], exact[term], atol=1e-12)
    for term in ("own", "peer", "lookahead"):
        assert np.abs(wanted[term] - exact[term]).max() > 0.005
    check_means(found[0][variant], wanted)


def test_means_of_three_players(three):
    check_means_of_three(THREE, three)


@pytest.mark.long
def test_means_of_three_players_in_two_states(more):
    check_means_of_three(MORE, more)
    check_means(more[0]["both"], MORE.exact(), ("base", "jacobian"))
    check_means(more[0]["per state"], MORE.exact(), ("base", "jacobian"))


def check_means_of_three(theory, found):
    exact, alone = theory.exact(), theory.expected_alone()
    # E[mean H · mean g] at batch 2 is half the product of expectations and half the expected product of one play's
    wanted = {name: (exact[name] + alone[name]) / 2 for name in TERMS}
    check_means(found[0]["published"], wanted)
    assert all(np.abs(wanted[term] - exact[term]).max() > 0.005 for term in ("own", "peer", "lookahead"))


@pytest.mark.long
def test_reward_to_go_takes_noise_away(small, others):
    noise = {name: terms["base"].var(axis=0).sum() for name, terms in (small[0] | others[0]).items()}
    assert noise["reward to go"] < noise["published"]
    assert noise["both"] < noise["baseline"]


@pytest.mark.long
def test_a_batch_of_one_play():
    found, states, actions = program(SMALL, 1, ["published", "reward to go"])()
    check_each(SMALL, found, states, actions, atol=2e-6)
    for name in found:
        wanted = SMALL.expected_alone(**VARIANTS[name])
        np.testing.assert_allclose(wanted["base"], SMALL.exact()["base"], atol=1e-12)
        check_means(found[name], wanted)


# --- several words, five states, many rounds ----------------------------------------------------------------

STAGE = games.random_game((2, 2), seed=12)
LONG = Theory(
    STAGE.payoffs[:, None], np.zeros((5, 2, 2, 5)), np.eye(5)[0], 0.96, 12,
    np.random.default_rng(3).normal(size=10) * 1.5,
)  # fmt: skip
for joint in itertools.product(range(2), repeat=2):
    LONG.moves[(slice(None), *joint, 1 + 2 * joint[0] + joint[1])] = 1.0
REPEATED = games.repeated(STAGE, horizon=12, discount=0.96)


@pytest.fixture(scope="module")
def long():
    """A program for batches of four plays of a repeated game of twelve rounds."""
    return program(LONG, 4, ["published"], game=REPEATED, draws=8000)


@pytest.mark.long
def test_terms_of_a_repeated_game(long):
    found, states, actions = long(low=7)
    check_each(LONG, found, states, actions, few=200, atol=1e-5)
    # players begin at "start" and remember what was done
    assert (states[..., 0] == 0).all()
    np.testing.assert_array_equal(states[..., 1:], 1 + 2 * actions[..., :-1, 0] + actions[..., :-1, 1])


@pytest.mark.long
def test_the_mean_base_is_the_gradient_of_the_expected_payoffs(long):
    def utilities(theta):
        policies = dataclasses.replace(LONG, theta=theta).policies()
        joint = policies[0][:, :, None] * policies[1][:, None, :]
        paid, now, total = (joint * LONG.payoffs).sum(axis=(2, 3)), LONG.initial, np.zeros(2)
        for t in range(12):
            total += 0.96**t * paid @ now
            now = now @ (joint[..., None] * LONG.moves).sum(axis=(1, 2))
        return total

    widths = 1e-5 * np.eye(10)
    slopes = [(utilities(LONG.theta + w) - utilities(LONG.theta - w)) / 2e-5 for w in widths]
    wanted = np.array([slopes[k][k // 5] for k in range(10)])
    found, *_ = long(low=8)
    check_means(found["published"], {"base": wanted}, ("base",))


@pytest.mark.long
def test_terms_of_a_repeated_game_with_baseline_and_reward_to_go():
    found, states, actions = program(LONG, 4, ["both"], game=REPEATED, draws=400)()
    check_each(LONG, found, states, actions, few=200, atol=1e-5)


def test_actions_follow_the_policy_in_every_state(long):
    # near 0 and 1 as well: 8 is where the usual box ends
    theta = np.array([8.0, -8.0, 0.0, 3.0, -1.0, -8.0, 2.0, 0.3, -4.0, 8.0])
    chances = 1 / (1 + np.exp(-theta.reshape(2, 5)))
    counts = np.zeros((2, 5, 2))
    for step in range(6):
        _, states, actions = long(theta=theta, step=step)
        for i, s in itertools.product(range(2), range(5)):
            counts[i, s] += np.bincount(actions[..., i][states == s], minlength=2)
    visits = counts.sum(axis=2)
    z = (counts[..., 0] - chances * visits) / np.sqrt(chances * (1 - chances) * visits)
    assert (visits > 50).all()
    assert np.abs(z).max() < MOST
    assert (counts[0, 0] > 0).all()  # a probability of .0003 is not rounded to zero
    assert (z**2).sum() < stats.chi2.ppf(0.9999, 10)


def test_draws_are_independent(long):
    # the same policy in all states: every action of every round is a draw of its own
    p, q = 0.3, 0.6
    theta = np.concatenate([np.full(5, np.log(p / (1 - p))), np.full(5, np.log(q / (1 - q)))])
    _, _, actions = long(theta=theta, low=1)
    _, _, later = long(theta=theta, low=1, step=1)
    draws = np.concatenate([actions, later], axis=2).reshape(-1, 48)  # rounds and players, of two steps
    found = np.corrcoef(draws.T) - np.eye(48)
    assert np.abs(found).max() < 5 / np.sqrt(len(draws))
    assert found[np.triu_indices(48, 1)].std() == pytest.approx(1 / np.sqrt(len(draws)), rel=0.1)
    # plays of one batch, and the starts beside each other
    batch = actions[..., 0].transpose(0, 2, 1).reshape(-1, 4)
    assert np.abs(np.corrcoef(batch.T) - np.eye(4)).max() < 5 / np.sqrt(len(batch))
    beside = np.stack([actions[:-1].ravel(), actions[1:].ravel()])
    beside = beside - np.tile([1 - p, 1 - q], beside.shape[1] // 2)
    assert abs(np.corrcoef(beside)[0, 1]) < 5 / np.sqrt(beside.shape[1])


def test_a_key_names_its_plays(long):
    first, again = long(low=3, high=4, step=5, question=1), long(low=3, high=4, step=5, question=1)
    np.testing.assert_array_equal(first[2], again[2])
    for term in TERMS:
        np.testing.assert_array_equal(first[0]["published"][term], again[0]["published"][term])
    # start 100 is start 100 whatever is drawn beside it
    moved = long(low=3, high=4, step=5, question=1, start=100)
    np.testing.assert_array_equal(moved[2][:-100], first[2][100:])
    np.testing.assert_array_equal(moved[0]["published"]["peer"][:-100], first[0]["published"]["peer"][100:])
    # share of plays that agree in all twelve rounds when they are drawn apart from each other
    by_chance = np.mean((first[2][:-1] == first[2][1:]).all(axis=(2, 3)))
    for other in ({"low": 4}, {"high": 3}, {"step": 6}, {"question": 0}, {"start": 2**31}):
        found = long(**({"low": 3, "high": 4, "step": 5, "question": 1} | other))
        assert abs(np.mean((first[2] == found[2]).all(axis=(2, 3))) - by_chance) < 0.01, other
        assert not np.array_equal(first[2][..., 0, :], found[2][..., 0, :])


@pytest.mark.long
def test_one_start_alone_is_the_start_among_others(small):
    with jax.enable_x64(True):
        alone = episodes(2).estimate(parametric(SMALL.game), jnp.asarray(SMALL.theta), step_key(0, start=17))
    for term in TERMS:
        np.testing.assert_allclose(getattr(alone, term), small[0]["published"][term][17], atol=1e-12)


@pytest.mark.long
def test_probabilities_between_two_sixteenth_bits_come_out_right():
    # half of them would be rounded away if they were not rounded by chance: 5.5 and 65530.5 of 65536
    stage = games.random_game((2, 2), seed=1)
    game = games.repeated(stage, memory=0, horizon=32, discount=1.0)
    chances = np.array([5.5, 65530.5]) / 65536
    theory = Theory(stage.payoffs[:, None], np.ones((1, 2, 2, 1)), np.ones(1), 1.0, 32, np.log(chances / (1 - chances)))
    draw = program(theory, 64, [], game=game, draws=2000)
    counts, made = np.zeros(2), 0
    for step in range(20):
        _, _, actions = draw(step=step)
        counts += (actions == 0).sum(axis=(0, 1, 2))
        made += actions[..., 0].size
    z = (counts - made * chances) / np.sqrt(made * chances * (1 - chances))
    assert np.abs(z).max() < 4
    wrong = np.array([0.5, -0.5]) / 65536 * made / np.sqrt(made * chances * (1 - chances))
    assert np.abs(wrong).min() > 5  # rounding to the nearest would be seen


# --- one round, one state -----------------------------------------------------------------------------------


@pytest.mark.long
def test_one_round_is_the_one_shot_game():
    stage = games.random_game((2, 3), seed=3)
    theta = np.random.default_rng(4).normal(size=4)
    theory = Theory(stage.payoffs[:, None], np.ones((1, 2, 3, 1)), np.ones(1), 0.5, 1, theta)
    found, states, actions = program(theory, 8, ["published"])()
    check_each(theory, found, states, actions, atol=2e-6)
    check_plays_once(theory, actions)

    @jax.jit
    def one_shot(learners, theta):
        def at(k):
            return sampled(8).estimate(learners, theta, StepKey(jnp.uint32(9), jnp.uint32(0), k, jnp.uint32(0)))

        return jax.vmap(at)(jnp.arange(DRAWS, dtype=jnp.uint32))

    other = one_shot(parametric(stage), jnp.asarray(theta, jnp.float32))
    for term in TERMS:
        ours, theirs = found["published"][term], np.asarray(getattr(other, term), float)
        spread, twin = ours.var(axis=0), theirs.var(axis=0)
        assert (np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) <= MOST * np.sqrt((spread + twin) / DRAWS) + 1e-7).all()
        # the error of a variance from the fourth moments
        error = np.sqrt(sum(((v - v.mean(axis=0)) ** 2).var(axis=0) for v in (ours, theirs)) / DRAWS)
        assert (np.abs(spread - twin) <= MOST * error + 1e-7).all(), term


def check_plays_once(theory, actions):
    chances = np.multiply.outer(theory.policies()[0][0], theory.policies()[1][0]).ravel()
    counts = np.bincount(np.ravel_multi_index(actions.reshape(-1, 2).T, theory.shape), minlength=chances.size)
    assert stats.chisquare(counts, chances * counts.sum()).pvalue > 1e-4


# --- runs ---------------------------------------------------------------------------------------------------


def run(game, *, n=260, chunk=128, indices=None, precision="float32", estimator=None):
    """Six steps of Meta-MAPG."""
    setup = make_setup(
        game, ns.meta_mapg(), estimator=episodes(8) if estimator is None else estimator, target=as_target(game, (0, 0))
    )
    indices = np.arange(n) if indices is None else indices
    source = starts.normal(std=1.35)
    return run_starts(
        setup, source, indices, steps=6, seed=3, chunk=chunk, precision=precision
    )[0]  # fmt: skip


@pytest.fixture(scope="module")
def whole():
    return run(SMALL.game)


def same_bits(one, other, places):
    for name in ("theta", "first_hit", "largest"):
        np.testing.assert_array_equal(getattr(one, name)[places], getattr(other, name), err_msg=name)
    for mine, theirs in zip(one.strategies, other.strategies, strict=True):
        np.testing.assert_array_equal(mine[places], theirs)
    np.testing.assert_allclose(one.regret[places], other.regret, rtol=1e-5, atol=1e-6)


@pytest.mark.long
def test_runs_have_the_same_bits_whatever_runs_beside_them(whole):
    order = np.random.default_rng(0).permutation(260)[:77]
    same_bits(whole, run(SMALL.game, indices=order), order)
    same_bits(run(SMALL.game, n=600), whole, slice(260))
    assert np.isfinite(whole.theta).all()
    assert len(np.unique(whole.theta[:, 0])) == 260


@pytest.mark.long
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_runs_have_the_same_bits_in_chunks_of_any_size(precision):
    narrow, wide = run(SMALL.game, n=600, precision=precision), run(SMALL.game, n=600, chunk=256, precision=precision)
    same_bits(narrow, wide, slice(None))
    assert narrow.theta.dtype == precision


@pytest.mark.long
def test_runs_of_a_repeated_game_have_the_same_bits_in_chunks_of_any_size():
    narrow, wide = run(REPEATED, n=600), run(REPEATED, n=600, chunk=256)
    same_bits(narrow, wide, slice(None))


@pytest.mark.long
def test_exact_runs_of_a_small_game_have_the_same_bits_in_chunks_of_any_size():
    narrow, wide = (run(SMALL.game, n=600, chunk=chunk, estimator=ns.exact()) for chunk in (128, 256))
    same_bits(narrow, wide, slice(None))
    np.testing.assert_array_equal(narrow.regret, wide.regret)


@pytest.mark.long
def test_entry_probabilities_from_plays(whole):
    options = {"n": 260, "steps": 6, "targets": ["AA", "BB"], "seed": 3, "chunk": 128}
    found = ns.entry_probability(SMALL.game, ns.meta_mapg(), estimator=episodes(8), **options)
    same = ns.entry_probability(SMALL.game, ns.meta_mapg(), estimator=sampled(8), **options)
    np.testing.assert_array_equal(found.labels, same.labels)
    np.testing.assert_array_equal(found.first_hit, whole.first_hit)
    likeliest = int(SMALL.initial.argmax())
    ends = np.stack([own[:, likeliest, 0] for own in whole.strategies])
    np.testing.assert_array_equal(found.held == 0, (ends >= np.float32(0.82)).all(axis=0))
    assert sum(found.outcomes().values()) == 260
    assert found.is_sample


@pytest.mark.long
def test_runs_take_the_steps_of_the_terms_of_their_plays():
    # the first step of every run, from the plays that its index, step 0 and the seed name
    setup = make_setup(
        SMALL.game, ns.meta_mapg(peer=1.5, own=0.35, inner_lr=0.55), estimator=episodes(2), step_size=0.1
    )
    source = starts.parameters(np.tile(SMALL.theta, (20, 1)))
    after, _ = run_starts(setup, source, np.arange(20), steps=1, seed=0, precision="float64")
    found, *_ = program(SMALL, 2, ["published"], draws=20, precision="float64")()
    terms = found["published"]
    wanted = SMALL.theta + 0.1 * (terms["base"] + 0.55 * (0.35 * terms["own"] + 1.5 * terms["peer"]))
    np.testing.assert_allclose(after.theta, np.clip(wanted, -8, 8), atol=1e-12)


# --- bad input ----------------------------------------------------------------------------------------------

PD = games.prisoners_dilemma()
IPD = games.iterated_prisoners_dilemma()
ENDLESS = games.repeated(PD, discount=0.9)


@pytest.mark.parametrize(
    ("game", "estimator", "says"),
    [
        (ENDLESS, episodes(4), r"no end; .* rounds=100"),
        (ENDLESS, sampled(4), r"no end; .* rounds=100"),
        (PD, episodes(4), r"use sampled\(batch=4\)"),
        (IPD, sampled(4, form="unbiased"), "'unbiased' is for one-shot games"),
        (IPD, episodes(4, rounds=13), "ends after 12 rounds"),
        (games.repeated(games.random_game((4, 4), seed=0), memory=2, horizon=3), episodes(4), "273 states"),
    ],
)
def test_plays_that_cannot_be_made_are_refused(game, estimator, says):
    with pytest.raises(InputError, match=says) as caught:
        make_setup(game, ns.pg(), estimator=estimator)
    assert len(str(caught.value)) < 250
    with pytest.raises(InputError, match=says):
        ns.entry_probability(game, ns.pg(), estimator=estimator)


@pytest.mark.parametrize(
    "rule",
    [ns.learning.exact_lola(), ns.learning.per_player([ns.pg(), ns.learning.exact_lola()])],
    ids=lambda r: r.name,
)
def test_rules_that_need_utilities_cannot_be_sampled(rule):
    with pytest.raises(InputError, match="without sampling"):
        make_setup(IPD, rule, estimator=episodes(4))
    make_setup(IPD, rule)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"batch": 0}, "at least 1"),
        ({"batch": 1, "baseline": "leave-one-out"}, "at least 2"),
        ({"baseline": "per-state"}, "give reward_to_go=True"),
        ({"baseline": "mean"}, "leave-one-out"),
        ({"batch": 65_409}, "at most 65408"),
        ({"batch": 2.0}, "whole number"),
        ({"batch": 4, "rounds": 0}, "rounds must be at least 1"),
        ({"batch": 4, "rounds": 1.5}, "whole number"),
    ],
)
def test_impossible_batches_are_refused(arguments, says):
    with pytest.raises(InputError, match=says):
        episodes(**arguments)
