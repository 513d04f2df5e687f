"""The page and the figures of the basin-entry study."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure as Drawing

from nashscape import figures
from nashscape.core import Estimate, Status
from nashscape.dynamics import Run, simulate
from nashscape.games import stag_hunt
from nashscape.report.pages import Figure, Section, page
from nashscape.report.rows import claims_section, data_of, statements_section, tables_section, verdict
from nashscape.selection import BasinMap
from nashscape.systems import CheckedClaims, Row
from nashscape.systems.basin_entry.published_methods import methods
from nashscape.systems.basin_entry.reproduction import Reproduction, noise_free_maps

STARTS = ((0.2, 0.85), (0.45, 0.6), (0.62, 0.6), (0.8, 0.35), (0.9, 0.5))
MAPS = ("basins", "gains", "first_hits")
"""Figures of so many cells that the page shows them as they are written, not drawn anew as a text that is larger."""

SWEEP, SWEEP_ROWS, NOISE_FREE = "peer sweep, share", 18, ", noise-free"


def draw_figures(study: Reproduction) -> dict[str, Drawing]:
    """The figures of a study by file name; those whose results are missing are left out."""
    drawn: dict[str, Drawing] = {}
    if study.maps:
        drawn["basins"] = figures.basin_atlas(study.maps, trajectories=_runs(study.maps))
        drawn["gains"] = figures.gain_loss(study.maps, "pg")
        drawn["first_hits"] = figures.first_hit_atlas(study.maps)
    if study.entries:
        drawn["entries"] = figures.entry_figure(study.entries)
    if study.ipd_entries:
        drawn["ipd_entries"] = figures.entry_figure(study.ipd_entries)
    for game, found in study.restarts.items():
        drawn[f"restarts_{game}"] = figures.restart_figure(found)
    if study.rows:
        drawn["published"] = figures.published_figure(study.rows)
    sweep = study.tables().get(SWEEP, [])
    if len(sweep) == SWEEP_ROWS:
        drawn["peer_sweep"] = _peer_sweep(sweep)
    return drawn


def _peer_sweep(rows: list[Row]) -> Drawing:
    exact = {row.label.removesuffix(NOISE_FREE): row.ours for row in rows if row.label.endswith(NOISE_FREE)}
    shares = [row for row in rows if row.label in exact and row.label.startswith("peer ")]
    values = [float(row.label.removeprefix("peer ")) for row in shares]
    return figures.sweep_figure(
        values,
        [Estimate(row.ours, row.low, row.high, 0.95, "single maps") for row in shares],
        "peer coefficient λ",
        ylabel="share of the 11×11 grid that reaches CC",
        exact=[exact[row.label] for row in shares],
        published=[(value, row.published) for value, row in zip(values, shares, strict=True)],
    )


def _runs(maps: Mapping[str, BasinMap]) -> dict[str, list[Run]]:
    game = stag_hunt()
    return {
        rule.name: [simulate(game, rule, start, targets=["CC", "DD"]) for start in STARTS]
        for rule in methods()
        if rule.name in maps
    }


def basin_entry_page(study: Reproduction, drawn: Mapping[str, Any], checked: CheckedClaims | None = None) -> str:
    """The study as one self-contained HTML page, with the claims of the card where they were checked.

    Each of its figures is a drawing, or the bytes of one.
    """
    captions = {
        "basins": (
            "Where learners end, by starting probability of cooperation. The line is the boundary of the basin; "
            "thin curves are runs.",
            "Four maps of Stag Hunt. The cooperative basin in the upper right is larger with the peer term.",
        ),
        "gains": ("Starts that each rule gains or loses against policy gradient.", "Masks of gained and lost starts."),
        "first_hits": ("Updates until cooperation is first reached.", "Four maps of first-hit steps."),
        "entries": (
            "Stag Hunt, starts N(0, 1.35²), batch 384: runs that stand in cooperation after their last update.",
            "Points with intervals: about .25 for policy gradient, about .43 with the peer term.",
        ),
        "ipd_entries": (
            "The iterated Prisoner's Dilemma, batch 384: runs that cooperate first after their last update.",
            "Points with intervals: about .04 for policy gradient, about .4 for Meta-MAPG.",
        ),
        "restarts_stag_hunt": ("Stag Hunt: runs without success after k starts.", "Falling curves, one per rule."),
        "restarts_ipd": (
            "Iterated Prisoner's Dilemma: runs without success after k starts.",
            "Falling curves: slow for policy gradient, fast for the rules with the peer term.",
        ),
        "peer_sweep": (
            "The cooperative basin grows with the peer coefficient. The band is where .95 of single maps lie.",
            "A rising curve from .30 to .63.",
        ),
        "published": (
            "Published (diamonds) and ours, with the 95 % interval of each by itself; which differ is judged of all "
            "together.",
            "Published figures beside ours.",
        ),
    }
    pictures = {name: Figure(drawing, *captions[name]) for name, drawing in drawn.items()}
    sections = [
        Section(
            "Where learners end in Stag Hunt",
            "Two players choose C or D with R=4, S=0, T=3, P=2, and learn by gradient. Cooperation (CC) pays more, "
            "defection (DD) is safer. Which of the two they reach depends on where they start and on the rule.",
            [pictures[name] for name in ("basins", "gains", "first_hits", "entries") if name in pictures],
        ),
        Section(
            "The iterated Prisoner's Dilemma, and starting anew",
            "Twelve rounds with R=3, S=0, T=5, P=1, discount .96; players remember the last round. A run that fails "
            "starts anew, at most 13 times. Thin lines are geometric tails with the estimated probability per start.",
            [pictures[name] for name in ("ipd_entries", "restarts_stag_hunt", "restarts_ipd") if name in pictures],
        ),
        Section(
            "Published figures, measured again",
            verdict(study) + " Every figure is measured once; another seed measures all of them again.",
            [pictures[name] for name in ("peer_sweep", "published") if name in pictures],
            tables_section(study.rows),
        ),
    ]
    if checked is not None:
        sections = [claims_section(checked), *sections, statements_section(checked.rows)]
    results = (*study.maps.values(), *study.entries.values(), *study.ipd_entries.values())
    sources = [study.provenance, *(one.provenance for one in results)]
    return page("Opponent-aware basin entry", sections, provenance=sources, lead=verdict(checked or study))


def write_basin_entry(study: Reproduction, folder: Path, checked: CheckedClaims | None = None) -> list[Path]:
    """Write `report.html`, the figures and `results.json` into a folder; gives the paths written.

    The noise-free maps of a whole study are made here, since nothing but figures shows them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if study.status is Status.COMPLETE and not study.maps:
        study = replace(study, maps=noise_free_maps())
    drawn = draw_figures(study)
    written, images = [], dict[str, Any](drawn)
    for name, drawing in drawn.items():
        written.append(folder / f"{name}.png")
        written[-1].write_bytes(image := figures.to_png_bytes(drawing))
        if name in MAPS:
            images[name] = image
    data = study.to_dict() if checked is None else data_of(checked, study)
    told = json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False)
    for name, text in {"report.html": basin_entry_page(study, images, checked), "results.json": told}.items():
        written.append(folder / name)
        written[-1].write_text(text, encoding="utf-8")
    return written
