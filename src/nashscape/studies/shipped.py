"""The library of studies, and the study of a file, of a name, or of a folder of results."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from nashscape.core import InputError, nearest, unknown

if TYPE_CHECKING:
    from nashscape.studies.study import Study

TEXT = "study.toml"
"""The file of a study in the folder of its results."""


def shipped() -> dict[str, str]:
    """What each study of the library asks, by name.

    >>> "temptation" in shipped()
    True
    """
    return {name: " ".join(tomllib.loads(text_of(name))["study"]["about"].split()) for name in _names()}


def text_of(name: str) -> str:
    """The file of a study of the library.

    Raises:
        InputError: for another name, with the nearest ones.
    """
    if name not in _names():
        raise unknown("study of the library", name, _names())
    return (resources.files("nashscape.studies") / "library" / f"{name}.toml").read_text(encoding="utf-8")


def study_named(given: str) -> "Study":
    """The study in a file, or of the library.

    Raises:
        InputError: for what is neither, and with all that is wrong with the file.
    """
    from nashscape.studies.toml_files import read_study, study_from_text

    if given in _names() and not Path(given).is_file():
        return study_from_text(text_of(given), called=f"{given}.toml")
    if not given.endswith(".toml") and not Path(given).exists():
        raise InputError(
            f"{given!r} is neither a file nor a study of the library{nearest(given, _names())}; "
            "`nashscape study list` lists these"
        )
    return read_study(given)


def study_in(folder: str | Path, files: str | Path | None = None) -> "Study":
    """The study whose results are in a folder.

    Args:
        folder: of the results.
        files: where files are that the study names; by default the folder itself.

    Raises:
        InputError: where there is none.
    """
    from nashscape.studies.toml_files import study_from_text

    path = Path(folder) / TEXT
    if not Path(folder).is_dir():
        raise InputError(f"{folder} is no folder of results; give one that `nashscape study run` has made")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(
            f"{folder} holds no {TEXT}: its study was built in Python of more than numbers and texts, and is continued "
            "there, by study.run(into=…)"
        ) from error
    try:
        return study_from_text(text, str(folder if files is None else files), str(path))
    except InputError as error:
        if files is None and "cannot read" in str(error):
            raise InputError(f"{error}; say where its files are: --files DIR") from error
        raise


def _names() -> list[str]:
    library = resources.files("nashscape.studies") / "library"
    return sorted(own.name.removesuffix(".toml") for own in library.iterdir() if own.name.endswith(".toml"))
