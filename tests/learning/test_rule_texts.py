import inspect

import pytest

from nashscape import InputError, games, learning
from nashscape.core import Source
from nashscape.dynamics import make_setup
from nashscape.learning import RULES, meta_mapg, per_player, pg
from nashscape.learning.rule_texts import formula_of, numbers_of, rule_catalogue, rule_entry, summary_of

ENTRIES = {entry.name: entry for entry in rule_catalogue()}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_described(name):
    entry = ENTRIES[name]
    assert len(entry.summary.split()) > 3
    assert not entry.summary.endswith(".")
    assert "`" not in entry.summary + entry.formula
    assert entry.formula
    assert entry.formula != entry.summary
    assert all(isinstance(source, Source) for source in entry.sources)
    assert entry.source
    assert entry.sources
    assert set(entry.coefficients) == set(inspect.signature(RULES[name]).parameters)


@pytest.mark.parametrize("name", RULES)
def test_rules_run_on_sampled_terms_where_the_list_says_so(name):
    if ENTRIES[name].sampled:
        make_setup(games.stag_hunt(), RULES[name](), estimator=learning.sampled(8))
    else:
        with pytest.raises(InputError, match="exact payoffs"):
            make_setup(games.stag_hunt(), RULES[name](), estimator=learning.sampled(8))


@pytest.mark.parametrize("name", ["pg", "meta_pg", "peer_only", "meta_mapg", "lookahead", "lola"])
def test_a_sum_of_terms_names_the_terms_that_it_has(name):
    rule = RULES[name]()
    used = {term for term in ("own", "peer", "lookahead") if getattr(rule, term) is not None}
    assert {term for term in ("own", "peer", "lookahead") if f"·{term}" in formula_of(rule)} == used


def test_a_rule_by_another_name_keeps_its_formula():
    assert formula_of(learning.consensus().renamed("mine")) == formula_of(learning.consensus())
    assert formula_of(per_player([pg(), meta_mapg()])) == "player 1: base; player 2: base + η·(μ·own + λ·peer)"


def test_numbers_are_those_of_the_rule():
    assert numbers_of(learning.pola(rate=0.3))["rate"] == 0.3
    assert "needs" not in numbers_of(learning.pola())
    assert numbers_of(meta_mapg(peer=learning.handoff(1.0, at=3))) == {"inner_lr": 0.55, "own": 0.35}
    assert numbers_of(pg()) == {"inner_lr": 0.0}


def test_hyphens_do_and_unknown_names_do_not():
    assert rule_entry("meta-mapg") == rule_entry("meta_mapg")
    with pytest.raises(InputError, match="did you mean 'lola'"):
        rule_entry("lolla")


def test_a_summary_is_the_first_sentence():
    def made():
        """Like `v` and `w`, at 0.5 say. And more.

        Even more.
        """

    assert summary_of(made) == "Like v and w, at 0.5 say"
