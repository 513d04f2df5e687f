import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from nashscape.core import InputError
from nashscape.learning import as_schedule, constant, handoff, meta_mapg, power, schedules, two_phase
from nashscape.learning.from_texts import rule_from_text

STEPS = np.arange(200)
OURS = {
    "constant": (constant(1.5), np.full(200, 1.5)),
    "power": (power(0.9, offset=10, exponent=0.24), 0.9 / (STEPS + 10.0) ** 0.24),
    "power from one": (power(2.0), 2.0 / (STEPS + 1.0)),
    "two_phase": (
        two_phase(1.5, warm_up=100, exponent=0.7, decay_steps=30),
        np.where(STEPS < 100, 1.5, 1.5 * (1 + np.maximum(STEPS - 100, 0) / 30) ** -0.7),
    ),
    "handoff": (handoff(1.5, at=100, after=-0.25), np.where(STEPS < 100, 1.5, -0.25)),
    "handoff at once": (handoff(1.5, at=0), np.zeros(200)),
}


@pytest.mark.parametrize("name", OURS)
def test_schedules_have_their_formulas_at_every_step(name):
    schedule, wanted = OURS[name]
    # the steps of a compiled run are traced whole numbers
    traced = jax.jit(jax.vmap(lambda step: jnp.asarray(schedule(step), jnp.float32)))(jnp.asarray(STEPS, jnp.int32))
    np.testing.assert_allclose(traced, wanted, rtol=2e-6)
    with jax.enable_x64(True):
        exact = [float(schedule(int(step))) for step in STEPS[95:135:3]]
        np.testing.assert_allclose(exact, wanted[95:135:3], rtol=1e-13)


def test_the_second_phase_counts_its_steps_from_one():
    # α_n = α_0 n^−p, n = 1 at the first step of the second phase, which is step N_0 counted from 0
    with jax.enable_x64(True):
        schedule = two_phase(0.8, warm_up=50, exponent=0.6)
        np.testing.assert_allclose(
            [float(schedule(50 + n - 1)) for n in (1, 2, 10)], 0.8 * np.array([1, 2, 10]) ** -0.6
        )
        assert float(schedule(49)) == 0.8


@pytest.mark.parametrize("begin", [0, 7, 49, 60])
def test_what_is_left_of_a_schedule_is_the_sum_of_its_values(begin):
    falling = {
        power(0.9, offset=1, exponent=2): 2.0,
        power(0.5, offset=0.5, exponent=3.5): 3.5,
        two_phase(0.5, warm_up=49.5, exponent=2.5, decay_steps=3): 2.5,
    }
    for schedule, exponent in falling.items():
        values = np.asarray(jax.vmap(schedule)(jnp.arange(begin, begin + 100_000)), float)
        # what lies beyond is the integral, by the value half a step before
        tail = values[-1] * (100_000 + begin) / (exponent - 1)
        assert schedule.sum_from(begin) == pytest.approx(values.sum() + tail, rel=1e-4)
    assert handoff(1.5, at=50).sum_from(begin) == 1.5 * max(0, 50 - begin)
    for schedule in (handoff(1.5, at=50, after=0.1), constant(0.1), power(0.9), two_phase(1.0, warm_up=3)):
        assert schedule.sum_from(begin) == np.inf


@pytest.mark.parametrize("name", OURS)
def test_a_schedule_is_a_pytree_of_its_numbers(name):
    schedule, _ = OURS[name]
    leaves, structure = jax.tree.flatten(schedule)
    assert leaves
    assert structure.unflatten(leaves) == schedule
    traces = []

    @jax.jit
    def value(schedule, step):
        traces.append(step)
        return schedule(step)

    first = float(value(jax.tree.map(jnp.float32, schedule), 3))
    doubled = float(value(jax.tree.map(lambda leaf: jnp.float32(2 * leaf), schedule), 3))
    assert len(traces) == 1
    assert first != doubled or name == "handoff at once"


