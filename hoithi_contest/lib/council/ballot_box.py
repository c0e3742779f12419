"""A ballot box that no single person opens, the server's administrator included.

Whoever counts has a key of one's own, locked with a passphrase. The box has a pair of
keys: the public one seals what is put in; the private one is split among the tellers
and forgotten, so that two of them together make it again, and nobody alone. A sealed
ballot shows nothing: all have one length, and the same choice is sealed differently
each time.

Sealing is HPKE (RFC 9180), splitting is Shamir's, the lock is scrypt with AES in
PKCS #8: all three by PyCryptodome.
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .voting import CHOICES, SCOPES

if TYPE_CHECKING:
    from Crypto.PublicKey import ECC

# What seals is loaded where it is used: a worker that holds no vote has no use for it.

#: How many tellers open a box.
TELLERS = 2
_CURVE = "Curve25519"
#: What Shamir's scheme splits is of this length, in bytes.
_SEED = 16
#: Cost of scrypt for a guess at a passphrase: about half a second and 128 MB.
_COST = 2**17
_PEM = "PEM"


class WrongPassphrase(ValueError):
    """The passphrase doesn't open the teller's key."""


class BoxStaysShut(ValueError):
    """The shares don't make the key of the box."""


def new_teller_key(passphrase: str) -> tuple[str, str]:
    """Return the public key of a teller, and the private one locked by `passphrase`."""
    from Crypto.PublicKey import ECC

    key = ECC.generate(curve=_CURVE)
    locked = key.export_key(
        format=_PEM,
        passphrase=_to_bytes(passphrase),
        use_pkcs8=True,
        protection="scryptAndAES256-CBC",
        prot_params={"iteration_count": _COST},
    )
    return key.public_key().export_key(format=_PEM), locked


def unlock(locked: str, passphrase: str) -> ECC.EccKey:
    """Return a teller's private key.

    :raises WrongPassphrase: where the passphrase isn't the one that locked it
    """
    from Crypto import IncorrectPassphraseError
    from Crypto.PublicKey import ECC

    try:
        return ECC.import_key(locked, passphrase=_to_bytes(passphrase))
    except (IncorrectPassphraseError, ValueError) as error:
        raise WrongPassphrase from error


def new_box(tellers: Mapping[int, str], box: str) -> tuple[str, dict[int, str]]:
    """Make a box, and forget its private key.

    :param tellers: public key of each teller
    :param box: its name; what was sealed for it opens in no other
    :return: the box's public key, and to each teller a share that this one can open
    """
    from Crypto.Protocol.SecretSharing import Shamir
    from Crypto.Random import get_random_bytes

    seed = get_random_bytes(_SEED)
    shares = Shamir.split(TELLERS, len(tellers), seed)
    sealed = {
        teller: _seal(bytes([index]) + share, public, box)
        for (teller, public), (index, share) in zip(
            tellers.items(), shares, strict=True
        )
    }
    return _derive(seed, box).public_key().export_key(format=_PEM), sealed


def open_share(sealed: str, key: ECC.EccKey, box: str) -> str:
    """Return a teller's share of the box in clear.

    :raises BoxStaysShut: where it was made for another box or teller
    """
    share = _unseal(sealed, key, box)
    if share is None:
        raise BoxStaysShut
    return base64.b64encode(share).decode()


def combine(shares: Iterable[str], public: str, box: str) -> ECC.EccKey:
    """Return the private key of a box from enough opened shares.

    :raises BoxStaysShut: where they are too few, or not of this box
    """
    from Crypto.Protocol.SecretSharing import Shamir

    try:
        parts = {
            part[0]: part[1:] for part in map(base64.b64decode, shares) if part[1:]
        }
        key = _derive(Shamir.combine(list(parts.items())), box)
    except (ValueError, IndexError) as error:
        raise BoxStaysShut from error
    if key.public_key().export_key(format=_PEM) != public:
        raise BoxStaysShut
    return key


#: What a ballot may say, in an order that is never changed: sealed is the number.
_SAID = (*CHOICES, *SCOPES)


def seal(choice: str, public: str, box: str) -> str:
    """Return `choice` sealed for `box`, so that it counts in no other."""
    # the number, not the word: words differ in length
    return _seal(bytes([_SAID.index(choice)]), public, box)


def unseal(sealed: str, key: ECC.EccKey, box: str) -> str | None:
    """Return the choice, or None for what wasn't sealed for this box with its key."""
    content = _unseal(sealed, key, box)
    valid = content is not None and len(content) == 1 and content[0] < len(_SAID)
    return _SAID[content[0]] if valid else None


def _to_bytes(passphrase: str) -> bytes:
    # keyboards write Vietnamese letters in one piece or in several
    return unicodedata.normalize("NFC", passphrase).encode()


def _derive(seed: bytes, box: str) -> ECC.EccKey:
    from Crypto.Hash import SHA256
    from Crypto.Protocol.KDF import HKDF
    from Crypto.PublicKey import ECC

    secret = HKDF(seed, 32, salt=b"", hashmod=SHA256, context=box.encode())
    return ECC.construct(curve=_CURVE, seed=secret)


def _open_envelope(key: ECC.EccKey, box: str, enc: bytes | None = None):
    from Crypto.Protocol import HPKE

    return HPKE.new(
        receiver_key=key, aead_id=HPKE.AEAD.AES256_GCM, enc=enc, info=box.encode()
    )


def _seal(content: bytes, public: str, box: str) -> str:
    from Crypto.PublicKey import ECC

    envelope = _open_envelope(ECC.import_key(public), box)
    sealed = envelope.seal(content)
    return base64.b64encode(envelope.enc + sealed).decode()


def _unseal(sealed: str, key: ECC.EccKey, box: str) -> bytes | None:
    try:
        content = base64.b64decode(sealed or "", validate=True)
        return _open_envelope(key, box, content[:32]).unseal(content[32:])
    except ValueError:
        return None
