"""What the READMEs show works as it is written."""

import re
import shlex
from pathlib import Path

import pytest
from olive_tests.command_line import run_olive

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")


def blocks(readme: str, language: str) -> list[str]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("readme", "position"), [(readme, at) for readme in READMES for at in range(2)]
)
def test_python_blocks_run(readme: str, position: int, capsys) -> None:
    code = blocks(readme, "python")[position]
    exec(compile(code, readme, "exec"), {"__name__": "readme"})
    assert capsys.readouterr().out


@pytest.mark.parametrize("readme", READMES)
def test_make_commands_exist(readme: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make (\w+)", "\n".join(blocks(readme, "bash")), flags=re.MULTILINE)
    assert targets == ["report", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize("readme", READMES)
def test_options_of_the_report_exist(readme: str) -> None:
    commands = re.findall(r"^olive report (.*?)\s*(?:#|$)", "\n".join(blocks(readme, "bash")), re.M)
    shown = run_olive("report", "--help").stdout
    options = {word for command in commands for word in shlex.split(command) if word[:2] == "--"}
    assert options
    assert all(option in shown for option in options)


@pytest.mark.parametrize("readme", READMES)
def test_links_lead_somewhere(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
