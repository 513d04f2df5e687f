"""The numbers that docs/study-library.md tells of the studies of the library, computed from these.

`python -m checks.library_numbers unrolling restarts` runs studies and prints what is on the page beside what was found;
without names it runs all that have numbers there. It leaves with 1 where something differs.
"""

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from checks.library_page import PAGE, on_page
from nashscape.core.options import taken

WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
"""Small counts as the page writes them, where it writes them as words."""


def column(found: Any, quantity: str, of: str | None = None, **where: Any) -> Any:
    """The values of a quantity at some points, in the order of the study."""
    chosen = {name.replace("__", "."): own for name, own in where.items()} | ({} if of is None else {"of": of})
    return found.values(quantity=quantity, **chosen)["value"]


def percent(share: float) -> str:
    """A share as whole percent."""
    return f"{100 * share:.0f}"


def geometries(study: Any, found: Any) -> dict[str, str]:
    """See the study."""
    game = study.fixed["game"]
    given = found.values(quantity="peer_direction", of="player 1")
    raises, s, t = given["text"] == "raises", given["game.S"], given["game.T"]
    more, welfare = column(found, "difference", "CC"), column(found, "welfare_difference")
    push = column(found, "mean_projection", "peer")
    hunt, chicken = (s < 0) & (t < 1), (s > 0) & (t > 1)
    harmony, dilemma = (s > 0) & (t < 1), (s < 0) & (t > 1)
    poorer = ~raises & (welfare < -0.005)
    losing = more < 0
    hurt = losing | (welfare < -0.005)
    assert not (hurt & raises).any()
    assert raises[hunt].all()
    assert losing[harmony].sum() == losing.sum()
    kinds = int((losing & harmony).any()) + int((poorer & chicken).any()) + int((poorer & dilemma).any())
    return {
        "games": str(len(s)), "R": str(game["R"]), "P": str(game["P"]), "raises": str(raises.sum()),
        "lowers": str((~raises).sum()), "hunts": str(hunt.sum()), "smaller_word": counted((more[raises] < 0).sum()),
        "poorer_hunts_no": counted((welfare[hunt] < 0).sum(), "no"), "larger_word": counted((more[~raises] > 0).sum()),
        "gained": percent(more[hunt].max()), "kinds_word": counted(kinds), "harmonies_word": counted(losing.sum()),
        "lost": percent(-more.min()), "least": f"{-welfare.min():.2f}", "chickens": str(chicken.sum()),
        "chickens_poorer": str((poorer & chicken).sum()), "dilemmas_poorer": str((poorer & dilemma).sum()),
        "steps": str(taken("basin_map")["steps"].default), "rank": f"{spearmanr(push, welfare).statistic:.2f}",
    }  # fmt: skip


def predictors(study: Any, found: Any) -> dict[str, str]:
    """See the study."""
    temptations, rules = np.unique(found.rows["game.T"]), list(dict.fromkeys(found.rows["rule"].tolist()))
    made = {"rules_word": counted(len(rules)), "temptations_word": counted(len(temptations))}
    for name, of in (("push", "cumulative_alignment"), ("margin", "margin")):
        own = column(found, "auc", of)
        made |= {f"{name}_low": f"{own.min():.2f}", f"{name}_high": f"{own.max():.2f}"}
    for name, at in zip(("first", "second", "third"), temptations, strict=True):
        own = column(found, "auc", "alignment", game__T=at)
        made |= {name: f"{at:g}", f"{name}_low": f"{own.min():.2f}", f"{name}_high": f"{own.max():.2f}"}
    peer = found.values(quantity="auc", of="alignment", rule="meta_mapg:peer=1", **{"game.T": temptations[-1]})
    rest = [own for own in rules if own != "meta_mapg:peer=1"]
    coins = sorted(column(found, "auc", "alignment", game__T=temptations[-1], rule=rest))
    made |= {"coin_low": f"{coins[0]:.2f}", "coin_high": f"{coins[1]:.2f}"}
    return made | {f"worse{end}": f"{peer[name][0]:.2f}" for end, name in (("", "value"), ("_low", "low"),
                                                                           ("_high", "high"))}  # fmt: skip


