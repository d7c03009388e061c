"""Compiling modules to machine code, keeping it on disk, loading it into the process."""

from __future__ import annotations

import ctypes
import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm
from llvmlite import ir

from olive.engine.cores import available_cores
from olive.engine.machine_code import GENERATOR_VERSION

CACHE_VARIABLE = "OLIVE_CACHE"

_lock = threading.Lock()
_loaded: dict[str, int] = {}
_kept_alive: list[Any] = []


def cache_folder() -> Path:
    """Return where compiled code is kept: ``$OLIVE_CACHE``, else the user's cache folder."""
    stated = os.environ.get(CACHE_VARIABLE)
    if stated:
        return Path(stated)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "olive"


@cache
def _machine() -> str:
    """Return what machine code depends on besides the rule: CPU, its features, LLVM, generator."""
    _initialise()
    features = llvm.get_host_cpu_features().flatten()
    parts = (
        llvm.get_default_triple(),
        llvm.get_host_cpu_name(),
        features,
        llvmlite.__version__,
        str(GENERATOR_VERSION),
    )
    return "|".join(parts)


def kernel_name(content: object) -> str:
    """Return the name of the kernel for a description of what it computes."""
    digest = hashlib.sha256(f"{_machine()}|{content!r}".encode()).hexdigest()
    return f"olive_{digest[:32]}"


def load_kernels(wanted: Mapping[str, Callable[[], ir.Module]]) -> tuple[dict[str, int], int]:
    """Return the address of each kernel, compiling those that are not in the cache.

    Parameters
    ----------
    wanted : mapping of kernel name to a function that writes its module

    Returns
    -------
    addresses : dict of str to int
    compiled : int
        How many had to be compiled.
    """
    with _lock:
        absent = [name for name in wanted if name not in _loaded]
        objects: dict[str, bytes] = {}
        for name in absent:
            found = _stored(name)
            if found is not None:
                objects[name] = found
        to_compile = [name for name in absent if name not in objects]
        # LLVM works without the interpreter lock, so modules are compiled side by side.
        with ThreadPoolExecutor(available_cores()) as pool:
            for name, code in zip(
                to_compile,
                pool.map(lambda name: _compile(str(wanted[name]())), to_compile),
                strict=True,
            ):
                objects[name] = code
                _store(name, code)
        for name, code in objects.items():
            _loaded[name] = _link(name, code)
        return {name: _loaded[name] for name in wanted}, len(to_compile)


def all_kept(names: Iterable[str]) -> bool:
    """Return whether the kernels are loaded or kept on disk, so that nothing need be compiled."""
    folder = cache_folder()
    return all(name in _loaded or (folder / f"{name}.o").is_file() for name in names)


@cache
def _initialise() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def _target_machine() -> Any:
    _initialise()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="pic",
        codemodel="default",
    )


@cache
def _compiler() -> Any:
    return llvm.create_lljit_compiler(_target_machine())


def _compile(text: str) -> bytes:
    target = _target_machine()
    module = llvm.parse_assembly(text, llvm.create_context())
    module.triple = llvm.get_default_triple()
    module.data_layout = str(target.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(target, options)
    builder.getModulePassManager().run(module, builder)
    return bytes(target.emit_object(module))


def _link(name: str, code: bytes) -> int:
    library = llvm.JITLibraryBuilder()
    library.add_object_img(code)
    library.export_symbol(name)
    tracker = library.link(_compiler(), name)
    _kept_alive.append(tracker)
    return int(tracker[name])


def _stored(name: str) -> bytes | None:
    path = cache_folder() / f"{name}.o"
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    digest, code = stored[:32], stored[32:]
    # A torn or foreign file is compiled anew rather than run.
    return code if hashlib.sha256(code).digest() == digest else None


def _store(name: str, code: bytes) -> None:
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f"{name}.{os.getpid()}.partial"
        temporary.write_bytes(hashlib.sha256(code).digest() + code)
        temporary.replace(folder / f"{name}.o")
    except OSError:
        return  # without a writable cache, code is compiled again next time


def function_at(address: int, prototype: Any) -> Any:
    """Return a callable for machine code at an address; calls release the interpreter lock."""
    return ctypes.cast(address, prototype)
