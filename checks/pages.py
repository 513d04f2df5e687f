"""Pages of Markdown as data: their links, anchors, blocks of code, typed commands and runnable examples."""

import doctest
import re
import shlex
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(?P<text>.+?)\s*$", re.MULTILINE)
COMMENT = re.compile(r"<!--\s*(?P<text>(?:(?!-->).)*?)\s*-->\n*\Z", re.DOTALL)
EXAMPLE = re.compile(r"^(?P<indent> *)>>> .*(?:\n(?P=indent) *\S.*)*", re.MULTILINE)

SHELL = ("sh", "console")


@dataclass(frozen=True)
class Block:
    """A block of code between fences.

    Attributes:
        language: what stands behind the opening fence.
        text: what is between, without indentation.
        mark: the comment right before it; empty where there is none.
    """

    language: str
    text: str
    mark: str


def pages(root: Path = ROOT) -> list[Path]:
    """The README and every page of the documentation."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def blocks(page: str) -> list[Block]:
    """All blocks of code of a page, in order."""
    found = []
    for match in FENCE.finditer(page):
        before = COMMENT.search(page[: match.start()])
        text = re.sub(rf"^{match['indent']}", "", match["text"], flags=re.MULTILINE)
        found.append(Block(match["language"], text, before["text"] if before else ""))
    return found


def prose(page: str) -> str:
    """A page without its blocks of code and code within lines."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", page))


def links(page: str) -> list[str]:
    """Where a page links to."""
    return [match["target"] for match in LINK.finditer(prose(page))]


def slug(heading: str) -> str:
    """The anchor of a heading, as the site makes it.

    >>> slug("Two rules, `pg` and *lola*")
    'two-rules-pg-and-lola'
    """
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def anchors(page: str) -> list[str]:
    """The anchors of all headings of a page."""
    return [slug(match["text"]) for match in HEADING.finditer(FENCE.sub("", page))]


def typed(page: str) -> Iterator[tuple[list[str], bool]]:
    """Every `nashscape …` of a page as words, and whether it stands in a shell block or, as code, in running text."""
    lines = [line for block in blocks(page) if block.language in ("", *SHELL) for line in _joined(block.text)]
    inline = re.findall(r"`(nashscape [^`\n]+)`", FENCE.sub("", page))
    for line, in_a_block in [*((line, True) for line in lines), *((line, False) for line in inline)]:
        if line.startswith("nashscape ") and "…" not in line:
            yield shlex.split(line, comments=True)[1:], in_a_block


def _joined(text: str) -> list[str]:
    return text.replace("\\\n", " ").splitlines()


def fenced(text: str) -> str:
    r"""A docstring with every example, its output included, between fences.

    Markdown reads `found[0.596, 0.601]` or `maps["pg"][0]` in running text as links, and examples stand wherever they
    explain something, not only in a section of examples.

    >>> fenced("Halves.\n\n>>> half(3)\n1.5")
    'Halves.\n\n```pycon\n>>> half(3)\n1.5\n```'
    """
    return EXAMPLE.sub(lambda block: f"{block['indent']}```pycon\n{block[0]}\n{block['indent']}```", text)


def examples(page: str) -> list[list[doctest.Example]]:
    """The runnable examples of a page, block by block."""
    parser = doctest.DocTestParser()
    return [found for block in blocks(page) if (found := parser.get_examples(block.text))]
