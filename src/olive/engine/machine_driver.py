"""The block driver: walks blocks and steps without the interpreter, so threads run side by side."""

from __future__ import annotations

from llvmlite import ir

from olive.native.building_blocks import ADDRESS, INT, KERNEL_TYPE, REAL, loop, prototype

DRIVER_NAME = "olive_blocks"

# How the address of a slot moves from block to block.
FIXED, BY_HOUSEHOLD, BY_PERSON, BY_BLOCK = range(4)

DRIVER_ARGUMENTS = (
    ("first_block", INT),
    ("last_block", INT),
    ("block_size", INT),
    ("households", INT),
    ("starts", INT.as_pointer()),
    ("bases", ADDRESS.as_pointer()),
    ("room", ADDRESS),
    ("first_step", INT),
    ("last_step", INT),
    ("slot_count", INT),
    ("widths", INT.as_pointer()),
    ("moves", INT.as_pointer()),
    ("functions", ADDRESS.as_pointer()),
    ("over_persons", INT.as_pointer()),
    ("operand_first", INT.as_pointer()),
    ("operands", INT.as_pointer()),
    ("figure_first", INT.as_pointer()),
    ("figures", REAL.as_pointer()),
)
DRIVER_PROTOTYPE = prototype([kind for _, kind in DRIVER_ARGUMENTS])


def driver_module(name: str) -> ir.Module:
    """Return the module of the driver.

    For each block it places every slot (base + width x first row of the block; what is fixed stands
    in the room of its thread, which begins with the addresses of all slots), then calls the steps
    in order on that block.
    """
    module = ir.Module(name)
    signature = ir.FunctionType(ir.VoidType(), [kind for _, kind in DRIVER_ARGUMENTS])
    function = ir.Function(module, signature, name)
    given = dict(zip((name for name, _ in DRIVER_ARGUMENTS), function.args, strict=True))
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    pointers = builder.bitcast(given["room"], ADDRESS.as_pointer())
    room = builder.ptrtoint(given["room"], INT)

    def item(name: str, index: ir.Value) -> ir.Value:
        return builder.load(builder.gep(given[name], [index]))

    with loop(builder, given["first_block"], given["last_block"]) as block:
        first_household = builder.mul(block, given["block_size"])
        end = builder.add(first_household, given["block_size"])
        short = builder.icmp_signed("<", given["households"], end)
        last_household = builder.select(short, given["households"], end)
        first_person = item("starts", first_household)
        last_person = item("starts", last_household)
        households = builder.sub(last_household, first_household)
        persons = builder.sub(last_person, first_person)
        with loop(builder, INT(0), given["slot_count"]) as slot:
            move = item("moves", slot)
            row: ir.Value = INT(0)
            places = {BY_HOUSEHOLD: first_household, BY_PERSON: first_person, BY_BLOCK: block}
            for kind, place in places.items():
                row = builder.select(builder.icmp_signed("==", move, INT(kind)), place, row)
            offset = builder.mul(row, item("widths", slot))
            fixed = builder.icmp_signed("==", move, INT(FIXED))
            address = builder.gep(item("bases", slot), [builder.select(fixed, room, offset)])
            builder.store(address, builder.gep(pointers, [slot]))
        with loop(builder, given["first_step"], given["last_step"]) as step:
            over_persons = builder.icmp_signed("!=", item("over_persons", step), INT(0))
            rows = builder.select(over_persons, persons, households)
            kernel = builder.bitcast(item("functions", step), KERNEL_TYPE.as_pointer())
            operands = builder.gep(given["operands"], [item("operand_first", step)])
            figures = builder.gep(given["figures"], [item("figure_first", step)])
            builder.call(kernel, [rows, pointers, operands, figures])
    builder.ret_void()
    return module
