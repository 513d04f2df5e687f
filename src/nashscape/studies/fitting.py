"""Whether what a call is made of fits together, found out before anything is compiled."""

from collections.abc import Mapping
from typing import Any

from nashscape.core import InputError
from nashscape.core.options import VERBS
from nashscape.dynamics.case import Case
from nashscape.dynamics.hosting import is_hosted
from nashscape.dynamics.setup import check_step_sizes
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.learning import pg
from nashscape.semantics import parametric
from nashscape.studies.calls import VerbCall
from nashscape.studies.dials import CASE
from nashscape.studies.faults import placed

OF_RUNS = ("steps", "estimator", "step_size")
"""What a verb takes that makes runs."""


def check_together(call: VerbCall) -> None:
    """Nothing where a call can be made.

    Raises:
        InputError: where it cannot, with the name of the setting without which it could as its place.
    """
    _check_needed(call)
    known = {part: call.first[name] for name, part in call.verb.first.items()}
    game, rule = known.get("game"), call.options.get("rule", known.get("rule", pg()))
    if game is None or call.verb.name not in VERBS:
        return
    for name in ("target", "targets"):
        if call.options.get(name) is not None:
            with placed(name):
                choose_targets(game, call.options[name])
    if all(name in call.verb.options for name in OF_RUNS) and not is_hosted(rule):
        given = {name: call.options[name] for name in CASE if call.options.get(name) is not None}
        error = _trouble(game, rule, given)
        if error is not None:
            # what is wrong is that without which nothing is
            without = ({k: v for k, v in given.items() if k != name} for name in given)
            guilty = [name for name, rest in zip(given, without, strict=True) if _trouble(game, rule, rest) is None]
            with placed(*(guilty[:1] or ["rule"])):
                raise error


def _check_needed(call: VerbCall) -> None:
    given = {*call.first, *call.options}
    missing = [own.name for own in call.verb.arguments.values() if own.needed and own.name not in given]
    if missing:
        raise InputError(
            f"{call.verb.name} needs {' and '.join(missing)}; say {missing[0]} = … in its measure or under what is "
            "fixed, or vary it"
        )


def _trouble(game: Any, rule: Any, given: Mapping[str, Any]) -> InputError | None:
    """What is wrong with runs of these; None where nothing is."""
    try:
        case = Case(parametric(game), rule, **given)
        check_step_sizes(case.setup, case.steps)
    except InputError as error:
        return error
    return None
