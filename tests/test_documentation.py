"""What is written down must be true. `python -m tests.test_documentation` writes the settings anew."""

import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from assistant.cli import app, run
from assistant.errors import AssistantError
from assistant.settings import variables

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "DECISIONS.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def between(mark: str, text: str) -> str:
    found = re.search(rf"<!-- {mark} -->\n(.*?)<!-- /{mark} -->", text, re.DOTALL)
    assert found, f"the README has lost its {mark} marks"
    return found[1]


def settings_table() -> str:
    """The settings as a Markdown table, in the order they are declared."""
    lines = ["| variable | without it | sets |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {_default(name, default)} | {about} |" for name, default, about in variables()]
    return "\n".join(lines) + "\n"


def _default(name: str, default: object) -> str:
    told = {
        "ASSISTANT_DATA_DIR": "the platform's place for data",
        "ASSISTANT_CORPUS_DIR": "the bundled corpus",
    }
    if name in told:
        return told[name]
    shown = getattr(default, "get_secret_value", lambda: default)()
    return (
        f"`{str(shown).lower() if isinstance(shown, bool) else shown}`" if shown not in ("", ()) else "none"
    )


def test_the_readme_lists_every_setting_as_it_is() -> None:
    assert between("settings", text_of("README.md")) == settings_table()


def test_the_readme_lists_every_command() -> None:
    group = typer.main.get_command(app)
    for name in group.commands:  # type: ignore[attr-defined]
        assert f"| `assistant {name}" in text_of("README.md")


def errors() -> Iterator[type[AssistantError]]:
    waiting = [AssistantError]
    while waiting:
        kind = waiting.pop()
        yield kind
        waiting.extend(kind.__subclasses__())


def test_the_readme_and_the_command_line_list_every_exit_code() -> None:
    codes = {0, 130, 141} | {kind.exit_code for kind in errors()}
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", text_of("README.md"), re.MULTILINE)}
    assert listed == codes
    docstring = str(sys.modules["assistant.cli"].__doc__)
    assert {int(code) for code in re.findall(r"^    (\d+) ", docstring, re.MULTILINE)} == codes


def test_the_tree_of_errors_names_every_error_in_its_place() -> None:
    import assistant.language.faults
    import assistant.web.problems  # noqa: F401 -- errors that stand beside what they carry

    doc = str(sys.modules["assistant.errors"].__doc__)
    drawn = re.findall(r"^( *[│├└─ ]*)(\w+(?:Error|Fault))\b", doc, re.MULTILINE)
    path: list[str] = []
    tree = {}
    for rank, name in ((len(lead) // 4, name) for lead, name in drawn):
        path[rank - 1 :] = [name]
        tree[name] = path[-2] if len(path) > 1 else "Exception"
    assert tree == {kind.__name__: kind.__bases__[0].__name__ for kind in errors()}


def test_the_readme_lists_every_address_that_is_served() -> None:
    from assistant.web.addresses import API_METHODS, OPEN_PATHS

    for path, method in (dict.fromkeys(OPEN_PATHS, "GET") | API_METHODS).items():
        assert f"`{method} {path}`" in text_of("README.md"), path


def test_the_tree_in_the_readme_and_the_map_name_every_package() -> None:
    for path in (ROOT / "assistant").iterdir():
        if (path / "__init__.py").is_file():
            assert f"  {path.name}/" in text_of("README.md"), path.name
            assert f"| `{path.name}/` |" in text_of("ARCHITECTURE.md"), path.name
        elif path.suffix == ".py" and not path.name.startswith("__"):
            assert f"`{path.name}`" in text_of("ARCHITECTURE.md"), path.name


def test_the_map_draws_the_layers_that_are_checked() -> None:
    import tomllib

    config = tomllib.loads(text_of("pyproject.toml"))
    layers = [layer.replace("|", " ") for layer in config["tool"]["importlinter"]["contracts"][0]["layers"]]
    checked = [name.strip("() ") for layer in layers for name in layer.split()]
    drawn = text_of("ARCHITECTURE.md").split("## Who imports whom")[1].split("```")[1]
    assert re.findall(r"\w+", drawn) == [name.strip("()") for name in checked]


@pytest.mark.parametrize("name", PAGES)
def test_every_file_that_a_page_names_is_there(name: str) -> None:
    for path in re.findall(r"`([\w./-]+\.(?:md|py|toml|yaml|txt))`", text_of(name)):
        places = [ROOT / path, ROOT / "assistant" / path, *(ROOT / "assistant").rglob(path)]
        assert any(place.exists() for place in places), f"{name} names {path}"


@pytest.mark.parametrize("name", PAGES)
def test_every_test_that_a_page_names_is_there(name: str) -> None:
    for path in re.findall(r"`(tests/[\w./]*)`", text_of(name)):
        assert (ROOT / path).exists(), f"{name} names {path}"


def test_the_map_is_short() -> None:
    assert len(text_of("ARCHITECTURE.md").splitlines()) < 150


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of("README.md"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def newcomer(tmp_path: Path, library_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the README speaks of, and a library that holds the bundled corpus."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(library_dir))
    (tmp_path / "my-notes").mkdir()
    (tmp_path / "my-notes" / "ward.md").write_text(
        "# Ward 3\n\nThe handover between wards takes ten minutes.\n"
    )
    (tmp_path / "questions.jsonl").write_text('{"id": "1", "question": "Do blueprints get reused?"}\n')
    return tmp_path


@pytest.mark.slow
def test_every_command_in_the_readme_runs(newcomer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) >= 5
    for line in lines:
        command, _, target = line.partition(" > ")
        program, *arguments = shlex.split(command)
        assert program == ".venv/bin/assistant"
        assert run(arguments) == 0, line
        out = capsys.readouterr().out
        assert out.strip(), line
        if target:
            (newcomer / target).write_text(out, encoding="utf-8")
    assert json.loads((newcomer / "answers.jsonl").read_text())["statements"]


@pytest.mark.slow
def test_the_python_in_the_readme_runs(newcomer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks("python"):
        exec(compile(block, "README.md", "exec"), {})
    assert "['" in capsys.readouterr().out


if __name__ == "__main__":
    before, rest = text_of("README.md").split("<!-- settings -->\n")
    after = rest.split("<!-- /settings -->")[1]
    page = f"{before}<!-- settings -->\n{settings_table()}<!-- /settings -->{after}"
    README.write_text(page, encoding="utf-8")
