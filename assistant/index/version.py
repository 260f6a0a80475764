"""One version of the search caches on disk: written whole into a fresh folder, pointed to, and checked.

A live version is never changed. The pointer names the folder and the digest of its manifest.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.index.model_files import file_digest

FORMAT = 2
_POINTER = "current"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a version was built from and what its files must be."""

    format: int
    fingerprint: str
    corpus_hash: str
    model_id: str
    dimensions: int
    chunker: str
    weighting: Mapping[str, float]
    passages: int
    entries: Mapping[str, int]
    """Entry rows by kind."""
    chroma: Mapping[str, int]
    """Rows that Chroma knows, by kind; some may be gone since."""
    files: Mapping[str, str]
    """SHA-256 of every file by its path in the folder."""
    known_passage: str
    """A passage whose own vector and words are asked for at every start."""
    known_hits: Mapping[str, list[list[Any]]]
    """What those two questions must find: pairs of passage id and score."""


def versions_folder(data_folder: Path) -> Path:
    """Where the versions of a data folder lie."""
    return data_folder / "index"


def publish(data_folder: Path, fresh: Path, manifest: Manifest) -> Path:
    """Make a finished folder the live version: manifest, fsync of everything, one atomic pointer swap."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    (fresh / _MANIFEST).write_text(text, encoding="utf-8")
    for path in sorted(fresh.rglob("*")):
        _fsync(path)
    _fsync(fresh)
    versions = versions_folder(data_folder)
    _fsync(versions)
    pointer = versions / f"{_POINTER}.new"
    pointer.write_text(f"{fresh.name} {sha256(text.encode()).hexdigest()}\n", encoding="utf-8")
    _fsync(pointer)
    os.replace(pointer, versions / _POINTER)
    _fsync(versions)
    return fresh


def live_version(data_folder: Path) -> tuple[Path, Manifest] | None:
    """The folder the pointer names and its manifest; None if there is none or either is damaged."""
    versions = versions_folder(data_folder)
    try:
        name, expected = (versions / _POINTER).read_text(encoding="utf-8").split()
        folder = versions / name
        raw = (folder / _MANIFEST).read_bytes()
        if folder.parent != versions or sha256(raw).hexdigest() != expected:
            return None
        manifest = Manifest(**json.loads(raw))
    except (OSError, ValueError, TypeError):
        return None
    return (folder, manifest) if manifest.format == FORMAT else None


def damaged_files(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Files that are missing, altered or not in the manifest, sorted."""
    faults = []
    for name, expected in manifest.files.items():
        try:
            sound = file_digest(folder / name) == expected
        except OSError:
            sound = False
        if not sound:
            faults.append(name)
    known = {*manifest.files, _MANIFEST}
    faults.extend(name for name in relative_files(folder) if name not in known)
    return tuple(sorted(faults))


def relative_files(folder: Path) -> Iterator[str]:
    """Every file below `folder` by its path there, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def remove_others(data_folder: Path, keep: Path | None) -> None:
    """Delete every version, finished or not, but the one to keep."""
    versions = versions_folder(data_folder)
    for path in versions.glob("v-*") if versions.is_dir() else ():
        if path != keep:
            shutil.rmtree(path, ignore_errors=True)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
