"""A ballot box: what is put in can be read by nobody who lacks the box's key.

Who watches a table of clear ballots grow learns each vote as it is cast. A sealed
ballot shows nothing: all have one length, and the same choice is sealed differently
each time.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .voting import CHOICES

_NONCE = 12


def new_key() -> bytes:
    """Return the key of a new box."""
    return AESGCM.generate_key(bit_length=256)


def seal(choice: str, key: bytes, box: str) -> str:
    """Return `choice` sealed for `box`, so that it counts in no other."""
    nonce = os.urandom(_NONCE)
    # the number, not the word: words differ in length
    content = bytes([CHOICES.index(choice)])
    sealed = AESGCM(key).encrypt(nonce, content, box.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, key: bytes, box: str) -> str | None:
    """Return the choice, or None for what wasn't sealed for this box with this key."""
    try:
        content = base64.b64decode(sealed or "", validate=True)
        opened = AESGCM(key).decrypt(content[:_NONCE], content[_NONCE:], box.encode())
    except (InvalidTag, ValueError):
        return None
    return CHOICES[opened[0]]
