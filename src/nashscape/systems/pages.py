"""Pages of the documentation that are made from cards: one of every system, and one of what could not be reproduced."""

from collections.abc import Iterable, Iterator, Sequence

from nashscape.systems.agreement import ERROR
from nashscape.systems.card_texts import FIDELITIES, STATUSES
from nashscape.systems.system_cards import Card, Claim

STANDARD = (
    "Where chance has a part, figures and statements are tested, and all tests of this page are one family, judged by "
    f"Holm's method: if everything they ask is true, one or more say otherwise with probability {ERROR:g} at most, "
    "however many there are. A figure agrees where it is not rejected, a statement where its opposite is; where "
    "nothing but its own rejection is asked for, a statement is called not contradicted. Every figure is measured "
    "once, with a number of runs fixed beforehand; another `--seed` measures all of them again."
)
MISSED = ("disagrees", "not checkable here")
BEFORE = (
    "Every claim of a published system that did not hold when it was computed here, or cannot be computed here, "
    "with the computation that shows it. A claim disagrees under the conditions named with it, which says nothing "
    "about the rest of a publication. A reading is what others take a publication to say. `nashscape reproduce KEY` "
    "computes all of it again. Where a computation of ours is wrong, the card is what has to change."
)
NOTE = "<!-- This page is made from the system's card: `python -m nashscape.systems.pages` writes it anew. -->"


def card_page(card: Card) -> str:
    """A card as a page of Markdown.

    >>> from nashscape.systems import card
    >>> card_page(card("open-source-games")).splitlines()[0]
    '# Parametric Open Source Games'
    """
    return "\n".join([*_head(card), *_table(card.claims), *_claims(card.claims), *_found(card)]).rstrip() + "\n"


def _head(card: Card) -> Iterator[str]:
    where = f", [arXiv {card.arxiv}](https://arxiv.org/abs/{card.arxiv})" if card.arxiv else ""
    yield from (f"# {card.title}", "", NOTE, "")
    yield from (f"{', '.join(card.authors)} ({card.year}){where}.", "")
    yield from (card.about, "")
    yield from (f"**Fidelity: {card.fidelity}.** {_sentence(FIDELITIES[card.fidelity])}", "")
    counts = ", ".join(f"{count} {name}" for name, count in card.counts().items() if count)
    yield from (f"**{len(card.claims)} claims**: {counts}.", "")
    full, quick = (f"{card.seconds[name]:g} s" for name in ("full", "quick"))
    times = f"{full} on two idle cores with programs compiled before; `--quick` {quick}"
    yield from (f"`nashscape reproduce {card.key}` computes them again ({times}).", "")
    yield from (STANDARD, "")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _table(claims: Sequence[Claim]) -> Iterator[str]:
    yield from ("## Claims", "", "| claim | place | published | ours | status |", "| --- | --- | --- | --- | --- |")
    for one in claims:
        cells = (f"[{one.id}](#{one.id})", one.place, one.published or "–", ours(one) or "–", one.status)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def ours(claim: Claim) -> str:
    """Our value with its interval, as text; empty where a claim has none."""
    if claim.value is None:
        return ""
    ends = "" if claim.interval is None else f" [{claim.interval[0]:g}, {claim.interval[1]:g}]"
    return f"{claim.value:g}{ends}"


def _claims(claims: Sequence[Claim]) -> Iterator[str]:
    for one in claims:
        yield from (f"### {one.id}", "", *_claim(one), "")


def _claim(one: Claim) -> Iterator[str]:
    yield from (one.text, "")
    yield f"* **{one.status}**: {STATUSES[one.status]}."
    told = {"computed": one.computed, "agrees when": one.tolerance, "why": one.why}
    yield from (f"* {name}: {text}" for name, text in told.items() if text)


def _found(card: Card) -> Iterator[str]:
    if card.found:
        yield from ("## What else was found", "")
    for one in card.found:
        yield from (f"### {one.title}", "", one.text, "")


def not_reproduced_page(every: Iterable[Card]) -> str:
    """A page of Markdown with every claim of some cards that disagrees or cannot be checked, and the computation.

    Statements of the authors come first, then readings of others, which a publication need not answer for.

    >>> from nashscape.systems import cards
    >>> "does not hold" in not_reproduced_page(cards().values())
    True
    """
    return "\n".join(_not_reproduced(list(every))).rstrip() + "\n"


def _not_reproduced(every: Sequence[Card]) -> Iterator[str]:
    yield from ("# What could not be reproduced", "", NOTE.replace("the system's card", "the cards of systems"), "")
    yield from (BEFORE, "")
    for card in every:
        missed = [one for one in card.claims if one.status in MISSED]
        counted = f"{len(missed)} of {len(card.claims)} claims"
        yield from (f"## {card.title}", "", f"{counted}; [the card]({card.key}.md) has all of them.", "")
        for one in sorted(missed, key=lambda claim: claim.is_reading):
            whose = f"said by: {one.place}" if one.is_reading else f"place: {one.place}"
            yield from (f"### {card.key}: {one.id}", "", *_claim(one))
            yield from (f"* {whose}", *([f"* published: {one.published}"] if one.published else []))
            measured = ours(one)
            yield from ([f"* ours: {measured}"] if measured else [])
            yield ""


def main() -> None:
    """Write the pages of all cards into docs/systems, and that of the map of open problems, below this folder."""
    from pathlib import Path

    from nashscape.core.files.whole_files import write_whole
    from nashscape.systems.open_problems import agenda
    from nashscape.systems.system_cards import cards

    folder = Path("docs/systems")
    folder.mkdir(parents=True, exist_ok=True)
    for key, card in cards().items():
        write_whole(folder / f"{key}.md", card_page(card))
    write_whole(folder / "not-reproduced.md", not_reproduced_page(cards().values()))
    write_whole(folder.parent / "open-problems.md", agenda.page())


if __name__ == "__main__":
    main()
