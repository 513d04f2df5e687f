"""Objects show themselves as the call that makes them."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import learning
from nashscape.core.reprs import called, shown
from nashscape.learning.handing_over import handed_over

MADE = [
    *(make() for make in learning.RULES.values()),
    ns.meta_mapg(peer=ns.schedules.handoff(3, at=40), own=1 / 3),
    learning.delayed(ns.pg(), steps=2),
    learning.per_player([ns.pg(), ns.lola()]),
    handed_over(ns.meta_mapg(), 4),
    ns.exact(),
    ns.sampled(64),
    ns.sampled(64, form="unbiased", baseline="leave-one-out"),
    ns.episodes(batch=32, reward_to_go=True),
    ns.box(8.0),
    ns.box(3, low=-1),
    ns.unbounded(),
    learning.simplexes((2, 3)),
    ns.starts.normal(std=1.35),
    ns.starts.uniform(low=-0.1, high=3),
    ns.starts.uniform_strategies(),
    ns.starts.strategies([[0.4, 0.5], [0.1, 0.2]]),
    ns.starts.parameters([[0.0, 1.5]]),
    ns.schedules.power(0.9, offset=10, exponent=0.24),
    ns.schedules.handoff(3, at=40),
    ns.schedules.constant(0.3),
    ns.schedules.two_phase(1, warm_up=3),
]
NAMES = {**vars(learning), **{name: getattr(learning, name) for name in learning.__all__}, "starts": ns.starts,
         "schedules": ns.schedules, "handed_over": handed_over}  # fmt: skip


@pytest.mark.parametrize("one", MADE, ids=repr)
def test_what_is_shown_makes_the_same(one):
    made = eval(repr(one), NAMES)
    assert type(made) is type(one)
    assert repr(made) == repr(one)
    if not isinstance(one, ns.dynamics.Starts):
        assert made == one or repr(one).startswith(("simplexes", "box"))


def test_what_is_long_is_told_by_its_length():
    assert shown(np.zeros((3, 4))) == "<array of 3 × 4>"
    assert shown(list(range(20))) == "<20 entries>"
    assert shown((1.0,)) == "(1,)"
    assert called("f", 0.1, name="x") == "f(0.1, name='x')"


def test_rules_of_others_show_their_fields():
    assert repr(ns.pg().renamed("mine")).startswith("TermRule(name='mine', inner_lr=0, own=None")
