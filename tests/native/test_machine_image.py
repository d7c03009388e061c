"""Kept machine code that is entered without LLVM does what LLVM's linker would have made of it."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys

import pytest
from llvmlite import ir

from olive.native import machine_image
from olive.native.building_blocks import INT, REAL, new_function
from olive.native.machine_compiler import compiled, linked
from olive.native.machine_image import entered, image

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="LLVM links elsewhere"
)
NAME = "olive_function"

RUN = """
import sys
import numpy as np
from olive.native.sorting import stable_order
from olive.native.sums import running_sums, weight_between
values = np.random.default_rng(1).lognormal(10, 1, 70_000).round(1)
weights = np.random.default_rng(2).uniform(1, 9, 70_000)
order = stable_order(values)
assert (order == np.argsort(values, kind="stable")).all()
print("llvmlite.binding" in sys.modules)
print(order[::999].tolist(), running_sums(values, weights)[1].hex(),
      weight_between(values, weights, 1e4, 1e5).hex())
"""


def object_file(write, name=NAME):
    module = ir.Module(name)
    write(module)
    return compiled(str(module))


def polynomial(module):
    """3.25 x + 0.5: two numbers that stand beside the code."""
    _, builder = new_function(module, NAME, (REAL,), REAL)
    (given,) = builder.function.args
    builder.ret(builder.fadd(builder.fmul(given, REAL(3.25)), REAL(0.5)))


def calling(title):
    """Return what writes a function that calls one of another place, and adds 1."""

    def write(module):
        other = ir.Function(module, ir.FunctionType(INT, [INT]), title)
        _, builder = new_function(module, NAME, (INT,), INT)
        builder.ret(builder.add(builder.call(other, builder.function.args), INT(1)))

    return write


def test_a_function_and_its_numbers():
    code = object_file(polynomial)
    kind = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)
    (address,) = entered({NAME: image(code, NAME)}).values()
    by_hand = 3.25 * 2.0 + 0.5
    assert kind(address)(2.0) == kind(linked(NAME, code))(2.0) == by_hand


def test_functions_stand_side_by_side():
    images = {name: image(object_file(polynomial), NAME) for name in ("a", "b", "c")}
    kind = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)
    addresses = entered(images)
    assert [kind(each)(0.0) for each in addresses.values()] == [0.5, 0.5, 0.5]
    assert all(each % 16 == 0 for each in addresses.values())


def test_a_function_of_the_system_is_called():
    code = object_file(calling("labs"))
    (address,) = entered({NAME: image(code, NAME)}).values()
    assert ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(address)(-4) == 5


def test_what_is_not_known_is_left_to_llvm(monkeypatch):
    def counting(module):
        counter = ir.GlobalVariable(module, INT, "counter")
        counter.initializer = INT(1)
        _, builder = new_function(module, NAME, (), INT)
        builder.store(builder.add(builder.load(counter), INT(1)), counter)
        builder.ret(builder.load(counter))

    whole = object_file(polynomial)
    assert image(object_file(calling("no_function_of_this_name")), NAME) is None
    assert image(object_file(counting), NAME) is None, "what is written to"
    assert image(whole, "another_name") is None
    assert [image(whole[:size], NAME) for size in range(0, len(whole), 97)] == [None] * len(
        range(0, len(whole), 97)
    )
    monkeypatch.setattr(machine_image, "_IS_HERE", False)
    assert image(whole, NAME) is None


def test_kept_code_needs_no_llvm_and_gives_the_same_bits(tmp_path, monkeypatch):
    monkeypatch.setenv("OLIVE_CACHE", str(tmp_path / "cache"))
    compiles, kept = (
        subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, check=True)
        for _ in range(2)
    )
    (needed, *first), (needs, *second) = (each.stdout.splitlines() for each in (compiles, kept))
    assert (needed, needs) == ("True", "False")
    assert first == second
