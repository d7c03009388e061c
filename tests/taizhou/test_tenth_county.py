"""A tenth county: a copy of the pack in which one is added builds its recipe, draws and reports."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import olive

PACKAGE = Path(olive.__file__).parent
# The new county is carved out of Sanmen; figures of law and plan are Sanmen's.
OF_SANMEN = re.compile(r"\bsanmen: ([^,}\s]+)")
RUN = """
import sys
from pathlib import Path

import olive
from olive.china.recipes.solving import user_recipe

user_recipe.DRAFT = (10_000,) * 4  # coarse: what is asked is whether it works
place = olive.place()
assert len(place.regions) == 10, place.regions
file = Path(sys.argv[1])
place.recipes.build(file, draft=True)
city = olive.Population.synthetic(households=3_000, seed=1, recipe=file)
homes = city.households
there = (homes["county"] == "newtown").to_numpy()
print(f"persons {(city.weight * city.size)[there].sum():.0f}")
law = olive.law(year=2023)
result = olive.simulate(city, [law, law | olive.plan.scenario()])
table = olive.compare(result, model_range=False).group_table("county")
print(table.to_markdown("zh"))
city.write(sys.argv[2])
"""


def with_tenth_county(folder: Path) -> list[str]:
    """Copy the package, add the county, and return the files that it took."""
    shutil.copytree(
        PACKAGE, folder / "olive", ignore=shutil.ignore_patterns("__pycache__", "*.npz", "runs")
    )
    shutil.copy(PACKAGE.parent / "olive_microsim.py", folder)
    pack, touched = folder / "olive" / "taizhou", []

    def change(path: Path, *changes: tuple[str, str]) -> None:
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert re.search(old, text), (path, old)
            text = re.sub(old, new, text)
        path.write_text(text, encoding="utf-8")
        touched.append(path.relative_to(folder).as_posix())

    change(
        pack / "__init__.py",
        (r'( *)("sanmen": Label\(.*\),)', r'\1\2\n\1"newtown": Label("新城区", "Newtown"),'),
    )
    for path in sorted(
        [*(pack / "law").glob("*.yaml"), *(pack / "plan" / "levers").glob("*.yaml")]
    ):
        if OF_SANMEN.search(path.read_text(encoding="utf-8")):
            change(path, (OF_SANMEN.pattern, r"sanmen: \1, newtown: \1"))
    change(
        pack / "recipes" / "taizhou_2023.yaml",
        ("sanmen: 378477", "sanmen: 200000, newtown: 178477"),
        (r"\bsanmen: (0\.\d+)", r"sanmen: \1, newtown: \1"),
    )
    return touched


@pytest.mark.slow
def test_a_tenth_county_builds_draws_and_reports(tmp_path: Path) -> None:
    source = tmp_path / "src"
    touched = with_tenth_county(source)
    # Regions, recipe, and nine files of law and plan that have figures by county; then what is
    # solved from them.
    assert len(touched) == 11, touched
    mine = tmp_path / "ten_counties.yaml"
    shutil.copy(source / "olive/taizhou/recipes/taizhou_2023.yaml", mine)

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(source)},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    said = run("-c", RUN, str(mine), "people")
    persons = re.search(r"persons (\d+)", said)
    assert persons is not None
    # Sampling of 3,000 households; the recipe was given 178,477.
    assert float(persons[1]) == pytest.approx(178_477, rel=0.15)
    assert "新城区" in said
    # The solved numbers become those of the pack, beside its settings.
    shutil.copy(mine.with_suffix(".npz"), source / "olive/taizhou/recipes/taizhou_2023.npz")
    report = run("-c", "from olive.cli import main; main()", "report", "--population", "people")
    assert "olive report: Taizhou" in report
