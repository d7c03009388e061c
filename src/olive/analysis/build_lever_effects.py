"""Compute the effects of levers that the package holds anew: after new data, law or levers.

``python -m olive.analysis.build_lever_effects`` takes the shipped sample, some ten seconds.
"""

from __future__ import annotations

from olive.analysis.lever_effects import FILE, computed_effects, effects_text
from olive.native.files import write_text
from olive.population import Population


def main() -> None:
    """Write the file beside this module."""
    sample = Population.shipped()
    effects = computed_effects(sample, progress=True)
    folder = sample.place.runs
    assert folder is not None, "the default place has a folder of shipped runs"
    write_text(folder / FILE, effects_text(effects))


if __name__ == "__main__":
    main()
