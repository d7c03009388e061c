"""Compute the effects of levers that the package holds anew: after new data, law or levers.

``python -m olive.analysis.build_lever_effects`` takes the shipped sample, about a minute.
"""

from __future__ import annotations

from pathlib import Path

from olive.analysis.lever_effects import FILE, computed_effects, effects_text
from olive.native.files import write_text
from olive.population import Population
from olive.progress import progress_bar


def main() -> None:
    """Write the file beside this module."""
    with progress_bar("lever effects") as progress:
        effects = computed_effects(Population.shipped(), progress)
    write_text(Path(__file__).parents[1] / "taizhou" / "runs" / FILE, effects_text(effects))


if __name__ == "__main__":
    main()
