"""`python checks/licences.py nashscape`: licences of a package and of all that it needs; 1 where one is copyleft.

Looks at what is installed, by the standard library alone, so that it runs in any environment. Extras are not followed,
unless they are named: nashscape[checker].
"""

import re
import sys
from importlib import metadata
from typing import Any

COPYLEFT = re.compile(r"\b(A?GPL|GNU (Affero )?General Public|EUPL|CC-BY-SA|OSL|SSPL)", re.IGNORECASE)
"""Licences that ask for more of whoever links than ours does. The Lesser GPL is told apart by its L."""

REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?")
EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")
LONGEST = 80
"""Of texts that stand where a name should."""


def needed(root: str) -> list[str]:
    """Names of a package and of all that it needs and that is installed, sorted; what is not is left out.

    Args:
        root: a name, with extras in brackets where these count.
    """
    found: dict[str, None] = {}
    todo = [_parts(root)]
    while todo:
        name, extras = todo.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found and not extras:
            continue
        try:
            requires = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found[key] = None
        for line in requires:
            text, _, marker = line.partition(";")
            asked = EXTRA.findall(marker)
            if not asked or set(asked) & set(extras):
                todo.append(_parts(text))
    return sorted(found)


def licence_of(name: str) -> str:
    """The licence of an installed package, by its expression, its classifiers, or what it calls it; "" for none."""
    told: Any = metadata.metadata(name)
    if expression := told.get("License-Expression"):
        return expression
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    text = (told.get("License") or "").strip()
    short = text if text and len(text) <= LONGEST and "\n" not in text else text.partition("\n")[0][:LONGEST]
    return "; ".join(one for one in classified if one != "OSI Approved") or short


def is_copyleft(licence: str) -> bool:
    """Whether all that a licence offers asks for more than ours: GPL does, "MIT OR GPL" and the Lesser GPL do not."""
    offered = re.split(r"\s+OR\s+", licence)
    return all(bool(COPYLEFT.search(one)) for one in offered)


def main(roots: list[str]) -> int:
    """Print a line for every package; 1 where one is copyleft, or says nothing."""
    names = sorted({name for root in roots for name in needed(root)})
    if not names:
        sys.stderr.write(f"nothing of {', '.join(roots)} is installed\n")
        return 1
    wrong = []
    for name in names:
        licence = licence_of(name)
        sys.stdout.write(f"{name} {metadata.version(name)}: {licence or 'says none'}\n")
        if not licence or is_copyleft(licence):
            wrong.append(name)
    for name in wrong:
        said = licence_of(name) or "says no licence"
        sys.stderr.write(f"{name}: {said}; look at it before it comes with nashscape\n")
    return 1 if wrong else 0


def _parts(requirement: str) -> tuple[str, frozenset[str]]:
    found = REQUIREMENT.match(requirement)
    assert found is not None, requirement
    return found[1], frozenset(filter(None, re.split(r"[\s,]+", found[2] or "")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["nashscape"]))
