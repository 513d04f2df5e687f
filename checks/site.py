"""`python -m checks.site FOLDER`: the built site loads nothing from elsewhere."""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

LOADING = {
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "video": "src",
    "audio": "src",
    "object": "data",
}
RELATIONS = {"stylesheet", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "icon", "manifest"}
ELSEWHERE = re.compile(r"^(https?:)?//", re.IGNORECASE)
IN_STYLES = re.compile(r"""(?:@import\s+|url\(\s*)['"]?((?:https?:)?//[^'")\s;]+)""", re.IGNORECASE)


class _Loads(HTMLParser):
    """Every address that a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in LOADING:
            self.found.append(given.get(LOADING[tag], ""))
        if tag == "link" and RELATIONS & set(given.get("rel", "").lower().split()):
            self.found.append(given.get("href", ""))
        self.found += IN_STYLES.findall(given.get("style", ""))


def loaded(text: str) -> list[str]:
    """Addresses elsewhere that a page of HTML loads: scripts, styles, fonts, pictures, frames.

    >>> loaded('<a href="https://a.org">to read</a> <script src="https://b.org/x.js"></script> <img src="c.png">')
    ['https://b.org/x.js']
    """
    parser = _Loads()
    parser.feed(text)
    return [one for one in [*parser.found, *IN_STYLES.findall(text)] if ELSEWHERE.match(one)]


def faults(folder: Path) -> Iterator[str]:
    """What files of a site load from elsewhere, a line each."""
    for path in sorted(folder.rglob("*.html")):
        yield from (f"{path}: loads {one}" for one in loaded(path.read_text(encoding="utf-8")))
    for path in sorted(folder.rglob("*.css")):
        yield from (f"{path}: loads {one}" for one in IN_STYLES.findall(path.read_text(encoding="utf-8")))


def main() -> int:
    """Zero where nothing is loaded from elsewhere."""
    folder = Path(sys.argv[1])
    found = list(faults(folder))
    pages = len(list(folder.rglob("*.html")))
    print(*found, f"{pages} pages, {len(found)} addresses elsewhere", sep="\n")
    return int(bool(found) or not pages)


if __name__ == "__main__":
    sys.exit(main())
