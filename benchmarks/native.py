"""The C kernels: compiled for this machine and loaded."""

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

FLAGS = ["-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-fopenmp", "-fPIC"]
KERNELS = Path(__file__).parent / "kernels"
BUILT = Path("out/bench/kernels")


def load(name: str) -> ctypes.CDLL:
    """Compile `kernels/<name>.c` and load it.

    Compiling and linking are two steps, since a library *linked* with `-ffast-math` would change how the whole
    process rounds small numbers.
    """
    if shutil.which("gcc") is None:
        raise RuntimeError("the kernels to compare with need gcc; install it or leave this benchmark out")
    BUILT.mkdir(parents=True, exist_ok=True)
    compiled, linked = BUILT / f"{name}.o", BUILT / f"{name}.so"
    source = ["-c", str(KERNELS / f"{name}.c"), "-o", str(compiled)]
    first = subprocess.run(["gcc", *FLAGS, *source], capture_output=True, text=True, check=False)
    if first.returncode != 0:  # a gcc that does not know the width of vectors
        plainer = [flag for flag in FLAGS if not flag.startswith("-mprefer")]
        subprocess.run(["gcc", *plainer, *source], check=True)
    subprocess.run(["gcc", "-shared", "-fopenmp", str(compiled), "-o", str(linked), "-lm"], check=True)
    return ctypes.CDLL(str(linked.resolve()))


def floats(values: Any) -> Any:
    """An array as a C array of float."""
    return np.ascontiguousarray(values, np.float32).ctypes.data_as(ctypes.POINTER(ctypes.c_float))
