"""Reports: one self-contained HTML page with text, figures, tables, and where the numbers come from."""

from nashscape.report.pages import Figure, Section, Table, page

__all__ = ["Figure", "Section", "Table", "page"]