@pytest.mark.parametrize(
    "schedule",
    [
        optax.cosine_decay_schedule(1.0, 100),
        optax.exponential_decay(0.5, 10, 0.9),
        optax.join_schedules([optax.constant_schedule(1.0), optax.linear_schedule(1.0, 0.1, 50)], [20]),
        optax.warmup_cosine_decay_schedule(0.0, 1.0, 10, 100),
        lambda step: 1.0 / (1.0 + step),
    ],
    ids=["cosine", "exponential", "joined", "warm-up", "lambda"],
)
def test_schedules_from_elsewhere_are_accepted(schedule):
    ours = as_schedule(schedule, "step size")
    steps = jnp.asarray(STEPS, jnp.int32)
    found = jax.jit(jax.vmap(ours))(steps)
    np.testing.assert_allclose(found, jax.vmap(schedule)(steps), rtol=1e-5, atol=1e-7)
    assert float(found[5]) != float(found[50])
    assert as_schedule(ours, "step size") is ours
    assert jax.tree.leaves(ours) == []
    assert jax.jit(lambda made, step: made(step))(ours, 3) == pytest.approx(float(schedule(3)), rel=1e-6)


def test_numbers_are_constant_schedules():
    for number in (2, 2.0, np.float32(2.0), np.array(2.0), jnp.asarray(2.0)):
        assert as_schedule(number, "rate")(100) == 2.0
    given = power(1.0)
    assert as_schedule(given, "rate") is given


def fails(step):
    raise RuntimeError("no such step")


@pytest.mark.parametrize(
    "bad",
    ["fast", None, np.nan, -np.inf, True, [1.0], np.ones(3), {}, fails, lambda: 1.0, lambda step: np.nan,
     lambda step: np.ones(2), lambda step: None, lambda step: "fast"],
)  # fmt: skip
def test_what_is_no_schedule_is_refused_by_name(bad):
    with pytest.raises(InputError, match="the rate"):
        as_schedule(bad, "the rate")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: constant(np.nan), "value"),
        (lambda: power(1.0, offset=0.0), "offset must be above 0"),
        (lambda: power("1"), "scale"),
        (lambda: power(1.0, exponent=np.inf), "exponent"),
        (lambda: two_phase(1.0, warm_up=-1), "warm_up must be at least 0"),
        (lambda: two_phase(1.0, warm_up=1, decay_steps=0), "decay_steps must be above 0"),
        (lambda: handoff(1.0, at=-1), "at must be at least 0"),
        (lambda: handoff(1.0, at=np.nan), "at must be a finite number"),
        (lambda: handoff(1.0, at=10, after=None), "after"),
    ],
)
def test_bad_numbers_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_schedules_are_found_in_their_module():
    assert schedules.power is power


WRITTEN = {
    "constant(1.5)": constant(1.5),
    "power(2, offset=3)": power(2.0, offset=3.0),
    "two_phase(0.5, warm_up=40, exponent=0.7)": two_phase(0.5, warm_up=40, exponent=0.7),
    "two-phase(0.5,40)": "KEY=VALUE",
    "handoff(3,at=40)": handoff(3.0, at=40),
    "handoff(before=3, after=-1, at=40)": handoff(3.0, at=40, after=-1.0),
    "handoff(3)": "handoff needs the option at",
    "handoff(3, att=4)": "did you mean 'at'",
    "handoff(3, 40)": "KEY=VALUE",
    "handoff(high, at=3)": "before must be a finite number",
    "handof(3, at=4)": "did you mean 'handoff'",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_schedule_is_written_as_it_is_made(text):
    wanted = WRITTEN[text]
    if isinstance(wanted, str):
        with pytest.raises(InputError, match=wanted):
            schedules.from_text(text)
        return
    assert schedules.from_text(text) == wanted
    assert rule_from_text(f"meta-mapg:peer={text},own=0.2") == meta_mapg(peer=wanted, own=0.2)
