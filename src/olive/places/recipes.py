"""What a place offers so that synthetic populations can be drawn of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from olive.places.labels import Label
    from olive.progress import Told


class Recipes(Protocol):
    """The recipes of a place: what its synthetic populations are drawn from.

    A recipe is known by the year of its incomes; a user's own is a file. `Any` stands for objects
    of rooms above this one: tables and origin of `olive.population`, figures of
    `olive.validation`.
    """

    def years(self) -> Sequence[int]:
        """Return the years that there are recipes of, the main one first."""

    def origin(self, year: int | None = None, file: Path | None = None) -> Any:
        """Return the origin that a population drawn from a recipe has, its seed apart."""

    def draw(
        self,
        households: int,
        seed: int,
        *,
        year: int | None = None,
        file: Path | None = None,
        threads: int | None = None,
        progress: Told = None,
    ) -> tuple[Any, Any]:
        """Draw households and return the tables and the origin of the population.

        Each household depends on recipe, seed and its own number only.
        """

    def is_as_drawn(self, origin: Any) -> bool:
        """Say whether a population of this origin is as a shipped recipe draws it."""

    def other_distributions(
        self, population: Any, income: NDArray[np.float64]
    ) -> Iterator[NDArray[np.float64]] | Label:
        """Return incomes under other distributions that the published figures allow as well.

        The first changes nothing. A label says why there are none.
        """

    def build(
        self, file: Path, *, draft: bool = False, report: Callable[[str], None] = lambda _line: None
    ) -> Path:
        """Solve a user's recipe, keep the numbers beside it, and return where."""

    def solved_file(self, file: Path) -> Path:
        """Return where the solved numbers of a user's recipe are kept."""

    def shapes(self, origin: Any) -> Sequence[Sequence[str]]:
        """Return what the validation page says of the shapes behind a recipe; empty for none."""

    def figures(self, *, origin: Any = None, file: Path | None = None) -> Sequence[Any]:
        """Return the figures that a user's recipe, or that of a population, was given."""


@runtime_checkable
class DrawnByBlocks(Protocol):
    """Recipes that also draw one block of households without the others.

    Populations of places whose recipes cannot are drawn whole before they are streamed.
    """

    def blocks(
        self,
        households: int,
        seed: int,
        *,
        year: int | None = None,
        file: Path | None = None,
        progress: Told = None,
    ) -> tuple[Any, Any] | None:
        """Return `olive.population.stream.Blocks` and the origin; None where weights need all.

        Block by block, households are those that `draw` gives.
        """
