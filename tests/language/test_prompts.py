from hashlib import sha256
from pathlib import Path

import pytest

from assistant.errors import CorpusError
from assistant.language.prompts import load_prompt

FOLDER = Path(__file__).parents[2] / "prompts"
SOUND = "---\npurpose: test\nblanks: [question]\n---\nBe kind.\n\n## User\n\nAsked: $question\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "test.md"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.name)
def test_every_prompt_is_sound_and_named_by_the_hash_of_its_file(path: Path) -> None:
    prompt = load_prompt(path)
    assert prompt.sha256 == sha256(path.read_bytes()).hexdigest()
    system, user = prompt.fill({blank: f"<{blank}>" for blank in prompt.blanks})
    assert all(f"<{blank}>" in system + user for blank in prompt.blanks)
    assert "$" not in system + user


def test_what_is_filled_in_is_never_read_as_a_blank(tmp_path: Path) -> None:
    prompt = load_prompt(written(tmp_path, SOUND))
    assert prompt.fill({"question": "$question ${question} $$"}) == (
        "Be kind.",
        "Asked: $question ${question} $$",
    )


@pytest.mark.parametrize("values", [{}, {"question": "a", "other": "b"}, {"other": "b"}])
def test_a_blank_too_many_or_too_few_is_refused(tmp_path: Path, values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="blanks"):
        load_prompt(written(tmp_path, SOUND)).fill(values)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SOUND.replace("$question", "$answer"), r"\$answer is not declared"),
        (SOUND.replace("$question", "it"), "'question' is declared but not used"),
        (SOUND.replace("kind.", "kind for $ 5."), "stands before no blank"),
        (SOUND.replace("purpose: test\n", ""), "must hold a purpose"),
        (SOUND.replace("purpose: test", "purpose: [test"), "not YAML"),
        (SOUND.replace("purpose: test", "purpose: test\nextra: 1"), "nothing else"),
        (SOUND.replace("## User", "## Us"), "no user part"),
        ("Be kind.", "no front matter"),
    ],
)
def test_a_broken_prompt_is_refused_with_its_file_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(CorpusError, match=sentence) as caught:
        load_prompt(written(tmp_path, text))
    assert "test.md" in str(caught.value)


def test_a_prompt_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        load_prompt(tmp_path / "none.md")
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match="cannot be read"):
        load_prompt(tmp_path / "bytes.md")


def test_its_own_words_are_known_without_its_blanks(tmp_path: Path) -> None:
    assert load_prompt(written(tmp_path, SOUND)).words == ("be", "kind", "asked")
