"""Programs that the compiler has made are kept on disk for later processes, where that was asked for.

The command line and the workers of studies ask; in Python `nashscape.keep_programs()` does. The environment says where:
`NASHSCAPE_CACHE`, a folder, or "off"; with `NASHSCAPE_FINISHED` "off" every process traces its programs.
"""

import hashlib
import importlib
import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import Any

from nashscape.core.errors import InputError
from nashscape.tracing.finished_programs import keep_finished
from nashscape.tracing.program_files import ProgramFiles

VARIABLE, FINISHED, OFF = "NASHSCAPE_CACHE", "NASHSCAPE_FINISHED", ("", "off")
MOST_BYTES = 2_000_000_000
PROCESSOR = ("vendor_id", "cpu family", "model", "flags", "CPU implementer", "CPU part", "Features")
"""What of a processor decides which programs are made for it, as Linux names it."""


def keep_programs(
    folder: str | os.PathLike[str] | None = None, *, most_bytes: int = MOST_BYTES, finished: bool = True
) -> Path | None:
    """Keep what JAX compiles from now on in a folder, and take from there what was compiled before.

    A program costs its compilation, often a second, once per machine and not once per process. Results do not change by
    a bit. Processes may share a folder; what is damaged is compiled again; of more than `most_bytes` those that were
    not used for longest go. Nothing is kept unless this is called; the command line calls it.

    >>> import nashscape as ns
    >>> folder = ns.keep_programs()  # first, then compute
    >>> folder is None or folder.is_dir()
    True

    Programs are code, so the folder is the user's own (mode 0700), never one that others may write. In it, programs
    for one kind of processor, JAX and jaxlib are together.

    Args:
        folder: where; by default `NASHSCAPE_CACHE`, or `nashscape` where the system keeps what can be made again
            (`XDG_CACHE_HOME`, `~/.cache`). Without a folder a setting of JAX's own (`JAX_COMPILATION_CACHE_DIR`) stays.
        most_bytes: how much is kept, about, of all kinds together.
        finished: whether the largest programs, those of runs, are also found by the text of this library, so that
            they need not be traced either, unless `NASHSCAPE_FINISHED` is "off". They must not be where functions or
            constants of this library are replaced in a running process.

    Returns:
        The folder with programs of this kind. None where nothing is kept: `NASHSCAPE_CACHE` is empty or "off", no
        folder could be made, or this version of JAX has no place for it.

    Raises:
        InputError: for a folder that was given and cannot be made, or that others may write.
    """
    import jax

    told: Any = jax.config
    if not told.jax_enable_compilation_cache:
        return None
    if folder is None and told.jax_compilation_cache_dir is not None:
        return Path(told.jax_compilation_cache_dir)
    chosen = usual_folder() if folder is None else Path(folder)
    if chosen is None:
        return None
    own = chosen.absolute() / "programs" / kind_of(processor(), *_compiler())
    try:
        for each in (own.parent, own):
            _private(each)
    except OSError as error:
        if folder is None:
            return None
        raise InputError(
            f"programs cannot be kept in {chosen}: {error.strerror or error}; give a folder of your own"
        ) from error
    return own if _handed_over(own, most_bytes, finished=finished) else None


def kind_of(*what: str) -> str:
    """Sixteen hexadecimal digits of a processor's features and of what compiles for it.

    >>> kind_of("flags: avx2", "jaxlib 0.10.2") == kind_of("flags: avx2 avx512f", "jaxlib 0.10.2")
    False
    """
    return hashlib.sha256("\n".join(what).encode()).hexdigest()[:16]


def usual_folder() -> Path | None:
    """Where the environment says, or where such things are kept."""
    said = os.environ.get(VARIABLE)
    if said is not None:
        return None if said in OFF else Path(said)
    usual = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if usual.is_absolute():  # others are to be ignored, says the standard
        return usual / "nashscape"
    with suppress(RuntimeError):  # nobody's home
        return Path.home() / ".cache" / "nashscape"
    return None


def processor(table: Path = Path("/proc/cpuinfo")) -> str:
    """The features of the first core; elsewhere than on Linux, where there is no table, what Python knows of it."""
    told = [platform.system(), platform.machine(), platform.processor()]
    with suppress(OSError), table.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                break
            told += [line.strip()] if line.partition(":")[0].strip() in PROCESSOR else []
    return "\n".join(told)


def _compiler() -> tuple[str, str]:
    import jax
    from jaxlib import version

    return f"jax {jax.__version__}", f"jaxlib {version.__version__}"


def _private(folder: Path) -> None:
    """Make a folder that only its owner may write, or see that it is one.

    Raises:
        OSError: where that is not so.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        raise PermissionError(f"others may write {folder}")


def _handed_over(folder: Path, most_bytes: int, *, finished: bool) -> bool:
    """Have JAX keep its programs in our files: it has no public name for that; whether this version let us."""
    import jax

    try:
        theirs: Any = importlib.import_module("jax._src.compilation_cache")
        theirs._cache, theirs._cache_initialized  # noqa: B018 - whether they are there
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
        # which would put the folder's name into the keys of programs
        jax.config.update("jax_persistent_cache_enable_xla_caches", "none")
        jax.config.update("jax_compilation_cache_dir", str(folder))
    except (ImportError, AttributeError):
        return False
    files = ProgramFiles(folder, most_bytes)
    theirs._cache, theirs._cache_initialized = files, True
    keep_finished(files if finished and os.environ.get(FINISHED) not in OFF else None)
    return True
