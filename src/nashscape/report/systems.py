"""The page and the files of a published system that was computed again."""

from pathlib import Path
from typing import Any

from nashscape.core.files.whole_files import write_whole
from nashscape.figures import published_figure, to_png_bytes
from nashscape.report.basin_entry import write_basin_entry
from nashscape.report.pages import Figure, Section, page
from nashscape.report.rows import claims_section, tables_section, verdict
from nashscape.systems import Card, CheckedClaims, card


def write_system(checked: CheckedClaims, folder: Path, whole: Any = None) -> list[Path]:
    """Write `report.html`, figures and `results.json` into a folder; gives the paths written.

    Args:
        checked: the claims of the system.
        folder: made where it is missing.
        whole: what its study gives besides, where it does; its own page is then written.
    """
    if whole is not None:
        return write_basin_entry(whole, folder, checked)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    if checked.rows:
        drawing = published_figure(checked.rows)
        written.append(folder / "published.png")
        written[-1].write_bytes(to_png_bytes(drawing))
    for name, text in {"report.html": _page(card(checked.system), checked), "results.json": checked.to_json()}.items():
        written.append(write_whole(folder / name, text))
    return written


def _page(card: Card, checked: CheckedClaims) -> str:
    pictures = [
        Figure(published_figure(checked.rows), "Claimed (diamonds) and ours, with intervals.", "Figures beside ours.")
    ] if checked.rows else []  # fmt: skip
    figures = Section("Figures", card.about, pictures, tables_section(checked.rows))
    sections = [claims_section(checked), figures]
    return page(card.title, sections, provenance=[checked.provenance], lead=verdict(checked))
