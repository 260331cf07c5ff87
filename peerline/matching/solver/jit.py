"""One text, run in two ways: as plain Python at once, or compiled by numba when the work is large.

A function marked `@kernel` is left as it is, so a small cohort never waits for a compiler. `compiled(entry)` makes the
same function and all kernels it calls into machine code. That takes a while once; afterwards it is read from the cache,
a folder named after the room's own text, so that a changed kernel can never be answered by an old one.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

ROOM = Path(__file__).resolve().parent.parent
WHOLE = "whole"  # the file that says that nothing is missing in the cache
TIMES_UNCACHED = 10

_kernels: dict[str, FunctionType] = {}
_entries: set[str] = set()


def kernel(function: Function) -> Function:
    """To be compiled together with the others when asked for. No two kernels may have one name."""
    if function.__name__ in _kernels:
        raise ValueError(f"there are two kernels named {function.__name__}")
    _kernels[function.__name__] = function  # type: ignore[assignment]
    return function


def entry(function: Function) -> Function:
    """A kernel that is called from outside: only these are kept in the cache, each with all that it calls."""
    _entries.add(function.__name__)
    return kernel(function)


def is_better(function: Callable[..., Any], size: int, small: int) -> bool:
    """Is work of this size done sooner by the compiled form of an entry? Up to `small`, plain Python takes about a second.

    What this process has compiled already costs nothing more, and reading the cache takes a second. Where there is no
    cache yet, compiling takes as long as plain Python takes for ten times as much.
    """
    return is_compiled(function) or size > (small if is_cached() else TIMES_UNCACHED * small)


def is_compiled(function: Callable[..., Any]) -> bool:
    """Has this process the compiled form of an entry already?"""
    return _all_compiled.cache_info().currsize > 0 and bool(_all_compiled()[function.__name__].signatures)


def is_cached() -> bool:
    """Was everything compiled once, by whatever process, and kept?"""
    return (cache_folder() / WHOLE).exists()


def note_cached() -> None:
    """From now on every process finds all entries compiled."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    (cache_folder() / WHOLE).touch()


def bits_of(word: Any) -> int:
    """How many bits are set. Compiled, it is one instruction, or one for several words."""
    return int(word).bit_count()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The compiled form of an entry."""
    return _all_compiled()[function.__name__]


@cache
def _all_compiled() -> dict[str, Callable[..., Any]]:
    """Every kernel's copy sees the compiled copies where the plain one sees the plain ones.

    Kernels make no arrays of their own, so none has to be counted (`_nrt`): counting cost two thirds of the time.
    """
    numba = _numba()
    names: dict[str, Any] = {}
    for function in _kernels.values():
        names |= {name: value for name, value in function.__globals__.items() if not name.startswith("__")}
    names |= {"__name__": __name__, "bits_of": bit_counter()}
    for name, function in _kernels.items():
        copy = FunctionType(function.__code__, names, name, function.__defaults__)
        names[name] = numba.njit(copy, cache=name in _entries, nogil=True, _nrt=False)
    return {name: names[name] for name in _entries}


@cache
def bit_counter() -> Any:
    """What stands for bits_of in compiled kernels."""
    _numba()
    from numba.core import types
    from numba.extending import intrinsic

    @intrinsic
    def counted(typing: Any, word: Any) -> Any:
        return types.uint64(types.uint64), lambda context, builder, signature, args: builder.ctpop(args[0])

    return counted


def _numba() -> Any:
    """numba, told to keep its cache inside the state folder before it looks for one of its own."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder()))
    import numba

    return numba


def cache_folder() -> Path:
    """A folder that changes its name with the text of the room. In the state folder, or beside Python's own cache."""
    return _state_folder() / "solver" / _digest()


@cache
def _digest() -> str:
    """Of the text of this room, where all kernels are, and of who compiles it."""
    digest = hashlib.sha256(f"{sys.version} numba {version('numba')}".encode())
    for file in sorted(ROOM.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _state_folder() -> Path:
    state = os.environ.get("PEERLINE_STATE")
    return Path(state) if state else ROOM.parents[1] / "state"
