"""The gallery: one small result of every kind that has a picture, drawn.

`python -m checks.gallery OUT` computes the results and writes their pictures into OUT, as they are by default; into
OUT/narrow, 400 pixels wide; and into OUT/grey, as they are by default without colours. Further words choose the
pictures whose names begin so. It prints what `checks.picture_faults` finds, and leaves with 1 where that is something.
"""

import io
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.image import imread, imsave

from checks.gallery_results import RESULTS
from checks.picture_faults import faults
from nashscape import figures

NARROW, DOTS = 4.0, 100
"""Inches and dots per inch: 400 pixels."""
LUMA = (0.2126, 0.7152, 0.0722)


def results(begins: Sequence[str] = ("",)) -> Iterator[tuple[str, Any]]:
    """Names and results of the gallery, those whose names begin with one of these."""
    with tempfile.TemporaryDirectory() as folder:
        for name, make in RESULTS.items():
            if name.startswith(tuple(begins)):
                yield name, make(Path(folder))


def drawings(found: Any) -> dict[str, Any]:
    """A result's picture at its usual size and at 400 pixels."""
    narrow = found.plot(size=NARROW)
    narrow.set_dpi(DOTS)
    return {"": found.plot(), "narrow": narrow}


def main(words: Sequence[str]) -> int:
    """Draw what was asked for, and return how the command leaves."""
    if not words:
        print(__doc__)
        return 2
    out, wrong = Path(words[0]), 0
    for folder in ("", "narrow", "grey"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for name, found in results(words[1:] or ("",)):
        for folder, figure in drawings(found).items():
            said = faults(figure)
            wrong += len(said)
            print(*(f"{name} {folder or 'usual'}: {one}" for one in said), sep="\n", end="\n" if said else "")
            if folder:
                figure.savefig(out / folder / f"{name}.png", dpi=DOTS)
            else:
                figures.save(figure, out / f"{name}.png")
                pixels = imread(io.BytesIO(figures.to_png_bytes(figure)))[..., :3]
                imsave(out / "grey" / f"{name}.png", np.asarray(pixels @ LUMA), cmap="gray", vmin=0.0, vmax=1.0)
    print(f"{wrong} faults")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
