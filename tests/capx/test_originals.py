"""What the tests make once for all is cleared up by the last of them, whoever died before."""

import fcntl

import pytest

from tests import databases


@pytest.fixture
def said(monkeypatch):
    """Note what the server would be told."""
    said = []
    monkeypatch.setattr(databases, "ask_server", lambda *words: said.append(words))
    return said


def test_the_last_that_lives_clears_up(tmp_path, said):
    (tmp_path / "process-1").touch()  # it was killed
    one, other = (databases.Originals(tmp_path, "x") for _ in range(2))
    one.come()
    with (tmp_path / "process-2").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        one.go()
        assert said == []

    other.come()
    other.go()

    assert [name for _words, name in said] == [other.migrated, other.released]