def predictors_repeated(study: Any, found: Any) -> dict[str, str]:
    """See the study."""
    areas = found.values(quantity="auc")
    hold = (areas["low"] <= 0.5) & (areas["high"] >= 0.5)
    gained = {rule: column(found, "starts_gained", "margin", rule=rule)[0] for rule in ("meta_mapg:peer=2", "lola")}
    made = {
        "peer": f"{gained['meta_mapg:peer=2']:.0f}",
        "lola": f"{gained['lola']:.0f}",
        "starts": str(study.fixed["n"]),
    }
    return made | {"held_word": "all" if hold.all() else f"{hold.sum()} of {len(hold)}"}


def network_policies(study: Any, found: Any) -> dict[str, str]:
    """See the study."""

    def standing(rule: str, networks: bool, outcome: str) -> list[int]:
        rows = found.values(quantity="standing", rule=rule)
        chosen = [
            (where != "independent") is networks and of == outcome
            for where, of in zip(rows["semantics"], rows["of"], strict=True)
        ]
        return [round(study.fixed["n"] * own) for own in rows["value"][chosen]]

    pg, peer, runs = "pg", "meta_mapg:peer=2", study.fixed["n"]
    hidden = sorted({int(own) for text in study.points.values("semantics") for own in re.findall(r"width=(\d+)", text)})
    widths = dict(zip(("narrow", "wide"), map(str, hidden), strict=True))
    ranges = {
        "defects": standing(pg, True, "DD"), "cooperates": standing(pg, True, "CC"), "peer": standing(peer, True, "CC")
    }  # fmt: skip
    tables = {
        "table_defects": standing(pg, False, "DD"), "table_cooperates": standing(pg, False, "CC"),
        "table_peer": standing(peer, False, "CC"),
    }  # fmt: skip
    made = {name: str(own[0]) for name, own in tables.items()} | {"runs": str(runs), **widths}
    return made | {f"{name}_{end}": str(make(own)) for name, own in ranges.items() for end, make in (
        ("low", min), ("high", max))}  # fmt: skip


def restarts(study: Any, found: Any) -> dict[str, str]:
    """See the study."""
    rows = found.values(quantity="success", rule="pg")
    share = dict(zip(rows["policy"].tolist(), rows["value"].tolist(), strict=True))
    beside = [own for name, own in share.items() if name not in ("anew", "perturbed:std=8")]
    return {
        "budget_word": counted(study.fixed["budget"]), "anew": percent(share["anew"]), "low": percent(min(beside)),
        "high": percent(max(beside)), "noise": "8", "large": percent(share["perturbed:std=8"]),
    }  # fmt: skip


def unrolling(study: Any, found: Any) -> dict[str, str]:
    """See the study."""
    own = column(found, "share", "CC", game="stag_hunt")
    return dict(zip(("one", "three", "five"), map(percent, own), strict=True))


NUMBERS: Mapping[str, Callable[[Any, Any], dict[str, str]]] = {
    "geometries": geometries,
    "predictors": predictors,
    "predictors-repeated": predictors_repeated,
    "network-policies": network_policies,
    "restarts": restarts,
    "unrolling": unrolling,
}
"""By study: from itself and what it found to the numbers of its templates."""


def counted(count: Any, none: str = "none") -> str:
    """A count as a word, where it is a small one."""
    return (none, *WORDS[1:])[int(count)] if int(count) < len(WORDS) else str(int(count))


def main(names: list[str]) -> int:
    """Run studies, and print number by number what is on the page and what was found."""
    from nashscape.studies.shipped import study_named

    page, wrong = PAGE.read_text(encoding="utf-8"), 0
    for name in names or NUMBERS:
        study = study_named(name)
        told, found = on_page(name, page), NUMBERS[name](study, study.run())
        for key in told:
            differs = "" if told[key] == found[key] else "  DIFFERS"
            print(f"{name}: {key}: page {told[key]}, found {found[key]}{differs}", flush=True)
            wrong += bool(differs)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
