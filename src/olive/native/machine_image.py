"""Kept machine code entered without LLVM, on Linux on x86-64.

A kept object file holds a function, the numbers that it reads, the names of functions of the
system that it calls, and the places where one must be told how far away the other stands. Where it
holds nothing else, that is all of linking.

References
----------
"System V Application Binary Interface", chapters 4 and 5, and its "AMD64 Architecture Processor
Supplement", section 4.4: sections, symbols and relocations of ELF object files.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

_IS_HERE = sys.platform == "linux" and platform.machine() == "x86_64" and sys.maxsize > 2**32
_BEGIN = b"\x7fELF\x02\x01"  # of 64 bits, the lowest byte first
_X86_64 = 62
_SECTION = np.dtype("<u4, <u4, <u8, <u8, <u8, <u8, <u4, <u4, <u8, <u8")
_SYMBOL = np.dtype("<u4, u1, u1, <u2, <u8, <u8")
_RELOCATION = np.dtype("<u8, <u4, <u4, <i8")
_CONTENT, _SYMBOLS, _RELOCATIONS, _UNWINDING = 1, 2, 4, 0x70000001  # kinds of sections
_WRITABLE, _IN_MEMORY = 1, 2  # flags of sections
_DISTANCE, _CALL = 2, 4  # relocations: how far away something stands, in 32 bits
_JUMP = b"\xff\x25\0\0\0\0"  # to the address that follows
_ALIGNMENT = 64
_TELLING = ("vendor_id", "cpu family", "model", "stepping", "flags")


class Image(NamedTuple):
    """The bytes of a function and all that it reads, which may stand anywhere; where it begins."""

    content: bytes
    entry: int


@cache
def processor() -> tuple[str, ...]:
    """Return what machine code depends on: the processor's model and what it can do.

    Empty where kept code is not entered without LLVM.
    """
    if not _IS_HERE:
        return ()
    try:
        listed = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return ()
    first = listed.partition("\n\n")[0].splitlines()
    found = {name.strip(): value.strip() for name, _, value in (x.partition(":") for x in first)}
    return tuple(found.get(name, "") for name in _TELLING) if found.get("flags") else ()


def image(code: bytes, name: str) -> Image | None:
    """Return the image of the function of an object file; None where only LLVM can link it.

    Examples
    --------
    >>> image(b"", "olive") is None
    True
    """
    machine = int.from_bytes(code[18:20], "little")
    if not _IS_HERE or code[: len(_BEGIN)] != _BEGIN or machine != _X86_64:
        return None
    try:
        return _image(code, name)
    except (_OnlyByLlvm, ValueError, IndexError, OverflowError):  # the others: it is not whole
        return None


def _image(code: bytes, name: str) -> Image:
    table, count = (int.from_bytes(code[a:b], "little") for a, b in ((40, 48), (60, 62)))
    sections = _rows(code, table, count * _SECTION.itemsize, _SECTION)
    content, places = _in_memory(code, sections)
    (own,) = (each for each in sections if each[1] == _SYMBOLS)
    symbols = _rows(code, own[4], own[5], _SYMBOL)
    names = code[sections[own[6]][4] :]
    for _, kind, _, _, offset, size, _, about, _, _ in sections:
        if about not in places or kind != _RELOCATIONS:
            continue
        for at, way, symbol, more in _rows(code, offset, size, _RELOCATION):
            begin, _, _, section, value, _ = symbols[symbol]
            if section in places and way in (_DISTANCE, _CALL):
                there = places[section] + value
            elif section == 0 and way == _CALL:
                there = len(content)
                content += _JUMP + _of_system(_word(names, begin)).to_bytes(8, "little")
            else:
                raise _OnlyByLlvm
            here = places[about] + at
            content[here : here + 4] = (there + more - here).to_bytes(4, "little", signed=True)
    (entry,) = (
        places[section] + value
        for begin, _, _, section, value, _ in symbols
        if section in places and _word(names, begin) == name
    )
    return Image(bytes(content), entry)


def _in_memory(code: bytes, sections: list[Any]) -> tuple[bytearray, dict[int, int]]:
    """Return what stands in memory, and where each section begins there."""
    content, places = bytearray(), dict[int, int]()
    for number, (_, kind, flags, _, offset, size, _, _, alignment, _) in enumerate(sections):
        if not flags & _IN_MEMORY or not size or kind == _UNWINDING:  # nothing is thrown
            continue
        if kind != _CONTENT or flags & _WRITABLE or alignment > _ALIGNMENT:
            raise _OnlyByLlvm
        content += bytes(-len(content) % max(alignment, 1))
        places[number] = len(content)
        content += code[offset : offset + size]
    return content, places


class _OnlyByLlvm(Exception):
    """An object file holds what this module does not know."""


def _rows(code: bytes, offset: int, size: int, row: np.dtype[Any]) -> list[Any]:
    found: list[Any] = np.frombuffer(code[offset : offset + size], row).tolist()
    return found


def _word(names: bytes, begin: int) -> str:
    return names[begin : names.index(b"\0", begin)].decode()


@cache
def _of_system(name: str) -> int:
    """Return the address of a function of the C library."""
    found = getattr(ctypes.CDLL(None), name, None)
    address = ctypes.cast(found, ctypes.c_void_p).value if found else None
    if address is None:
        raise _OnlyByLlvm
    return address


def entered(images: Mapping[str, Image]) -> dict[str, int]:
    """Return the addresses of functions, brought to where they may be run and not be changed.

    Empty where the system does not let them.
    """
    addresses, content = dict[str, int](), bytearray()
    for name, each in images.items():
        content += bytes(-len(content) % _ALIGNMENT)
        addresses[name] = len(content) + each.entry
        content += each.content
    if not content:
        return {}
    private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    room = mmap.mmap(-1, len(content), private, mmap.PROT_READ | mmap.PROT_WRITE)
    room[:] = bytes(content)
    start = ctypes.addressof(ctypes.c_char.from_buffer(room))
    protect = ctypes.CDLL(None).mprotect
    protect.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    if protect(start, len(content), mmap.PROT_READ | mmap.PROT_EXEC) != 0:
        return {}
    _kept_alive.append(room)
    return {name: start + place for name, place in addresses.items()}


_kept_alive: list[mmap.mmap] = []
