"""Pictures of spectra: eigenvalues along and across symmetric profiles in the complex plane."""

from typing import Unpack

from matplotlib.figure import Figure

from nashscape.figures.given import only
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.style import FAINT, TARGETS, bare, words
from nashscape.theory.transverse import TransverseSpectrum


@on_paper
def spectrum_figure(found: TransverseSpectrum, *, title: str | None = None, **paper: Unpack[Paper]) -> Figure:
    """Eigenvalues along the symmetric profiles and across them; to the right of the line differences grow.

    Args:
        found: what `transverse_spectrum` gave.
        title: of the figure; by default rule, game and verdict.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import games, open_source
        >>> from nashscape.theory import transverse_spectrum
        >>> figure = spectrum_figure(transverse_spectrum(open_source(games.prisoners_dilemma(), 0.5), [0.2]))
        >>> [text.get_text() for text in figure.legends[0].get_texts()]
        ['along', 'across']
    """
    only(found, TransverseSpectrum, "transverse_spectrum")
    figure, [[axes]] = canvas(1, 1, 5.0, 3.6)
    bare(axes)
    axes.axvline(0, color=FAINT, linewidth=0.9)
    for values, marker, colour, name in (
        (found.along, "o", TARGETS[0], "along"),
        (found.across, "x", TARGETS[5], "across"),
    ):
        if len(values):
            axes.plot(values.real, values.imag, marker, color=colour, markersize=6, label=name)
    words(axes, xlabel="real part, per unit of time", ylabel="imaginary part")
    usual = f"{found.rule} on {found.game} ({found.setting}): {found.verdict} across"
    if axes.lines[1:]:
        key(figure, columns=2)
    else:
        usual += "\nall parameters are held at a bound"
    head(axes, usual if title is None else title)
    return figure
