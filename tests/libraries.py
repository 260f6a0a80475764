"""Data folders and assistants for tests: the bundled corpus, and a small one cut from it; the real model."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:  # a run of other tests need not wait for these to be imported
    from assistant.engine import Assistant
    from assistant.index.embeddings import Embedder

BUNDLED = Path(__file__).parents[1] / "corpus"
PACKAGE = BUNDLED.parent / "assistant"
STUDIES = (
    "hinder-2021",
    "williams-2021",
    "mozaffar-2026",
    "britto-2018",
    "ghorayeb-2026",  # another field
    "noar-2023",  # its results were not seen
    "usergroup-thesis",  # not citable
    "constructed-interviews",
)
PAIRING = (
    "Our programme paired us with a hospital on another record system two hours away. Is this worth our time?"
)
_FINDING = re.compile(r"[a-z0-9-]+-f\d\d")
_FEW = {"asked_as": 2, "situations": 1, "not_here": 1}
_EACH_BOUNDARY_KIND = 3


def cut_corpus(target: Path, studies: Sequence[str] = STUDIES) -> Path:
    """A corpus of only these studies, with everything that points to other findings taken out."""
    for name in studies:
        shutil.copytree(BUNDLED / "studies" / name, target / "studies" / name)
    kept = {
        finding["id"]
        for path in target.glob("studies/*/findings.yaml")
        for finding in yaml.safe_load(path.read_text(encoding="utf-8"))["findings"]
    }
    for path in target.glob("studies/*/findings.yaml"):
        _rewrite(path, path, kept)
    _rewrite(BUNDLED / "framework.yaml", target / "framework.yaml", kept)
    _cut_boundaries(target / "boundaries.yaml", kept)
    (target / "mechanisms").mkdir()
    for path in BUNDLED.glob("mechanisms/*.md"):
        _, front, prose = path.read_text(encoding="utf-8").split("---\n", 2)
        cut = yaml.safe_dump(_only(yaml.safe_load(front), kept), sort_keys=False, allow_unicode=True)
        (target / "mechanisms" / path.name).write_text(f"---\n{cut}---\n{prose}", encoding="utf-8")
    return target


def _rewrite(source: Path, target: Path, kept: set[str]) -> None:
    data = _only(yaml.safe_load(source.read_text(encoding="utf-8")), kept)
    target.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _cut_boundaries(target: Path, kept: set[str]) -> None:
    every = yaml.safe_load((BUNDLED / "boundaries.yaml").read_text(encoding="utf-8"))["boundaries"]
    kinds = dict.fromkeys(boundary["kind"] for boundary in every)
    few = [b for kind in kinds for b in [b for b in every if b["kind"] == kind][:_EACH_BOUNDARY_KIND]]
    target.write_text(yaml.safe_dump({"boundaries": _only(few, kept)}, sort_keys=False), encoding="utf-8")


def _only(value: Any, kept: set[str]) -> Any:
    """`value` without names of findings that are not kept, and without conditions that lose all support."""
    if isinstance(value, dict):
        cut = {
            key: _only(part, kept)[: _FEW[key]] if key in _FEW else _only(part, kept)
            for key, part in value.items()
        }
        return {key: part for key, part in cut.items() if part is not None}
    if isinstance(value, list):
        parts = [_only(part, kept) for part in value]
        return [part for part in parts if part is not None and not _unsupported(part)]
    if isinstance(value, str) and _FINDING.fullmatch(value) and value not in kept:
        return None
    return value


def _unsupported(part: object) -> bool:
    return isinstance(part, dict) and part.get("basis") == "evidence" and not part.get("support")


def open_assistant(folder: Path, embedder: Embedder, **settings: Any) -> Assistant:
    """An assistant on `folder` as the program builds it, with a model that is loaded already."""
    from assistant import assembly
    from assistant.settings import load_settings

    chosen = load_settings(data_dir=folder).model_copy(update=settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembly, "load_embedder", lambda model, *, threads=None: embedder)
        assistant = assembly.build(chosen)
        assert assistant.embedder is embedder
    return assistant


def _state_of_the_code() -> str:
    """Changes whenever the corpus or the code that reads it in does."""
    files = [path for part in ("domain", "ingestion", "index") for path in PACKAGE.glob(f"{part}/**/*.py")]
    files += [PACKAGE / "engine.py", PACKAGE / "assembly.py", *BUNDLED.rglob("*.*")]
    digest = sha256(str(BUNDLED).encode())
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def library_dir(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """A data folder that holds the bundled corpus, read in once for all tests. Copy it before changing it.

    It is kept in pytest's cache until the corpus, or the code that reads it in, changes.
    """
    from assistant.assembly import build
    from assistant.settings import load_settings

    folder = tmp_path_factory.mktemp("library") / "data"
    kept = Path(pytestconfig.cache.mkdir("library")) / _state_of_the_code()
    if kept.is_dir():
        return Path(shutil.copytree(kept, folder))
    settings = load_settings(data_dir=folder)
    assistant = build(settings)
    try:
        report = assistant.ingest([settings.corpus_dir])
        assert report.count("failed") == 0
        assistant.answer(PAIRING)  # so that the vectors of boundaries and situations are kept
    finally:
        assistant.close()
    _keep(folder, kept)
    return folder


def _keep(folder: Path, kept: Path) -> None:
    for old in kept.parent.iterdir():
        if old.stem != kept.stem:  # what another worker is copying at this moment stays
            shutil.rmtree(old, ignore_errors=True)
    part = Path(shutil.copytree(folder, kept.with_suffix(f".{os.getpid()}")))
    try:
        part.rename(kept)
    except OSError:  # another worker was faster
        shutil.rmtree(part, ignore_errors=True)


@pytest.fixture(scope="session")
def packaged_embedder() -> Embedder:
    from assistant.index.embeddings import load_embedder

    return load_embedder()


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small corpus; copy it before changing it."""
    return cut_corpus(tmp_path_factory.mktemp("small") / "corpus")


