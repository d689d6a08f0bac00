"""Keys in a folder: private to their owner, made once, and one person's each."""

import json
from pathlib import Path

import pytest

from greenlight.client import Keyring, KeyringError, Signer

CARLA = ("carla", "person-carla", "agency")


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """A folder that is not there yet."""
    return Keyring(tmp_path / "data" / "keys")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def contents(keyring: Keyring) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in keyring.folder.iterdir()}


def same(one: Signer, other: Signer) -> bool:
    return (one.officer, one.person, one.organisation, one.key.public) == (
        other.officer,
        other.person,
        other.organisation,
        other.key.public,
    )


def test_a_key_is_its_owners_alone(keyring: Keyring) -> None:
    keyring.create(*CARLA)
    assert mode(keyring.folder) == 0o700
    assert mode(keyring.folder / "carla.pem") == 0o600


def test_a_key_that_was_made_is_found_again(keyring: Keyring) -> None:
    made = keyring.create(*CARLA)
    assert same(Keyring(keyring.folder).signer("carla"), made)


def test_every_officer_has_another_key(keyring: Keyring) -> None:
    one, other = keyring.create(*CARLA), keyring.create("vera", "person-vera", "agency")
    assert one.key.public != other.key.public
    assert keyring.officers() == ["carla", "vera"]


def test_beside_the_key_stands_whose_it_is_and_nothing_else(keyring: Keyring) -> None:
    keyring.create(*CARLA)
    assert sorted(contents(keyring)) == ["carla.json", "carla.pem"]
    assert json.loads((keyring.folder / "carla.json").read_bytes()) == {
        "officer": "carla",
        "person": "person-carla",
        "organisation": "agency",
    }


@pytest.mark.parametrize("others", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_may_use_is_refused_with_the_remedy(keyring: Keyring, others: int) -> None:
    keyring.create(*CARLA)
    (keyring.folder / "carla.pem").chmod(others)
    with pytest.raises(KeyringError, match=r"carla.*chmod 600") as refused:
        keyring.signer("carla")
    assert len(str(refused.value).splitlines()) == 1
    (keyring.folder / "carla.pem").chmod(0o600)
    assert keyring.signer("carla").officer == "carla"


def test_a_key_is_never_overwritten(keyring: Keyring) -> None:
    keyring.create(*CARLA)
    before = contents(keyring)
    for owner in (CARLA, ("carla", "person-vera", "globex")):
        with pytest.raises(KeyringError, match="exists already"):
            keyring.create(*owner)
    assert contents(keyring) == before


def test_obtain_makes_a_key_and_then_gives_the_same_one(keyring: Keyring) -> None:
    assert same(keyring.obtain(*CARLA), keyring.obtain(*CARLA))
    assert keyring.officers() == ["carla"]


@pytest.mark.parametrize("owner", [("person-vera", "agency"), ("person-carla", "globex")])
def test_obtain_gives_nobody_anothers_key(keyring: Keyring, owner: tuple[str, str]) -> None:
    keyring.create(*CARLA)
    before = contents(keyring)
    with pytest.raises(KeyringError, match="is of person-carla at agency"):
        keyring.obtain("carla", *owner)
    assert contents(keyring) == before


def test_obtain_does_not_replace_a_key_that_cannot_be_used(keyring: Keyring) -> None:
    keyring.create(*CARLA)
    (keyring.folder / "carla.pem").chmod(0o644)
    before = contents(keyring)
    with pytest.raises(KeyringError, match="chmod 600"):
        keyring.obtain(*CARLA)
    assert contents(keyring) == before


def test_a_key_whose_making_was_cut_short_is_made_again(keyring: Keyring) -> None:
    keyring.create("carla", "person-vera", "globex")
    (keyring.folder / "carla.pem").unlink()
    assert keyring.officers() == []
    assert same(keyring.obtain(*CARLA), keyring.signer("carla"))


def test_a_key_without_its_owner_is_nobodys(keyring: Keyring) -> None:
    keyring.create(*CARLA)
    (keyring.folder / "carla.json").unlink()
    before = contents(keyring)
    for take in (lambda: keyring.signer("carla"), lambda: keyring.obtain(*CARLA)):
        with pytest.raises(KeyringError, match="carla"):
            take()
    assert contents(keyring) == before


def test_who_has_no_key_learns_who_has(keyring: Keyring) -> None:
    with pytest.raises(KeyringError, match=r"no key of vera in .* \(it has none: .*\)"):
        keyring.signer("vera")
    keyring.create(*CARLA)
    with pytest.raises(KeyringError, match=r"no key of vera in .* \(there: carla\)"):
        keyring.signer("vera")


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n"])
def test_what_is_no_key_is_refused_and_not_quoted(keyring: Keyring, content: bytes) -> None:
    keyring.create(*CARLA)
    (keyring.folder / "carla.pem").write_bytes(content)
    with pytest.raises(KeyringError, match="not a private Ed25519 key in PEM form"):
        keyring.signer("carla")


@pytest.mark.parametrize("owner", [b"", b"{}", b'{"officer": "carla"}', b"\xff"])
def test_an_owner_that_cannot_be_read_is_refused(keyring: Keyring, owner: bytes) -> None:
    keyring.create(*CARLA)
    (keyring.folder / "carla.json").write_bytes(owner)
    with pytest.raises(KeyringError, match=r"the key of carla in .* cannot be used"):
        keyring.signer("carla")


@pytest.mark.parametrize("officer", ["../carla", "Carla", "", "a b", "carla\n"])
def test_a_name_that_is_none_leaves_nothing_behind(keyring: Keyring, officer: str) -> None:
    with pytest.raises(ValueError, match="officer"):
        keyring.create(officer, "person-carla", "agency")
    assert not keyring.folder.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    keyring = Keyring(tmp_path / "file" / "keys")
    for make in (keyring.create, keyring.obtain):
        with pytest.raises(KeyringError, match=r"file/keys cannot be written: Not a directory"):
            make(*CARLA)


def test_no_private_key_is_shown(keyring: Keyring, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    signer = keyring.create(*CARLA)
    keyring.obtain(*CARLA)
    lines = (keyring.folder / "carla.pem").read_text().splitlines()
    (secret,) = (line for line in lines if not line.startswith("-"))
    # The last 43 characters hold the seed; what comes before is the same in every key.
    seed = secret[-43:]
    shown = f"{signer!r} {signer} {signer.key!r} {signer.key} {keyring!r} {keyring} {caplog.text}"
    assert "carla" in shown
    assert seed not in shown
    assert "PRIVATE" not in shown
    assert seed not in (keyring.folder / "carla.json").read_text()
