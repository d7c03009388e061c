"""LLVM: modules become machine code for this processor, and machine code is linked.

To import it takes longer than a run of kept code on a small sample, and 45 MB of memory.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import llvmlite.binding as llvm

_links = itertools.count()
_kept_alive: list[Any] = []


def target() -> tuple[str, str, str]:
    """Return the system, the processor and what it can do, as LLVM names them."""
    _initialise()
    return llvm.get_default_triple(), llvm.get_host_cpu_name(), _features()


def compiled(text: str) -> bytes:
    """Return the object file of a module; LLVM works without the interpreter lock."""
    machine = _target_machine()
    module = llvm.parse_assembly(text, llvm.create_context())
    module.triple = llvm.get_default_triple()
    module.data_layout = str(machine.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return bytes(machine.emit_object(module))


def linked(name: str, code: bytes) -> int:
    """Return the address of a function in an object file.

    Raises
    ------
    RuntimeError
        When it cannot be linked.
    """
    library = llvm.JITLibraryBuilder()
    library.add_object_img(code)
    library.export_symbol(name)
    # A name of its own for each attempt: one that failed may not be used again.
    tracker = library.link(_compiler(), f"{name}_{next(_links)}")
    _kept_alive.append(tracker)
    return int(tracker[name])


@cache
def _initialise() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def _features() -> str:
    """Return what the processor can do, as LLVM names it.

    Where it gathers at all it is told to gather: else LLVM takes look-ups apart, and with them all
    that computes their places, one row at a time.
    """
    found = llvm.get_host_cpu_features()
    told: str = found.flatten()
    return f"{told},+fast-gather" if found.get("avx2") else told


def _target_machine() -> Any:
    _initialise()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=_features(),
        opt=3,
        reloc="pic",
        codemodel="default",
    )


@cache
def _compiler() -> Any:
    return llvm.create_lljit_compiler(_target_machine())
