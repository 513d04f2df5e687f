"""What a rule may ask besides terms: names that its `needs` declare, and which games and estimators answer."""

from nashscape.games import has_rows, has_tree, in_normal_form
from nashscape.semantics import ParametricGame
from nashscape.semantics.acting import acts
from nashscape.semantics.semantics import is_linear

UTILITIES = "utilities"
"""Exact utilities of parameters, to be differentiated through."""

PAYOFFS = "payoffs"
"""Exact expected payoffs of strategies."""

ACTION_PAYOFFS = "action_payoffs"
"""What every own action pays exactly against the strategies of the others."""

BEST_RESPONSES = "best_responses"
"""A best point of every player against the points of the others, as a game with continuous actions knows them."""

ROW_VALUES = "row_values"
"""In every row what each action is worth once it is reached, and how often that is: of trees, and of normal forms."""

SAMPLED_ROW_VALUES = "sampled_row_values"
"""The same counterfactual values without bias from one play of a tree."""

EXACTLY = frozenset({UTILITIES, PAYOFFS, ACTION_PAYOFFS, BEST_RESPONSES, ROW_VALUES, SAMPLED_ROW_VALUES})
"""What no sampled estimator can give."""

STRATEGIES = "strategies"
"""The strategies that parameters stand for."""

LOG_STRATEGIES = "log_strategies"
"""Their logarithms."""

PARAMETERS = "parameters"
"""Parameters that stand for given strategies."""

LATE_READING = "late_reading"
"""The game in which players read what the others' parameters were."""

POLICIES = "policies"
"""What players do with what they see, of games that are played round by round."""

PLAYS = "plays"
"""Rounds that were played at the players' parameters: `nashscape.learning.plays.records.Plays`. A term by name, which
estimators that play give."""

OF_PLAYERS = frozenset({STRATEGIES, LOG_STRATEGIES, PARAMETERS, LATE_READING, POLICIES})
"""What the semantics of the players answers, whatever the estimator."""


def cannot_be_asked(needs: frozenset[str], game: ParametricGame) -> dict[str, str]:
    """What of a rule's needs this game and its players have no answer to, and why, in words.

    >>> from nashscape import games, parametric
    >>> cannot_be_asked(frozenset({"base", "late_reading"}), parametric(games.stag_hunt()))
    {'late_reading': 'its players do not read each other linearly, as those of open_source(game, 0.5) do'}
    """
    reasons: dict[str, str] = {}
    if game.semantics.domain == "points":
        reasons[LOG_STRATEGIES] = "its strategies are points and no probabilities"
    if not is_linear(game.semantics):
        reasons[LATE_READING] = "its players do not read each other linearly, as those of open_source(game, 0.5) do"
    if not acts(game.semantics):
        reasons[POLICIES] = "its players have strategies, and no policies that act on what they see"
    else:
        reasons |= dict.fromkeys((STRATEGIES, LOG_STRATEGIES, PARAMETERS), "its players have policies and no tables")
    if not in_normal_form(game.game) and not (has_rows(game.game) and hasattr(game.game, "action_values")):
        reasons[ACTION_PAYOFFS] = "it does not say what single actions pay, as games in normal form do"
    if not (has_tree(game.game) or in_normal_form(game.game)):
        reasons[ROW_VALUES] = "it is neither in extensive nor in normal form"
    if not has_tree(game.game):
        reasons[SAMPLED_ROW_VALUES] = "it is not in extensive form; games.extensive_game makes games that are"
    if getattr(game.game, "best_responses", None) is None:
        reasons[BEST_RESPONSES] = "it knows no best responses; give games.differentiable best_responses="
    return {name: reasons[name] for name in sorted(needs & reasons.keys())}
