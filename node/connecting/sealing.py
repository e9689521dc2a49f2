"""Secrets that are kept in the database without the key to them: it is a file in the data folder.

Somebody who has only the database, or a copy of it, reads none. See docs/decisions/second-step.md.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE = "second-step.key"
NONCE = 12  # bytes, SP 800-38D 8.2


class Unreadable(Exception):
    """The key is not there, or it is another."""


def seal(folder: Path, secret: bytes, about: str) -> bytes:
    """The secret as it is kept; ``about`` says whose it is: elsewhere it opens no more.

    Makes the key when there is none. Reads a file: call it in a thread.
    """
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_made(folder / FILE)).encrypt(nonce, secret, about.encode())


def unseal(folder: Path, sealed: bytes, about: str) -> bytes:
    """The secret. Raises Unreadable. Reads a file: call it in a thread."""
    try:
        key = (folder / FILE).read_bytes()
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], about.encode())
    except (OSError, ValueError, InvalidTag) as error:
        raise Unreadable(f"{folder / FILE}: {type(error).__name__}") from error


def _made(path: Path) -> bytes:
    """The key; of several processes that make one at once the first wins."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(AESGCM.generate_key(256))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return path.read_bytes()
