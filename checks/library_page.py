"""What docs/study-library.md tells of the studies of the library, as sentences with names for the numbers in them.

Every number that was found is a name in braces; what the study itself fixes, such as its number of games, is one too.
"""

import re
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "study-library.md"
BEGIN = "## What they found"

TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "geometries": (
        "takes {games} symmetric games with payoffs R = {R} for mutual cooperation and P = {P} for mutual defection,",
        "It raises cooperation in {raises} of the games, all {hunts} Stag Hunts among them, and lowers it in the other "
        "{lowers}. In {smaller_word} of the {raises} where it raises does a smaller share of starts end in mutual "
        "cooperation than with policy gradient, and in {poorer_hunts_no} Stag Hunt do the players get less. "
        "In {larger_word} of the {lowers} where it lowers does a larger share end there. In Stag Hunts it gains up to "
        "{gained} % of all starts. It hurts in {kinds_word} places, all among the {lowers}: {harmonies_word} games of "
        "Harmony with a temptation close to R lose up to {lost} % of the starts; and the players together get less by "
        "more than 0.005, at most {least}, in {chickens_poorer} of the {chickens} games of Chicken and in "
        "{dilemmas_poorer} Prisoner's Dilemmas. Payoffs are those after {steps} updates,",
        "ranks the games by what the players gain: rank correlation {rank}.",
    ),
    "predictors": (
        "with an area under the ROC curve of {push_low} to {push_high}, over {rules_word} rules and "
        "{temptations_word} temptations. The margin, the least starting probability of cooperation, does as well: "
        "{margin_low} to {margin_high}. Alignment at the start gets worse as the temptation grows: {first_low} to "
        "{first_high} at T = {first}, {second_low} to {second_high} at T = {second}, and at T = {third} hardly better "
        "than a coin for two rules ({coin_low} and {coin_high}) and worse than one for `meta_mapg:peer=1` "
        "({worse}, from {worse_low} to {worse_high}).",
    ),
    "predictors-repeated": (
        "Of {starts} random starts {peer} are gained by `meta_mapg:peer=2` and {lola} by `lola`; {held_word} areas "
        "under the curve have intervals that hold one half.",
    ),
    "network-policies": (
        "tables of one number per state stand in mutual defection in {table_defects} of {runs} runs under policy "
        "gradient, networks of {narrow} or {wide} hidden units in {defects_low} to {defects_high}, and in mutual "
        "cooperation in {table_cooperates} against {cooperates_low} to {cooperates_high}. With the peer term "
        "{table_peer} of {runs} stand in cooperation for tables, and {peer_low} to {peer_high} for networks.",
    ),
    "restarts": (
        "Within {budget_word} starts {anew} % of the runs of policy gradient reach cooperation in the Stag Hunt if "
        "each start is drawn afresh, and {low} % to {high} % if they go on beside where they ended or from a "
        "checkpoint: they fall back into the basin that they were in. Only noise as large as the box of logits, a "
        "standard deviation of {noise}, helps: {large} %,",
    ),
    "unrolling": (
        "With one, three and five imagined updates of the others {one} %, {three} % and {five} % of the starts of "
        "the Stag Hunt lead to cooperation.",
    ),
}
"""By study: sentences, with names in braces for numbers; a name that ends in `_word` or `_no` is a count in words."""


def section(page: str) -> str:
    """What the page says of findings, in one line."""
    return " ".join(page.partition(BEGIN)[2].split())


def on_page(name: str, page: str) -> dict[str, str]:
    """The numbers of a study as the page has them.

    Raises:
        ValueError: where a sentence is not there exactly once.
    """
    made: dict[str, str] = {}
    for template in TEMPLATES[name]:
        matches = list(re.finditer(pattern(template), section(page)))
        if len(matches) != 1:
            raise ValueError(f"{name}: the page has this sentence {len(matches)} times: {template}")
        made |= matches[0].groupdict()
    return made


def pattern(template: str) -> str:
    """A regular expression of a template; of a name that comes again, the same text."""
    parts, seen = re.split(r"\{(\w+)\}", template), set[str]()
    made = ""
    for k, part in enumerate(parts):
        if k % 2 == 0:
            made += re.escape(part)
        else:
            made += f"(?P={part})" if part in seen else rf"(?P<{part}>\w+(?:\.\d+)?)"
            seen.add(part)
    return made
