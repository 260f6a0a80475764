"""Everything that can be set, read once at the top from the environment and handed down as plain values.

There is no global settings object: only the assembly, the doctor and the command line see these.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from platformdirs import user_data_path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.errors import NotReadyError, SettingsError

PREFIX = "ASSISTANT_"
NEST = "__"
STORE_FILE = "monitoring.sqlite3"


def _split_at_commas(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_at_commas)]
"""Several words, written with commas between them."""


def bundled(folder: str) -> Path:
    """The folder (`corpus`, `prompts`) that comes with the program, from the wheel or a checkout."""
    package = Path(__file__).resolve().parent
    for place in (package / "_bundled" / folder, package.parent / folder):
        if place.is_dir():
            return place
    raise NotReadyError(
        f"The folder '{folder}' that belongs to the assistant is missing.", hint="Install the program again."
    )


def bundled_corpus() -> Path:
    """The studies, findings, mechanisms and example transcripts that come with the program."""
    return bundled("corpus")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IndexSettings(_Section):
    """How passages are turned into vectors."""

    embedding_model: str = Field(
        default="packaged",
        description="`packaged`, or the path of a sentence-transformers model on this computer.",
    )


class RetrievalSettings(_Section):
    """How passages are found."""

    reranker: str = Field(
        default="",
        description="`cross-encoder:FOLDER` to reorder what was found by a model on this computer.",
    )


class LanguageSettings(_Section):
    """An optional chat model. Empty: answers are put together from the evidence, with no model at all."""

    chat_model: str = Field(
        default="", description="`provider:name`, such as `ollama:llama3.1`. Empty for none."
    )
    base_url: str = Field(
        default="", description="Address of the model server, if it is not the provider's own."
    )
    api_key: SecretStr = Field(
        default=SecretStr(""), description="Key for the model server. Never shown or logged."
    )
    timeout_seconds: float = Field(
        default=30.0, gt=0, le=600, description="Longest wait for one model reply."
    )


class WebSettings(_Section):
    """The page and the HTTP interface. The names are those of `web.options.WebOptions`, and the port."""

    bind_host: str = Field(
        default="127.0.0.1", description="Address to listen on; any but loopback needs a way to sign in."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    mount_path: str = Field(
        default="",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="Public path, such as `/ask`; empty for the root.",
    )
    title: str = Field(default="Learning Ecosystem Assistant", min_length=1, description="Name of the page.")
    allowed_hosts: Names = Field(
        default=(), description="Host names it may be reached by, besides loopback, with commas between."
    )
    allowed_origins: Names = Field(
        default=(), description="Other sites that may call it from a browser, as `https://portal.example`."
    )
    frame_ancestors: Names = Field(default=(), description="Other sites that may show the page in a frame.")
    identity_header: str = Field(
        default="", description="Header in which a trusted proxy names the signed-in person."
    )
    trusted_proxies: Names = Field(
        default=(), description="Addresses or networks from which that header is believed."
    )
    api_key_hashes: Names = Field(
        default=(), description="`sha256:...` of each API key that is accepted; the keys are not stored."
    )
    asks_per_minute: int = Field(default=15, ge=1, description="Most questions a minute from one person.")
    reads_per_minute: int = Field(
        default=180, ge=1, description="Most searches, sources and checks a minute from one person."
    )
    max_body_bytes: int = Field(default=262_144, ge=1_024, description="Largest request that is read.")
    max_question_chars: int = Field(default=2_000, ge=50, description="Longest question that is taken.")
    max_turns: int = Field(default=40, ge=0, description="Most earlier turns that are taken with a question.")
    concurrency: int = Field(default=8, ge=1, description="Questions worked on at the same time.")
    max_waiting: int = Field(
        default=64, ge=0, description="Questions that may wait; more are told to come back."
    )
    wait_seconds: float = Field(default=20.0, gt=0, description="Longest wait for a turn.")
    count_unanswered: bool = Field(
        default=True,
        description="Count which mechanism and factor an unanswered question was about, never its words.",
    )
    feedback: bool = Field(
        default=True, description="Let readers say whether an answer helped; it is kept with the answer."
    )
    review_folder: str = Field(
        default="", description="Folder of the queues to rate; empty for `review` in the data folder."
    )


class Settings(BaseSettings):
    """All settings. Every name below is an environment variable: `ASSISTANT_` and the name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=NEST, extra="forbid", frozen=True, validate_default=True
    )

    data_dir: Path = Field(
        default_factory=lambda: user_data_path("learning-ecosystem-assistant", appauthor=False),
        description="Folder for the library and its index. Must be on a local disk.",
    )
    corpus_dir: Path = Field(default_factory=bundled_corpus, description="Studies to read on first use.")
    constructed_examples: bool = Field(default=True, description="Keep the invented example transcripts.")
    store_url: SecretStr = Field(
        default=SecretStr(""),
        description="Database for saved diagnoses and relationships, as "
        "`postgresql+psycopg://user:password@host/name`; empty for a file in the data folder.",
    )
    threads: int = Field(
        default=0, ge=0, le=256, description="Threads for encoding; 0 takes one for each processor."
    )
    bench_dir: str = Field(
        default="", description="Folder of public test sets, to calibrate a judge and to compare with others."
    )
    index: IndexSettings = IndexSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    language: LanguageSettings = LanguageSettings()
    web: WebSettings = WebSettings()

    @property
    def store_address(self) -> str | Path:
        """Where what people keep is kept: the address that was set, or a file in the data folder."""
        return self.store_url.get_secret_value() or self.data_dir / STORE_FILE

    @property
    def review_folder(self) -> Path:
        """Where the queues lie that the Review page hands out."""
        return Path(self.web.review_folder) if self.web.review_folder else self.data_dir / "review"


def load_settings(*, data_dir: Path | None = None) -> Settings:
    """Settings from the environment; `data_dir`, if given, goes before the variable.

    Raises SettingsError for a variable that starts with `ASSISTANT_` and is no setting (offers the nearest),
    and for a value that cannot be used. The value itself is never repeated: it may be a secret.
    """
    refuse_unknown(os.environ)
    given: dict[str, Any] = {} if data_dir is None else {"data_dir": data_dir}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise _explained(error) from None
    return settings.model_copy(update={"data_dir": settings.data_dir.expanduser().absolute()})


def variables() -> Iterator[tuple[str, Any, str]]:
    """Each setting as (variable, default, description), in the order they are declared."""
    yield from _leaves(Settings, PREFIX)


def _leaves(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, Any, str]]:
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _leaves(kind, f"{prefix}{name.upper()}{NEST}")
        else:
            yield prefix + name.upper(), info.default, info.description or ""


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise SettingsError if a variable looks like a setting of ours and is none."""
    known = [variable.removeprefix(PREFIX) for variable, _, _ in variables()]
    for name in sorted(environment):
        own = name.upper().removeprefix(PREFIX)
        if not name.upper().startswith(PREFIX) or own in known:
            continue
        near = get_close_matches(own, known, n=1)
        hint = f"Did you mean {PREFIX}{near[0]}?" if near else "See the table of settings in the README."
        raise SettingsError(f"There is no setting called {name}.", hint=hint)


def _explained(error: ValidationError) -> SettingsError:
    first = error.errors(include_input=False, include_url=False)[0]
    place = [str(part).upper() for part in first["loc"] if not isinstance(part, int)]
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    return SettingsError(
        f"{PREFIX}{NEST.join(place)} cannot be used: {message[:1].lower()}{message[1:]}.",
        hint="Change or unset that variable.",
    )
