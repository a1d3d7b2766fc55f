"""The key that heads of the ledger and evidence packs are signed with: Ed25519 (RFC 8032)."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from quotawatt.errors import InputError, SettingError, StoreError
from quotawatt.ledger.entry import sha256_of

KEY_FILE = "ledger-key.pem"
"""Name of the key in the home folder."""


class VerifyingKey:
    """A public key: says whether a signature is of the key's holder."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    @property
    def pem(self) -> str:
        """The key as PEM (SubjectPublicKeyInfo, RFC 8410)."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def name(self) -> str:
        """What the key goes by: SHA-256 (hex) of its 32 bytes in hex."""
        return sha256_of(self._key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex())

    def signed(self, text: str, signature: str) -> bool:
        """Whether ``signature`` (hex) is the key's over ``text``."""
        try:
            self._key.verify(bytes.fromhex(signature), text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey:
    """A private key. It never leaves this object."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> VerifyingKey:
        """The key that others check with."""
        return VerifyingKey(self._key.public_key())

    def sign(self, text: str) -> str:
        """The signature (hex) over ``text`` in UTF-8."""
        return self._key.sign(text.encode()).hex()


def signing_key(home: Path, file: Path | None = None) -> SigningKey:
    """The key of ``file``; without one that of the home folder, made there where there is none yet.

    Raises SettingError where the file cannot be read or holds no Ed25519 key (PEM, not encrypted),
    StoreError where the home folder does not take one.
    """
    path = file or home / KEY_FILE
    if file is None and not path.exists():
        _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise SettingError(
            f"the ledger's key must be readable, got {path} ({error.strerror})"
        ) from None
    except (ValueError, TypeError):
        raise SettingError(f"the ledger's key must be PEM without a password, got {path}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingError(f"the ledger's key must be of Ed25519, got another kind in {path}")
    return SigningKey(key)


def verifying_key(pem: bytes) -> VerifyingKey:
    """The public key in a PEM text. Raises InputError where it holds none of Ed25519."""
    try:
        key = load_pem_public_key(pem)
    except ValueError:
        raise InputError("a public key must be PEM, got other bytes") from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(f"a public key must be of Ed25519, got {type(key).__name__}")
    return VerifyingKey(key)


def _make(path: Path) -> None:
    """Write a new key, its owner's only; of two processes at once the first one's stays."""
    raw = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    mine = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    except OSError as error:
        raise StoreError(
            f"the home folder must take the ledger's key, got {path} ({error.strerror})"
        ) from None
