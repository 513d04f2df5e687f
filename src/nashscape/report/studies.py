"""The report of a study: what was asked, what came out with its intervals, what failed, where it all comes from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nashscape import figures
from nashscape.core import InputError
from nashscape.core.makers import this_maker
from nashscape.figures.studies import figure_of
from nashscape.figures.study_parts import Part, Rows, axis_of, parts_of, words_of
from nashscape.report.answers import answers_of
from nashscape.report.atlases import atlas_of
from nashscape.report.markdown import markdown
from nashscape.report.pages import Figure, Section, Table, page
from nashscape.report.pieces import Code
from nashscape.report.study_faults import Fault, faults_of, untils_of
from nashscape.report.study_texts import asked_sections, commands

FOLDED, MOST_ROWS, ENDS = 24, 160, 15
"""Rows above which a table is folded, above which only its ends are shown, and how many of each end."""


def write_study_report(found: Any, out: str | Path) -> list[Path]:
    """Write the report of a study: `report.html`, one self-contained page, and `report.md` with its figures.

    Args:
        found: the findings of a study, or the folder of its store.
        out: the folder to write into.

    Returns:
        The paths written, the page first.

    Raises:
        InputError: for what is neither, and a study that has no numbers yet.

    Example:
        >>> import tempfile
        >>> from nashscape.studies.study import Study
        >>> study = Study("peer", {"game": "stag_hunt", "rule": "meta_mapg", "grid": 5}, [{"peer": [0, 2]}])
        >>> [path.name for path in write_study_report(study.run(), tempfile.mkdtemp())]
        ['report.html', 'report.md', 'basin_map-share.png']
    """
    text = ""
    if isinstance(found, str) or hasattr(found, "__fspath__"):
        from nashscape.report.stored import findings_in

        found, text = findings_in(Path(found))
    if not hasattr(found, "rows") or not hasattr(found, "failures"):
        raise InputError(f"a report is of the findings of a study, or of its folder; got {type(found).__name__}")
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    answers, faults = answers_of(found), faults_of(found)
    sections, named = _sections(found, text, answers, faults)
    written = [folder / "report.html", folder / "report.md"]
    files = {}
    for name, picture in named.items():
        path = folder / f"{name}.png"
        path.write_bytes(figures.to_png_bytes(picture.image))
        files[id(picture)] = path.name
        written.append(path)
    lead = _lead(found, answers, faults)
    title = f"Study: {found.name}"
    written[0].write_text(page(title, sections, provenance=[found.provenance], lead=lead), encoding="utf-8")
    written[1].write_text(markdown(title, sections, files, provenance=[found.provenance], lead=lead), encoding="utf-8")
    return written


def _lead(found: Any, answers: Mapping[str, Sequence[str]], faults: Sequence[Fault]) -> str:
    """What was asked, the answer of each measure, and what is missing."""
    told = [f"{_heading(measure)}. {own[0]}" for measure, own in answers.items() if own]
    failed = [_failed(own) for own in faults]
    missing = [] if found.status.name == "COMPLETE" else [f"{found.advice[:1].upper()}{found.advice[1:].rstrip('.')}."]
    nothing = [] if len(found) else ["No number yet."]
    return "\n\n".join([" ".join(found.about.split()), *told, *nothing, *failed, *missing])


def _heading(measure: str) -> str:
    said = measure.replace("_", " ")
    return f"{said[:1].upper()}{said[1:]}"


def _failed(fault: Fault) -> str:
    of = f" of {fault.of}" if fault.of else ""
    head = f"{_heading(fault.measure)} failed" if fault.measure else "A measure failed"
    return f"{head} at {fault.settings}{of} setting{'' if (fault.of or fault.settings) == 1 else 's'}: {fault.error}"


def _sections(
    found: Any, text: str, answers: Mapping[str, Sequence[str]], faults: Sequence[Fault]
) -> tuple[list[Section], dict[str, Figure]]:
    """All sections, and their figures by name of file."""
    sections = asked_sections(found, text)
    if atlas := atlas_of(found):
        sections += atlas
    named: dict[str, Figure] = {}
    parts, untils = parts_of(found) if len(found) else [], untils_of(found)
    for measure in dict.fromkeys(own.measure for own in parts):
        own = [part for part in parts if part.measure == measure]
        drawn = {} if atlas else {part.quantity: _figure(part, found.name) for part in own if part.drawn}
        named |= {f"{_file(measure)}-{_file(quantity)}": picture for quantity, picture in drawn.items()}
        tables = [] if atlas else [_table(part) for part in own]
        # the first answer stands above all sections already
        told = "\n\n".join([*filter(None, [untils.get(measure)]), *answers.get(measure, ())[1:]])
        if drawn or tables or told:
            sections.append(Section(f"Measured: {measure.replace('_', ' ')}", told, list(drawn.values()), tables))
    if faults:
        sections.append(_failures(faults))
    sections.append(_origin(found))
    return sections, named


def _file(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)


def _figure(part: Part, name: str) -> Figure:
    varied = [axis_of(own) for own in (*part.numbers, *part.texts)]
    over = f" by {', '.join(varied)}" if varied else ""
    drawn = f" Drawn: {', '.join(part.ofs)}; the table has all." if len(part.ofs) > 1 else ""
    bands = " Bands and bars are the intervals of the table." if len(part.numbers) < 2 and not part.of_text else ""
    said = words_of(part.quantity)
    return Figure(figure_of(part, name), f"{said[:1].upper()}{said[1:]}{over}.{bands}{drawn}", f"{said}{over}")


def _table(part: Part) -> Table:
    """Points down, what the quantity is of across, every number with its interval."""
    names = (*part.texts, *part.numbers)
    ofs = list(dict.fromkeys(part.columns["of"].tolist()))
    rows: dict[tuple[Any, ...], dict[str, str]] = {}
    order: dict[tuple[Any, ...], float] = {}
    everything = part.where()
    for k in range(len(everything)):
        point = tuple(everything[name][k].item() for name in names)
        rows.setdefault(point, {})[everything["of"][k].item()] = cell(everything, k)
        if everything["of"][k] == part.ofs[0]:
            order[point] = float(everything["value"][k])
    heads = [*map(axis_of, names), *(of or words_of(part.quantity) for of in ofs)]
    points = list(rows)
    said = words_of(part.quantity)
    caption = f"{said[:1].upper()}{said[1:]}: {len(points)} point{'s' if len(points) != 1 else ''}"
    if len(points) > MOST_ROWS:
        ranked = sorted(points, key=lambda own: order.get(own, np.nan))
        points = [*ranked[:ENDS], *ranked[-ENDS:]]
        caption += f"; the {ENDS} least and the {ENDS} largest of {part.ofs[0] or said}, the others in the store"
    entries = [[*map(_short, own), *(rows[own].get(of, "") for of in ofs)] for own in points]
    return Table(heads, entries, caption, folded=len(points) > FOLDED)


def cell(rows: Rows, k: int) -> str:
    """A number with its interval, or a text.

    >>> cell(Rows({"value": [0.25], "low": [0.2], "high": [0.3], "text": [""]}), 0)
    '0.25 [0.2, 0.3]'
    """
    value, low, high, text = (rows[name][k] for name in ("value", "low", "high", "text"))
    if not np.isfinite(value):
        between = f" [{_digits(low)}, {_digits(high)}]" if np.isfinite(low) and np.isfinite(high) else ""
        return f"{text}{between}" if text else "—"
    said = _digits(value)
    if np.isfinite(low) and np.isfinite(high) and (low != value or high != value):
        said += f" [{_digits(low)}, {_digits(high)}]"
    return f"{said} {text}".rstrip()


def _digits(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _failures(faults: Sequence[Fault]) -> Section:
    rows = [
        [own.measure or "—", f"{own.settings} of {own.of}" if own.of else own.settings, own.items, own.error,
         f"`{own.first}`"]
        for own in faults
    ]  # fmt: skip
    return Section(
        "What failed",
        "These items have no numbers, and no figure counts them; what other measures found at the same settings stands "
        "above. The store has the traceback of each; run the study with `--again` to try them once more.",
        tables=[Table(("measure", "settings", "items", "why", "key of the first"), rows, "Failures by reason")],
    )


def _origin(found: Any) -> Section:
    maker = this_maker()
    questions = list(dict.fromkeys(own for own in found.rows["question"].tolist() if own)) if len(found) else []
    rows: list[list[Any]] = [
        ["numbers", len(found)],
        ["key of the study", f"`{found.provenance.question.key or 'none'}`"],
        ["this report", f"nashscape {maker.version}, code {maker.code}, {maker.machine}"],
        ["computed with", ", ".join(maker.libraries)],
        ["questions asked of the library", len(questions)],
    ]
    pieces: Sequence[Any] = [Code("\n".join(questions), "Keys of all questions")] if questions else []
    return Section(
        "Where it comes from, and how to make it again",
        "The commands below compute what is missing and write this report again.",
        tables=[Table(("", ""), rows, "Code and questions")],
        pieces=[Code("\n".join(commands(found)), language="sh"), *pieces],
    )