@pytest.fixture(scope="session")
def small_library(
    tmp_path_factory: pytest.TempPathFactory, small_corpus: Path, packaged_embedder: Embedder
) -> Path:
    """A data folder that holds the small corpus and is closed; copy it before opening it."""
    folder = tmp_path_factory.mktemp("small-library")
    assistant = open_assistant(folder, packaged_embedder)
    try:
        report = assistant.ingest([small_corpus])
        assert report.count("failed") == 0, report.items
        assistant.answer(PAIRING)  # so that the vectors of boundaries and situations are kept
    finally:
        assistant.close()
    return folder


@pytest.fixture
def data_dir(tmp_path: Path, small_library: Path) -> Path:
    """A data folder of one's own that holds the small corpus."""
    return Path(shutil.copytree(small_library, tmp_path / "data"))


@pytest.fixture(scope="session")
def small(
    tmp_path_factory: pytest.TempPathFactory, small_library: Path, packaged_embedder: Embedder
) -> Iterator[Assistant]:
    """An assistant on the small corpus, for tests that change nothing."""
    folder = shutil.copytree(small_library, tmp_path_factory.mktemp("small-shared") / "data")
    assistant = open_assistant(Path(folder), packaged_embedder)
    yield assistant
    assistant.close()


@pytest.fixture(scope="session")
def bundled(
    tmp_path_factory: pytest.TempPathFactory, library_dir: Path, packaged_embedder: Embedder
) -> Iterator[Assistant]:
    """An assistant on the whole bundled corpus, for tests that change nothing."""
    folder = shutil.copytree(library_dir, tmp_path_factory.mktemp("bundled") / "data")
    assistant = open_assistant(Path(folder), packaged_embedder)
    yield assistant
    assistant.close()
