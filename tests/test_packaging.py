import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_the_wheel_brings_one_import_name_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"assistant"}


def test_the_whole_corpus_travels_inside_the_wheel(wheel: zipfile.ZipFile) -> None:
    corpus = ROOT / "corpus"
    here = {path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file()}
    inside = "assistant/_bundled/corpus/"
    packed = {name.removeprefix(inside) for name in wheel.namelist() if name.startswith(inside)}
    assert packed == here
    assert "framework.yaml" in packed


def test_scripts_and_styles_of_the_page_travel_inside_the_wheel(wheel: zipfile.ZipFile) -> None:
    static = ROOT / "assistant" / "web" / "static"
    for path in static.rglob("*"):
        if path.is_file():
            assert f"assistant/web/static/{path.relative_to(static).as_posix()}" in wheel.namelist()


def test_the_wheel_installs_the_command(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "assistant = assistant.cli:main" in wheel.read(name).decode()
