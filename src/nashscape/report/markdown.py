"""The sections of a page as Markdown, with figures in files beside it."""

from collections.abc import Mapping, Sequence

from nashscape.core import Provenance
from nashscape.report.pages import Section, Table


def markdown(
    title: str,
    sections: Sequence[Section],
    files: Mapping[int, str],
    *,
    provenance: Sequence[Provenance] = (),
    lead: str = "",
) -> str:
    """A page as Markdown.

    Args:
        title: of the page.
        sections: as of `nashscape.report.page`.
        files: paths of figures, relative to the file, by the identity (`id`) of the figure.
        provenance: of the results shown: what to cite.
        lead: text under the title.

    Example:
        >>> table = Table(["T", "CC"], [[3, 0.25]])
        >>> print(markdown("Stag Hunt", [Section("Result", "CC from `0.25`.", tables=[table])], {}))
        # Stag Hunt
        <BLANKLINE>
        ## Result
        <BLANKLINE>
        CC from `0.25`.
        <BLANKLINE>
        | T | CC |
        | --- | --- |
        | 3 | 0.25 |
        <BLANKLINE>
    """
    parts = [f"# {title}", lead.strip()]
    for section in sections:
        parts += [f"## {section.heading}", section.text.strip(), *(own.markdown() for own in section.pieces)]
        parts += [f"![{own.alt}]({files[id(own)]})\n\n{own.caption}" for own in section.figures if id(own) in files]
        parts += map(_table, section.tables)
    cited = dict.fromkeys(source for one in provenance for source in one.sources)
    if cited:
        listed = "\n".join(f"- {own.text} {own.url}".rstrip() for own in cited)
        parts += ["## To cite with these results", listed]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(table: Table) -> str:
    lines = ["| " + " | ".join(map(_entry, table.columns)) + " |", "|" + " --- |" * len(table.columns)]
    lines += ["| " + " | ".join(_entry(own) for own in row) + " |" for row in table.rows]
    return "\n".join([*([f"*{table.caption}*", ""] if table.caption else []), *lines])


def _entry(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
