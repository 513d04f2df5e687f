"""Parts of a page that are neither text, figure nor table: texts as they are, and mosaics of coloured cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol


class Piece(Protocol):
    """What says itself as HTML and as Markdown."""

    def html(self) -> str:
        """As part of a page."""
        ...

    def markdown(self) -> str:
        """As lines of a Markdown file."""
        ...


@dataclass(frozen=True)
class Code:
    """A text as it is, such as a study's file or a traceback.

    Attributes:
        text: the text.
        heading: what is clicked on to see it; by default it is seen.
        language: for those who colour it.
    """

    text: str
    heading: str = ""
    language: str = ""

    def html(self) -> str:
        """The text in a frame, folded where it has a heading."""
        shown = f'<pre tabindex="0">{escape(self.text)}</pre>'
        return f"<details><summary>{escape(self.heading)}</summary>{shown}</details>" if self.heading else shown

    def markdown(self) -> str:
        """A fenced block whose fence is longer than any in the text."""
        fence = "```"
        while fence in self.text:
            fence += "`"
        head = f"{self.heading}\n\n" if self.heading else ""
        return f"{head}{fence}{self.language}\n{self.text.rstrip()}\n{fence}"


@dataclass(frozen=True)
class Cell:
    """One cell of a mosaic.

    Attributes:
        text: in it.
        parts: colours and their shares, from left to right.
        words: what it says to those who do not see colours.
        link: the identifier of a place on the page to go to; empty for none.
    """

    text: str
    parts: Sequence[tuple[str, float]] = ()
    words: str = ""
    link: str = ""


@dataclass(frozen=True)
class Mosaic:
    """A table of coloured cells.

    Attributes:
        columns: headings.
        rows: the heading of every row with its cells.
        caption: what it shows.
        key: colours and what they stand for.
        corner: what columns and rows are.
    """

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    caption: str = ""
    key: Sequence[tuple[str, str]] = ()
    corner: str = ""

    def html(self) -> str:
        """A table whose cells are filled from left to right, each with its words for screen readers."""
        head = "".join(f'<th scope="col">{escape(own)}</th>' for own in self.columns)
        rows = "\n".join(
            f'<tr><th scope="row">{escape(name)}</th>{"".join(map(_cell, cells))}</tr>' for name, cells in self.rows
        )
        keys = "".join(
            f'<li><span class="patch" style="background:{escape(colour)}"></span>{escape(said)}</li>'
            for colour, said in self.key
        )
        return (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(self.caption or "mosaic")}">'
            f'<table class="mosaic"><caption><span>{escape(self.caption)}</span></caption>'
            f"<thead><tr><td>{escape(self.corner)}</td>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table></div>" + (f'<ul class="key">{keys}</ul>' if keys else "")
        )

    def markdown(self) -> str:
        """The words of the cells, as a table."""
        lines = ["| " + " | ".join([self.corner, *self.columns]) + " |", "|" + " --- |" * (len(self.columns) + 1)]
        lines += [
            "| " + " | ".join([name, *(own.words or own.text for own in cells)]) + " |" for name, cells in self.rows
        ]
        keys = ["", *(f"- {colour}: {said}" for colour, said in self.key)] if self.key else []
        return "\n".join([*([self.caption, ""] if self.caption else []), *lines, *keys])


def _cell(cell: Cell) -> str:
    stops, at = [], 0.0
    for colour, share in cell.parts:
        stops.append(f"{escape(colour)} {100 * at:.1f}% {100 * (at + share):.1f}%")
        at += share
    style = f' style="background:linear-gradient(to right,{",".join(stops)})"' if stops else ""
    text = f"<span>{escape(cell.text)}</span>"
    if cell.link:
        text = f'<a href="#{escape(cell.link)}">{text}</a>'
    words = f' title="{escape(cell.words)}" aria-label="{escape(f"{cell.text}: {cell.words}")}"' if cell.words else ""
    return f"<td{style}{words}>{text}</td>"
