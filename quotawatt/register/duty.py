"""Who holds a duty: the one kind of record that is about people."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Duty:
    """Who holds a duty over an asset and all below it that names nobody of its own.

    duty
        ``owner``, ``deputy``, ``supervisor``, ``manager``.
    name_zh, name_en
        The post or the person, as messages address them; an empty English name: the Chinese one.
    valid_from, valid_until
        Local days at the asset; ``valid_until`` is the first on which they no longer hold it; None: still.
    rank
        The first who can be reached is told: 1 before 2. Each rank is held by one at a time.
    account, email, mobile, chat
        Where they can be reached; ``chat`` is their id in the chat of the house. Empty: not there.
    language
        Of what they are told: ``zh`` or ``en``.

    E-mail, mobile and chat are personal: see ``contact_privacy``.
    """

    asset: str
    duty: str
    name_zh: str
    valid_from: date
    valid_until: date | None = None
    rank: int = 1
    name_en: str = ""
    account: str = ""
    email: str = ""
    mobile: str = ""
    chat: str = ""
    language: str = "zh"
