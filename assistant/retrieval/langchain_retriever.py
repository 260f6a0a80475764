"""The retriever as a LangChain part, for programs that bring their own chain."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.domain.evidence import Evidence
from assistant.retrieval.hybrid import HybridRetriever


class EvidenceRetriever(BaseRetriever):
    """Gives evidence as LangChain documents, best first; metadata says which passage each is."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: HybridRetriever
    k: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [as_document(found) for found in self.retriever.retrieve(query, k=self.k).evidence]


def as_document(evidence: Evidence) -> Document:
    """One piece of evidence; `page_content` is the passage word for word, `id` its passage id."""
    passage = evidence.passage
    metadata: dict[str, Any] = {
        "passage_id": passage.id,
        "record_id": passage.record_id,
        "study_id": passage.study_id,
        "title": passage.title,
        "speaker": passage.speaker,
        "start": passage.span.start,
        "end": passage.span.end,
        "sha256": passage.sha256,
        "rank": evidence.rank,
        "score": evidence.score,
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
