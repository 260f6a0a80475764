"""Rerankers and the LangChain retriever, on tiny models made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from langchain_core.documents import Document

from assistant.domain.documents import BlockKind, Passage, Span
from assistant.domain.evidence import Evidence
from assistant.errors import ModelFileError, SettingsError
from assistant.retrieval.hybrid import Found
from assistant.retrieval.langchain_retriever import EvidenceRetriever
from assistant.retrieval.rerank import make_reranker


def test_no_setting_means_no_reranker() -> None:
    assert make_reranker("") is None


def test_an_unknown_kind_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError, match="cross-encoder"):
        make_reranker("cross-encode:anywhere")


def test_a_folder_without_a_model_is_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="safetensors"):
        make_reranker(f"cross-encoder:{tmp_path}")


def test_a_cross_encoder_on_disk_scores_each_text(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "pair", "visit", "record"]
    (tmp_path / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=8,
        num_labels=1,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(tmp_path)
    transformers.BertTokenizerFast(vocab=str(tmp_path / "vocab.txt")).save_pretrained(tmp_path)
    reranker = make_reranker(f"cross-encoder:{tmp_path}")
    assert reranker is not None
    scores = reranker.scores("pair", ["visit", "record visit"])
    assert len(scores) == 2
    assert all(np.isfinite(scores))
    assert reranker.scores("pair", []) == []


class _OneFind:
    """A retriever that always finds the same passage."""

    def retrieve(self, text: str, *, k: int) -> Found:
        passage = Passage(
            document_id="f01",
            span=Span(0, 5),
            text="words",
            kind=BlockKind.FINDING,
            ordinal=0,
            record_id="f01",
            study_id="s",
        )
        found = (Evidence(passage, 1, 2.0),)[:k]
        return Found(found, np.zeros(3, dtype=np.float32))


def test_the_langchain_retriever_gives_the_stored_words_and_their_id() -> None:
    retriever = EvidenceRetriever.model_construct(retriever=_OneFind(), k=3)
    (document,) = retriever.invoke("anything")
    assert isinstance(document, Document)
    assert (document.id, document.page_content) == ("f01:0-5", "words")
    assert document.metadata["record_id"] == "f01"
