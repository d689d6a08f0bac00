"""Key files: whole or not there, for their owner alone."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import OKPKey

from greenlight.signing.keys import KeyFileError, SigningKey, load_public

KEY = SigningKey.generate()


def test_a_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    KEY.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load(path).public == KEY.public
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod"):
        SigningKey.load(path)


def test_a_file_without_a_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.touch(mode=0o600)
    with pytest.raises(KeyFileError):
        SigningKey.load(path)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    KEY.save(path)
    with pytest.raises(FileExistsError):
        SigningKey.generate().save(path)
    assert SigningKey.load(path).public == KEY.public
    assert list(tmp_path.iterdir()) == [path]


def test_whoever_checks_needs_the_public_key_alone(tmp_path: Path) -> None:
    raw = Ed25519PrivateKey.generate()
    (tmp_path / "public.pem").write_bytes(
        raw.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    private = SigningKey(OKPKey.import_key(raw))
    private.save(tmp_path / "private.pem")
    assert load_public(tmp_path / "public.pem") == private.public
    assert load_public(tmp_path / "private.pem") == private.public


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    public = X25519PrivateKey.generate().public_key()
    (tmp_path / "x.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "text.pem").write_text("not a key")
    for name in ("x.pem", "text.pem"):
        with pytest.raises(KeyFileError, match=name):
            load_public(tmp_path / name)
