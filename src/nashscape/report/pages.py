"""A page from sections: everything escaped, everything inside, nothing loaded from anywhere."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from nashscape import figures
from nashscape.core import InputError, Provenance, Source
from nashscape.report.look import STYLE
from nashscape.report.pieces import Piece

MOST_SVG = 250_000
"""Bytes above which a figure is embedded as PNG: drawings stay sharp, pictures of many cells stay small."""

LONG = 40
"""Letters above which the entries of a column are broken into lines."""

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
NUMBER = re.compile(r"[−+<>≤≥]?\s*-?[\d.,]+(e[+-]?\d+)?\s*(%|s|×)?(\s*\[[^\]]*\])?")


@dataclass(frozen=True)
class Figure:
    """A picture with its caption and with words for those who cannot see it.

    Attributes:
        image: a Matplotlib figure, the text of an SVG file, or the bytes of a PNG file.
        caption: what it shows.
        alt: what is to be seen, in words.
    """

    image: Any
    caption: str
    alt: str


@dataclass(frozen=True)
class Table:
    """A table; entries are written with `str`, and columns of numbers are aligned to the right.

    Attributes:
        columns: the headings.
        rows: entries, as many in every row as there are columns.
        caption: what it shows.
        folded: whether it is shown only when its caption is clicked on.
        anchor: an identifier by which other parts of the page link to it.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    caption: str = ""
    folded: bool = False
    anchor: str = ""

    def __post_init__(self) -> None:
        """Refuse rows of another length than the headings."""
        for k, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise InputError(f"row {k} of a table has {len(row)} entries for {len(self.columns)} columns")


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes:
        heading: its title.
        text: paragraphs with blank lines between them; words between backticks are set as code.
        figures: after the text.
        tables: after the figures.
        pieces: after the text; see `nashscape.report.pieces`.
    """

    heading: str
    text: str = ""
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    pieces: Sequence[Piece] = ()


def page(title: str, sections: Sequence[Section], *, provenance: Sequence[Provenance] = (), lead: str = "") -> str:
    """One HTML page that needs no network, no script and no other file.

    Args:
        title: of the page.
        sections: its parts, in order.
        provenance: of the results shown; the footer lists them, and what to cite.
        lead: text under the title, as in `Section`.

    Raises:
        InputError: for an image that is none.

    Example:
        >>> text = page("Stag Hunt", [Section("Result", "CC is reached from `0.25` of the starts.")])
        >>> "<code>0.25</code>" in text
        True
    """
    links = "".join(f'<li><a href="#s{k}">{escape(part.heading)}</a></li>' for k, part in enumerate(sections))
    contents = f'<nav aria-label="Contents"><ul>{links}</ul></nav>' if len(sections) > 2 else ""
    body = "\n".join(_section(k, part) for k, part in enumerate(sections))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n{_paragraphs(lead)}\n{contents}\n{body}\n</main>\n"
        f"{_footer(provenance)}\n</body>\n</html>\n"
    )


def _section(number: int, part: Section) -> str:
    pieces = [f'<section id="s{number}">', f"<h2>{escape(part.heading)}</h2>", _paragraphs(part.text)]
    pieces += [own.html() for own in part.pieces]
    pieces += [_figure(picture) for picture in part.figures]
    pieces += [_table(table) for table in part.tables]
    return "\n".join([*filter(None, pieces), "</section>"])


def _paragraphs(text: str) -> str:
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return "\n".join(f"<p>{_inline(part)}</p>" for part in parts)


def _inline(text: str) -> str:
    # a page stands alone: where links lead is not in it
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _figure(picture: Figure) -> str:
    caption = f"<figcaption>{_inline(picture.caption)}</figcaption>" if picture.caption else ""
    address = _address(picture.image)
    # a click on the box shows the figure as wide as the window, without a script
    return (
        f'<figure><label><input type="checkbox" aria-label="Enlarge">'
        f'<img src="{address}" alt="{escape(picture.alt)}"></label>{caption}</figure>'
    )


def _address(image: Any) -> str:
    """The image as a data address. As an image, and not as part of the page, an SVG keeps its identifiers to itself."""
    if hasattr(image, "savefig"):
        drawing = figures.to_svg(image)
        image = drawing if len(drawing) <= MOST_SVG else figures.to_png_bytes(image)
    if isinstance(image, str) and "<svg" in image[:2000]:
        return f"data:image/svg+xml;base64,{base64.b64encode(image.encode()).decode()}"
    if isinstance(image, bytes) and image.startswith(b"\x89PNG"):
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"
    raise InputError(f"an image is a Matplotlib figure, SVG text or PNG bytes; got {type(image).__name__}")


def _table(table: Table) -> str:
    entries = [[str(entry) for entry in row] for row in table.rows]
    right = [
        bool(entries) and all(NUMBER.fullmatch(row[k]) or not row[k] for row in entries)
        for k in range(len(table.columns))
    ]
    long = [max((len(row[k]) for row in entries), default=0) > LONG for k in range(len(table.columns))]
    kinds = [
        ' class="number"' if numeric else ' class="text"' if wraps else ""
        for numeric, wraps in zip(right, long, strict=True)
    ]
    head = "".join(
        f'<th scope="col"{kind}>{_inline(name)}</th>' for name, kind in zip(table.columns, kinds, strict=True)
    )
    rows = "\n".join(
        "<tr>" + "".join(f"<td{kind}>{_inline(entry)}</td>" for entry, kind in zip(row, kinds, strict=True)) + "</tr>"
        for row in entries
    )
    # the caption stays in sight, and as wide as the window, where the table is wider
    caption = f"<caption><span>{_inline(table.caption)}</span></caption>" if table.caption and not table.folded else ""
    # the focusable box lets a wide table be scrolled on a phone and with the keyboard
    anchor = f' id="{escape(table.anchor)}"' if table.anchor else ""
    shown = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.caption or "table")}">'
        f"<table{'' if table.folded else anchor}>{caption}<thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
    if not table.folded:
        return shown
    return f"<details{anchor}><summary>{_inline(table.caption or 'table')}</summary>{shown}</details>"


def _footer(provenance: Sequence[Provenance]) -> str:
    if not provenance:
        return ""
    rows = list(
        dict.fromkeys(
            (
                one.question.key or "none",
                "" if one.seed is None else str(one.seed),
                one.precision,
                one.version,
                ", ".join(f"{name} {version}" for name, version in one.libraries.items()),
            )
            for one in provenance
        )
    )
    table = Table(("configuration", "seed", "precision", "nashscape", "libraries"), rows, "Where the numbers come from")
    both = dict.fromkeys(source for one in provenance for source in one.to_cite)
    cited = "".join(f"<li>{_citation(source)}</li>" for source in both)
    sources = f"<p>To cite with these results:</p><ul>{cited}</ul>" if cited else ""
    return f"<footer>{_table(table)}{sources}</footer>"


def _citation(source: Source) -> str:
    link = f' <a href="{escape(source.url)}">{escape(source.url)}</a>' if source.url else ""
    return escape(source.text) + link
