"""The packaged model gives unit vectors that depend on the text alone, and cuts nothing silently."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import InputError, ModelFileError
from assistant.index.embeddings import SentenceTransformerEmbedder, cut_to_fit, load_embedder, split_to_fit
from assistant.index.model_files import PACKAGED_FILES, check_pinned, find_model, packaged_folder
from tests.index.samples import WORDS, HashingEmbedder

_PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join)


@pytest.fixture(scope="module")
def packaged() -> SentenceTransformerEmbedder:
    return load_embedder(threads=1)


def test_the_packaged_model_says_what_it_is(packaged: SentenceTransformerEmbedder) -> None:
    assert packaged.model_id == "all-MiniLM-L6-v2@53aa51172d14"
    assert (packaged.dimensions, packaged.max_tokens) == (384, 254)


def test_vectors_are_of_unit_length_and_in_the_order_of_the_texts(
    packaged: SentenceTransformerEmbedder,
) -> None:
    texts = ["Peers visit one another.", "x " * 200, "The vendor trains nurses.", "Peers visit each other."]
    vectors = packaged.encode(texts)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors[0] @ vectors[3] > 0.9 > 0.6 > vectors[0] @ vectors[2]


@settings(max_examples=15)
@given(st.lists(_PHRASES, min_size=2, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_a_vector_is_the_same_bits_whatever_stands_beside_it(
    packaged: SentenceTransformerEmbedder, texts: list[str], chance: object
) -> None:
    together = packaged.encode(texts)
    alone = np.vstack([packaged.encode([text]) for text in reversed(texts)])[::-1]
    assert np.array_equal(together, alone)


def test_vectors_are_those_of_the_library_itself(packaged: SentenceTransformerEmbedder) -> None:
    texts = [" ".join(WORDS[:n]) for n in (1, 5, 20, 40)]
    theirs = packaged._model.encode(texts, show_progress_bar=False)
    assert np.abs(packaged.encode(texts) - theirs).max() < 1e-6


def test_sizes_are_the_same_when_asked_again_and_once_too_many_were_remembered(
    packaged: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.index.embeddings._REMEMBERED", 3)
    texts = [" ".join(WORDS[:n]) for n in (1, 2, 3, 4)]
    first = [packaged.token_counts([text])[0] for text in texts]
    assert first == sorted(first)
    assert len(set(first)) == len(texts)
    assert packaged.token_counts([*texts, *reversed(texts)]) == [*first, *reversed(first)]
    assert packaged.token_counts(texts[:1]) == first[:1]


def test_the_whole_window_counts_and_one_word_more_is_refused(packaged: SentenceTransformerEmbedder) -> None:
    full = ["trust"] * packaged.max_tokens
    assert packaged.token_counts([" ".join(full)]) == [254]
    vector = packaged.encode([" ".join(full)])[0]
    changed = packaged.encode([" ".join([*full[:-1], "pharmacy"])])[0]
    assert not np.array_equal(vector, changed)
    with pytest.raises(
        InputError, match=r"1 of 2 texts .* 254 word pieces \(the longest has 255\).* number 2"
    ):
        packaged.encode(["short", " ".join([*full, "more"])])


def test_no_texts_give_no_vectors(packaged: SentenceTransformerEmbedder) -> None:
    assert packaged.encode([]).shape == (0, 384)
    assert packaged.token_counts([]) == []


def test_progress_reaches_the_number_of_texts(packaged: SentenceTransformerEmbedder) -> None:
    seen: list[tuple[int, int]] = []
    packaged.encode([f"text {n}" for n in range(70)], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (70, 70)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_long_question_is_cut_at_a_word_and_the_loss_is_counted(
    packaged: SentenceTransformerEmbedder,
) -> None:
    text = " ".join(["Should we visit the other hospital?"] * 60)
    cut, lost = cut_to_fit(packaged, text)
    assert text.startswith(cut)
    assert packaged.token_counts([cut])[0] + lost == packaged.token_counts([text])[0]
    assert lost > 0
    packaged.encode([cut])
    assert cut_to_fit(packaged, "Short?") == ("Short?", 0)


@given(st.lists(st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12), max_size=200))
def test_a_split_text_fits_everywhere_and_loses_no_word(words: list[str]) -> None:
    embedder = HashingEmbedder(max_tokens=7)
    parts = split_to_fit(embedder, "  ".join(words))
    assert [word for part in parts for word in part.split()] == [w for word in words for w in word.split()]
    assert all(count <= 7 for count in embedder.token_counts(parts))


def test_a_word_longer_than_the_window_is_split_within_the_word(
    packaged: SentenceTransformerEmbedder,
) -> None:
    text = "3,1" * 300
    parts = split_to_fit(packaged, text)
    assert "".join(parts) == text
    assert len(packaged.encode(parts)) == len(parts) > 1


@pytest.mark.parametrize("name", sorted(PACKAGED_FILES))
def test_a_changed_or_missing_model_file_is_named_with_its_cure(tmp_path: Path, name: str) -> None:
    for pinned in PACKAGED_FILES:
        (tmp_path / pinned).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / pinned).symlink_to(packaged_folder() / pinned)
    check_pinned(tmp_path, PACKAGED_FILES)
    raw = bytearray((tmp_path / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / name).unlink()
    with pytest.raises(ModelFileError, match=rf"{name} is missing.*Install"):
        check_pinned(tmp_path, PACKAGED_FILES)
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(ModelFileError, match=rf"{name} is not the one that was checked.*Install"):
        check_pinned(tmp_path, PACKAGED_FILES)


def test_a_model_folder_is_loaded_and_named_by_its_contents(
    tmp_path: Path, packaged: SentenceTransformerEmbedder
) -> None:
    folder = tmp_path / "my-model"
    shutil.copytree(packaged_folder(), folder)
    own = load_embedder(str(folder), threads=1)
    assert own.model_id.startswith("my-model@")
    assert np.array_equal(own.encode(["Peers visit."]), packaged.encode(["Peers visit."]))
    config = json.loads((folder / "sentence_bert_config.json").read_text()) | {"max_seq_length": 128}
    (folder / "sentence_bert_config.json").write_text(json.dumps(config))
    assert find_model(str(folder)).model_id != own.model_id


def test_a_model_that_would_run_its_own_code_or_unpickle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"")
    modules = tmp_path / "modules.json"
    modules.write_text(json.dumps([{"path": "", "type": "evil.Module"}]))
    with pytest.raises(ModelFileError, match=r"foreign part: evil\.Module"):
        find_model(str(tmp_path))
    modules.write_text(json.dumps([{"path": "1", "type": "sentence_transformers.models.Dense"}]))
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ModelFileError, match="pickled"):
        find_model(str(tmp_path))
    modules.write_text(json.dumps([{"path": "", "type": "sentence_transformers.models.Transformer"}]))
    (tmp_path / "config.json").write_text(json.dumps({"auto_map": {"AutoModel": "code.Model"}}))
    with pytest.raises(ModelFileError, match="code of its own"):
        find_model(str(tmp_path))


def test_a_folder_that_is_not_there_or_holds_no_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"no model folder at .*packaged"):
        find_model(str(tmp_path / "gone"))
    with pytest.raises(ModelFileError, match=r"no \.safetensors"):
        find_model(str(tmp_path))
