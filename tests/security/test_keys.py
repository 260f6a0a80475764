from __future__ import annotations

import pytest

from assistant.errors import SettingsError
from assistant.security.keys import check_hashes, hash_key, matching_hash, new_key


def test_a_new_key_is_long_and_never_the_same() -> None:
    keys = {new_key() for _ in range(50)}
    assert len(keys) == 50
    assert all(len(key) == 43 for key in keys)


def test_a_key_is_found_by_its_hash_alone() -> None:
    key, other = new_key(), new_key()
    assert matching_hash(key, [hash_key(other), hash_key(key)]) == hash_key(key)
    assert key not in hash_key(key)


@pytest.mark.parametrize("wrong", ["", " ", "x", "é", "sha256:" + "0" * 64])
def test_a_wrong_key_matches_nothing(wrong: str) -> None:
    assert matching_hash(wrong, [hash_key(new_key())]) is None


def test_the_hash_itself_is_not_a_key() -> None:
    stored = hash_key(new_key())
    assert matching_hash(stored, [stored]) is None


@pytest.mark.parametrize("value", ["plain-key", "sha256:", "sha256:" + "G" * 64, "md5:" + "0" * 32, ""])
def test_a_setting_that_is_no_hash_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_hashes([hash_key("a"), value])
    assert "number 2" in str(caught.value)
    assert value in {"", "sha256:"} or value not in str(caught.value)
