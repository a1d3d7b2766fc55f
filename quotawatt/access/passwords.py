"""Passwords: what one must be like, and Argon2id hashes of them (RFC 9106).

The hashes are of the second recommended option of RFC 9106, section 4: 64 MiB of memory, 3 passes, 4
lanes, a salt of 16 bytes. So much memory is taken for each check: at most ``CHECKS_AT_ONCE`` run in a
process at one time, the others wait.
"""

import re
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from quotawatt.errors import InputError

MEMORY_KIB = 65_536
PASSES = 3
LANES = 4
CHECKS_AT_ONCE = 4

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 256
LEAST_DIFFERENT = 6
LEAST_LETTERS_LEFT = 6
"""Of a password with a common word in it, beside that word."""

_COMMON = frozenset(
    {
        "admin",
        "administrator",
        "changeme",
        "dragon",
        "football",
        "guest",
        "iloveyou",
        "letmein",
        "login",
        "master",
        "mima",
        "monkey",
        "pass",
        "passwd",
        "password",
        "princess",
        "qazwsx",
        "qazwsxedc",
        "quotawatt",
        "root",
        "secret",
        "shandong",
        "sunshine",
        "superman",
        "system",
        "test",
        "user",
        "welcome",
        "woaini",
        "zaq1xsw2",
        "密码",
        "管理员",
    }
)
_ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_LOOKALIKES = str.maketrans("@013457$!", "aoieastsi")
_TAKEN_OUT = "\0"
# Four or more neighbours on a row of keys, in either direction.
_RUNS = re.compile(
    "|".join(
        sorted(
            re.escape(line[start : start + 4])
            for row in _ROWS
            for line in (row, row[::-1])
            for start in range(len(line) - 3)
        )
    )
)


def require_good_password(password: str, user: str) -> None:
    """Raise InputError where a password is short, common or made of its account's name.

    The rule is length (NIST SP 800-63B, 5.1.1): no mixture of signs is asked for, a sentence is welcome.
    No message holds the password.
    """
    plain = unicodedata.normalize("NFKC", password)
    if not LEAST_CHARACTERS <= len(plain) <= MOST_CHARACTERS:
        raise InputError(
            f"a password must have {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters, got {len(plain)}"
        )
    if len(set(plain.casefold())) < LEAST_DIFFERENT:
        raise InputError(
            f"a password must have at least {LEAST_DIFFERENT} different characters, "
            f"got {len(set(plain.casefold()))}"
        )
    if _easy_to_guess(plain.casefold(), user.casefold()):
        raise InputError(
            "a password must not be easy to guess, got one made of common words, the account's name or "
            "a row of keys"
        )


def _easy_to_guess(password: str, user: str) -> bool:
    """Whether little is left once common words, rows of keys and the account's name are taken out.

    Tried as it is written, and with the signs that stand for letters (``p@ssw0rd``) read as letters.
    """
    words = sorted({user, *_COMMON}, key=len, reverse=True)
    for rest in (password, password.translate(_LOOKALIKES)):
        for word in words:
            rest = rest.replace(word, _TAKEN_OUT)
        rest = _RUNS.sub(_TAKEN_OUT, rest)
        if _TAKEN_OUT in rest and sum(sign.isalpha() for sign in rest) < LEAST_LETTERS_LEFT:
            return True
    return False


class Passwords:
    """Makes and checks hashes of passwords."""

    def __init__(self, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=LANES, type=Type.ID
        )
        self._slots = threading.BoundedSemaphore(CHECKS_AT_ONCE)
        self._nobody: str | None = None

    def hashed(self, password: str) -> str:
        """The hash of a password, with its salt and parameters."""
        with self._slots:
            return self._hasher.hash(_canonical(password))

    def matches(self, hashed: str, password: str) -> bool:
        """Whether the password is the one that was hashed.

        For an empty hash (no such account, or one without a password) it takes as long and is false: the
        time must not tell which accounts there are.
        """
        if len(password) > MOST_CHARACTERS:
            return False
        with self._slots:
            if not hashed and self._nobody is None:
                self._nobody = self._hasher.hash("nobody")
            try:
                self._hasher.verify(hashed or str(self._nobody), _canonical(password))
            except (VerificationError, InvalidHashError):
                return False
        return bool(hashed)

    def outdated(self, hashed: str) -> bool:
        """Whether the hash was made with other parameters than those of today."""
        return self._hasher.check_needs_rehash(hashed)


def _canonical(password: str) -> bytes:
    """One sequence of bytes for what is typed alike on different keyboards."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", errors="surrogatepass")
