from pathlib import Path

import pytest

from assistant import settings as module
from assistant.errors import NotReadyError, SettingsError
from assistant.settings import bundled_corpus, load_settings, variables


def test_the_environment_sets_values_in_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_WEB__PORT", "9001")
    monkeypatch.setenv("ASSISTANT_WEB__ALLOWED_HOSTS", "ask.example, portal.example,")
    monkeypatch.setenv("ASSISTANT_CONSTRUCTED_EXAMPLES", "no")
    settings = load_settings()
    assert settings.web.port == 9001
    assert settings.web.allowed_hosts == ("ask.example", "portal.example")
    assert settings.constructed_examples is False


def test_the_option_goes_before_the_variable_and_a_home_folder_is_resolved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", "~/library")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings().data_dir == tmp_path / "library"
    assert load_settings(data_dir=tmp_path / "other").data_dir == tmp_path / "other"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ASSISTANT_WEB__PROT", "ASSISTANT_WEB__PORT"),
        ("ASSISTANT_WEBB__PORT", "ASSISTANT_WEB__PORT"),
        ("ASSISTANT_DATADIR", "ASSISTANT_DATA_DIR"),
        ("ASSISTANT_WEB_PORT", "ASSISTANT_WEB__PORT"),
        ("assistant_thread", "ASSISTANT_THREADS"),
    ],
)
def test_a_misspelt_variable_is_refused_with_the_nearest_name(
    written: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(written, "1")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert written in caught.value.sentence
    assert caught.value.hint == f"Did you mean {meant}?"


def test_a_variable_like_nothing_known_points_to_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_QQQQQQ", "1")
    with pytest.raises(SettingsError, match="no setting called ASSISTANT_QQQQQQ") as caught:
        load_settings()
    assert "README" in caught.value.hint


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ASSISTANT_WEB__PORT", "sixty"),
        ("ASSISTANT_WEB__PORT", "70000"),
        ("ASSISTANT_WEB__MOUNT_PATH", "ask/"),
        ("ASSISTANT_THREADS", "-1"),
        ("ASSISTANT_LANGUAGE__TIMEOUT_SECONDS", "0"),
    ],
)
def test_a_value_out_of_range_names_its_variable_and_not_the_value(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.sentence.startswith(f"{variable} cannot be used: ")
    assert f"'{value}'" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_secret_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LANGUAGE__API_KEY", "open-sesame")
    settings = load_settings()
    assert settings.language.api_key.get_secret_value() == "open-sesame"
    assert "open-sesame" not in repr(settings) + str(settings.model_dump())


def test_every_setting_has_a_variable_and_a_description() -> None:
    listed = list(variables())
    assert len({name for name, _, _ in listed}) == len(listed) > 20
    assert all(description.endswith(".") for _, _, description in listed)


def test_the_bundled_corpus_is_found_in_a_checkout_and_inside_an_installed_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert (bundled_corpus() / "framework.yaml").is_file()
    inside = tmp_path / "assistant" / "_bundled" / "corpus"
    inside.mkdir(parents=True)
    monkeypatch.setattr(module, "__file__", str(tmp_path / "assistant" / "settings.py"))
    assert bundled_corpus() == inside.resolve()


def test_a_program_without_its_corpus_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "__file__", str(tmp_path / "assistant" / "settings.py"))
    with pytest.raises(NotReadyError, match="'corpus' that belongs to the assistant is missing"):
        bundled_corpus()
