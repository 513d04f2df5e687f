"""`nashscape systems`: the published systems, and the card of one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

from nashscape.cli.asked import Asked
from nashscape.cli.commands import command
from nashscape.cli.rows import JSON, Typed

if TYPE_CHECKING:
    from nashscape.systems import Card


KEY = Typed("key", "str", None, "", "The system whose card is wanted.", shape="KEY", argument=True)


@command("Published systems: what is claimed, and what holds.", "", KEY, JSON)
def systems(asked: Asked) -> None:
    """List the published systems that can be computed again, or show the card of one.

    A card holds every claim of a publication's abstract with its status: agrees,
    not contradicted, disagrees, not checkable here, open. Nothing is computed;
    nashscape reproduce KEY does that. Times are those of two idle cores.

    \b
    Examples
      nashscape systems
      nashscape systems basin-entry
      nashscape systems --json
    """
    from nashscape.cli import output
    from nashscape.systems import card, cards

    if "key" in asked:
        one = card(asked["key"])
        output.print_json(one) if asked["json"] else _show(one)
    elif asked["json"]:
        output.print_json([_summary(one) for one in cards().values()])
    else:
        _list(cards())


def _summary(card: "Card") -> dict[str, Any]:
    return {
        "key": card.key,
        "title": card.title,
        "year": card.year,
        "arxiv": card.arxiv,
        "fidelity": card.fidelity,
        "claims": card.counts(),
        "seconds": dict(card.seconds),
    }


def _list(known: "Mapping[str, Card]") -> None:
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.systems.card_texts import STATUSES

    rows = [
        (
            one.key,
            one.title,
            str(one.year),
            one.fidelity,
            *(str(count or "–") for count in one.counts().values()),
            f"{one.seconds['full']:g} s",
            f"{one.seconds['quick']:g} s",
        )
        for one in known.values()
    ]
    columns = ("system", "title", "year", "fidelity", *STATUSES, "time", "quick")
    notes = []
    for one in known.values():
        readings = [claim.status for claim in one.claims if claim.is_reading]
        counts = {status: readings.count(status) for status in readings}
        said = " and ".join(f"{count} of those that {status[:-1]}" for status, count in counts.items())
        if readings:
            notes.append(f"{one.key}: {said} are readings that others might make, no statements of its authors.")
    notes.append("nashscape systems KEY shows a card, nashscape reproduce KEY computes its claims again.")
    output.show(Table("Published systems", columns, tuple(rows), left=columns[:4], wrap=("title",), notes=tuple(notes)))


def _show(card: "Card") -> None:
    from nashscape.cli import output
    from nashscape.core.tables import Table
    from nashscape.systems.pages import ours

    where = f", arXiv {card.arxiv}" if card.arxiv else ""
    typer.echo(f"{card.title}\n{', '.join(card.authors)} ({card.year}){where}. Fidelity: {card.fidelity}.\n")
    rows = [(one.id, one.text, one.place, one.published or "–", ours(one) or "–", one.status) for one in card.claims]
    columns = ("claim", "what is claimed", "place", "published", "ours", "status")
    whys = [f"{one.id}: {one.why}" for one in card.claims if one.why]
    found = [f"\n{one.title}: {one.text}" for one in card.found]
    wrapped = ("what is claimed", "place", "published")
    output.show(Table("", columns, tuple(rows), left=columns, wrap=wrapped, notes=(*whys, *found)))
