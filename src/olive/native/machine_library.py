"""Machine code by name: compiled once, kept on disk, loaded into the process."""

from __future__ import annotations

import ctypes
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

import llvmlite
from llvmlite import ir

from olive.native.building_blocks import GENERATOR_VERSION, prototype
from olive.native.cores import available_cores
from olive.native.machine_image import entered, image, processor
from olive.native.private_folder import PrivateFolder

CACHE_VARIABLE = "OLIVE_CACHE"

_lock = threading.Lock()
_loaded: dict[str, int] = {}


def cache_folder() -> Path | None:
    """Return where compiled code is kept: ``$OLIVE_CACHE``, else the user's cache folder.

    None where the user has no home: a cache is not needed.
    """
    stated = os.environ.get(CACHE_VARIABLE)
    if stated:
        return Path(stated)
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "olive"
    except RuntimeError:
        return None


def _kept_code() -> PrivateFolder:
    return PrivateFolder(cache_folder(), own=not os.environ.get(CACHE_VARIABLE))


@cache
def _machine() -> str:
    """Return what machine code depends on besides the rule: CPU, its features, LLVM, generator."""
    target = processor() or _compiler().target()
    return "|".join((*target, llvmlite.__version__, str(GENERATOR_VERSION)))


def _compiler() -> Any:
    # Loaded when first needed: code that is kept can mostly be entered without it.
    from olive.native import machine_compiler  # noqa: PLC0415

    return machine_compiler


def kernel_name(content: object) -> str:
    """Return the name of the kernel for a description of what it computes."""
    digest = hashlib.sha256(f"{_machine()}|{content!r}".encode()).hexdigest()
    return f"olive_{digest[:32]}"


def load_kernels(wanted: Mapping[str, Callable[[], ir.Module]]) -> tuple[dict[str, int], int]:
    """Return the address of each kernel, and how many were compiled: those not in the cache.

    Wanted are the functions that write the modules of the kernels.
    """
    with _lock:
        absent = not_loaded(wanted)
        if not absent:
            return {name: _loaded[name] for name in wanted}, 0
        kept = _kept_code()
        found = {name: code for name in absent if (code := kept.read(_file(name))) is not None}
        images = {name: image(code, name) for name, code in found.items()}
        _loaded.update(entered({name: each for name, each in images.items() if each is not None}))
        for name, code in found.items():
            if name not in _loaded:
                with suppress(RuntimeError):  # what cannot be linked is compiled anew
                    _loaded[name] = _compiler().linked(name, code)
        to_compile = [name for name in absent if name not in _loaded]
        # LLVM works without the interpreter lock, so modules are compiled side by side.
        with ThreadPoolExecutor(available_cores()) as pool:
            for name, code in zip(
                to_compile,
                pool.map(lambda name: _compiler().compiled(str(wanted[name]())), to_compile),
                strict=True,
            ):
                _loaded[name] = _compiler().linked(name, code)
                kept.write(_file(name), code)
        if to_compile:
            kept.tidy()
        return {name: _loaded[name] for name in wanted}, len(to_compile)


def load_functions(
    generation: int,
    functions: Mapping[str, tuple[Callable[[str], ir.Module], Iterable[ir.Type]]],
    result: Any = None,
) -> list[Any]:
    """Return callables of functions that are written once and for all, not from rules.

    Parameters
    ----------
    generation : int
        Part of the cache key: raised when the code that they write changes.
    functions : mapping of title to (function that writes a module, types of its arguments)
    result
        What ctypes calls the type that they return.
    """
    names = {title: kernel_name((title, generation)) for title in functions}
    addresses, _ = load_kernels(
        {names[title]: partial(write, names[title]) for title, (write, _) in functions.items()}
    )
    return [
        function_at(addresses[names[title]], prototype(list(kinds), result))
        for title, (_, kinds) in functions.items()
    ]


def not_loaded(names: Iterable[str]) -> list[str]:
    """Return the kernels that this process has not loaded yet."""
    return [name for name in names if name not in _loaded]


def not_kept(names: Iterable[str]) -> list[str]:
    """Return the kernels that are neither loaded nor kept on disk: they must be compiled."""
    absent = not_loaded(names)
    if not absent:
        return []
    kept = _kept_code()
    return [name for name in absent if not kept.holds(_file(name))]


def are_kept(generation: int, titles: Iterable[str]) -> bool:
    """Return whether functions of `load_functions` need not be compiled."""
    return not not_kept(kernel_name((title, generation)) for title in titles)


def _file(name: str) -> str:
    return f"{name}.o"


def function_at(address: int, prototype: Any) -> Any:
    """Return a callable for machine code at an address; calls release the interpreter lock."""
    return ctypes.cast(address, prototype)
