import importlib.util
import json
import platform
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
WANTED = "torch==2.13.0"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The installation, with a machine without a graphics card and an environment that does not exist."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "tools" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "has_gpu", lambda: False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("TORCH_INDEX", raising=False)
    monkeypatch.delenv("TORCH_CUDA", raising=False)
    return module


def offer(install: ModuleType, folder: Path, version: str, needs: list[str], *, code: int = 0) -> Path:
    """A stand-in for the environment's Python whose pip offers that build; returns its log of calls."""
    log, report, stub = folder / "calls", folder / "report.json", folder / "python"
    report.write_text(json.dumps({"install": [{"metadata": {"version": version, "requires_dist": needs}}]}))
    stub.write_text(
        f'#!/bin/sh\necho "$@" >> "{log}"\n'
        f'case "$*" in "-c import torch") exit 1;; *--dry-run*) cat "{report}"; exit {code};; esac\n'
    )
    stub.chmod(0o755)
    install.PYTHON = str(stub)  # type: ignore[attr-defined]
    return log


CUDA = [
    "filelock",
    f'nvidia-cublas; platform_system == "Linux" and platform_machine == "{platform.machine()}"',
]


def test_the_cuda_build_is_refused_before_it_is_fetched(install: ModuleType, tmp_path: Path) -> None:
    log = offer(install, tmp_path, "2.13.0", CUDA)
    with pytest.raises(SystemExit, match="no GPU, and pip would fetch the CUDA build") as caught:
        install.install_torch()
    assert "TORCH_INDEX" in str(caught.value)
    assert "install --quiet torch" not in log.read_text()


@pytest.mark.parametrize(
    ("version", "needs"),
    [
        ("2.13.0+cpu", []),
        ("2.13.0", ["filelock", "sympy"]),
        ("2.13.0", ['nvidia-cublas; platform_machine == "another"']),
    ],
)
def test_a_cpu_build_is_installed(
    version: str, needs: list[str], install: ModuleType, tmp_path: Path
) -> None:
    log = offer(install, tmp_path, version, needs)
    install.install_torch()
    assert log.read_text().splitlines()[-1].endswith(f"--no-deps {WANTED}")


def test_whoever_wants_the_cuda_build_gets_it(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = offer(install, tmp_path, "2.13.0", CUDA)
    monkeypatch.setenv("TORCH_CUDA", "yes")
    install.install_torch()
    assert log.read_text().splitlines()[-1].endswith(f"--no-deps {WANTED}")


def test_the_index_with_cpu_builds_is_used_for_torch_alone(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = offer(install, tmp_path, "2.13.0+cpu", [])
    monkeypatch.setenv("TORCH_INDEX", "https://mirror.example/cpu")
    install.install_torch()
    assert f"--index-url https://mirror.example/cpu --no-deps {WANTED}" in log.read_text().splitlines()[-1]


def test_no_build_at_all_is_said_in_a_sentence(install: ModuleType, tmp_path: Path) -> None:
    offer(install, tmp_path, "2.13.0", [], code=1)
    with pytest.raises(SystemExit, match=f"pip found no {WANTED} for this machine"):
        install.install_torch()


def test_an_old_python_is_refused_with_the_cure(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed") as caught:
        install.check_python()
    assert "make chat PYTHON=" in str(caught.value)


def test_every_pin_fits_the_ranges_and_every_dependency_is_pinned() -> None:
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [one for some in project["optional-dependencies"].values() for one in some]
    for wanted in map(Requirement, [*project["dependencies"], *extras]):
        assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)]), wanted
