"""Joins `provider:model` to LangChain's chat models. The only place that knows providers by name."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import SettingsError
from assistant.language.limited_http import client_options

_PACKAGE = "learning-ecosystem-assistant"
_EXTRAS = {"anthropic": "langchain_anthropic", "ollama": "langchain_ollama", "openai": "langchain_openai"}
"""Providers that can be installed as an extra of the same name, and the module that shows it was."""

_MOST_TOKENS = 1500
_NO_KEY = "none"
"""Sent where an address but no key is set, so that no key from the environment goes to that address."""


def connect(name: str, *, base_url: str = "", api_key: str = "", **limits: Any) -> Any:
    """LangChain's chat model for `provider:model`, with `limits` as `client_options` takes them."""
    provider, mark, model = name.partition(":")
    if not (provider and mark and model):
        raise SettingsError(
            f"The chat model '{name}' is not of the form provider:model.",
            hint="Write for example ollama:llama3.1 or openai:gpt-4o-mini.",
        )
    _check_address(base_url)
    _check_installed(provider)
    options = _OPTIONS.get(provider, _for_others)(base_url, api_key, limits)
    made = _make(provider, name, options)
    return _within_limits(made, limits) if provider == "anthropic" else made


def local(name: str, base_url: str) -> bool:
    """True if the model is on this computer: a loopback address, or Ollama's usual place."""
    if not base_url:
        return name.startswith("ollama:")
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_address(base_url: str) -> None:
    if not base_url:
        return
    try:
        parts = urlsplit(base_url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        sound = sound and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        raise SettingsError(
            "The address of the language model cannot be used.",
            hint="Set ASSISTANT_LANGUAGE__BASE_URL to one like http://127.0.0.1:11434, without a key.",
        )


def _check_installed(provider: str) -> None:
    module = _EXTRAS.get(provider)
    if module is None:
        return
    try:
        import_module(module)
    except ImportError:
        raise SettingsError(
            f"The package for the language models of '{provider}' is not installed.",
            hint=f'Install it with: pip install "{_PACKAGE}[{provider}]"',
        ) from None


def _make(provider: str, name: str, options: dict[str, Any]) -> Any:
    from langchain.chat_models import init_chat_model

    try:
        made: Any = init_chat_model(name, **options)
    except ImportError as error:
        raise SettingsError(
            f"The package for the language models of '{provider}' is not installed.",
            hint=f"Install LangChain's package for it ({str(error).splitlines()[0]}).",
        ) from None
    except Exception as error:
        # Messages of a provider's code may repeat what was handed in, so only the kind of error is told.
        raise SettingsError(
            f"The language model '{name}' cannot be set up ({type(error).__name__}).",
            hint="Check the name, and ASSISTANT_LANGUAGE__API_KEY if the provider wants a key.",
        ) from None
    return made


def _for_openai(base_url: str, api_key: str, limits: dict[str, Any]) -> dict[str, Any]:
    http: Any = import_module("httpx2")
    made = client_options("httpx2", **limits)
    options: dict[str, Any] = {
        "http_client": http.Client(**made),
        "timeout": made["timeout"],
        "max_retries": 0,
        "max_tokens": _MOST_TOKENS,
        "stream_usage": False,
    }
    if base_url:
        # Other servers of this protocol know the older of its two ways to talk, and any temperature; some of
        # the provider's own models refuse every temperature but their own.
        options |= {"base_url": base_url, "use_responses_api": False, "temperature": 0}
    return options | _key(base_url, api_key)


def _for_anthropic(base_url: str, api_key: str, limits: dict[str, Any]) -> dict[str, Any]:
    return {
        "default_request_timeout": limits["read_seconds"],
        "max_retries": 0,
        "max_tokens": _MOST_TOKENS,
        **({"base_url": base_url} if base_url else {}),
        **_key(base_url, api_key),
    }


def _within_limits(made: Any, limits: dict[str, Any]) -> Any:
    """The same model with our own HTTP client, which its class takes no option for."""
    http: Any = import_module("httpx2")
    made.__dict__["_client"] = made._client.with_options(
        http_client=http.Client(**client_options("httpx2", **limits))
    )
    return made


def _for_ollama(base_url: str, api_key: str, limits: dict[str, Any]) -> dict[str, Any]:
    made = client_options("httpx", **limits)
    if api_key:
        made["headers"] = {**made["headers"], "authorization": f"Bearer {api_key}"}
    return {
        "sync_client_kwargs": made,
        "temperature": 0,
        "num_predict": _MOST_TOKENS,
        **({"base_url": base_url} if base_url else {}),
    }


def _for_others(base_url: str, api_key: str, limits: dict[str, Any]) -> dict[str, Any]:
    return {
        "timeout": limits["read_seconds"],
        "max_retries": 0,
        **({"base_url": base_url} if base_url else {}),
        **_key("", api_key),
    }


def _key(base_url: str, api_key: str) -> dict[str, Any]:
    chosen = api_key or (_NO_KEY if base_url else "")
    return {"api_key": chosen} if chosen else {}


_OPTIONS: dict[str, Callable[[str, str, dict[str, Any]], dict[str, Any]]] = {
    "anthropic": _for_anthropic,
    "ollama": _for_ollama,
    "openai": _for_openai,
}
