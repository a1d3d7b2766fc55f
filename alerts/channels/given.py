"""What the channels file gives one channel: values by key, every problem noted with its line, none thrown.

A secret never stands in the file: ``KEY_file`` names the file that holds it, ``KEY_env`` a variable of the
environment.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import SecretStr

from alerts.channels.http import Place
from alerts.channels.webhook import checked_url
from quotawatt.errors import SettingError
from quotawatt.rulebook.schema import Fields, Problems, choice, entries, fields, number, shown, text

_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a kind of channel; each of ``secrets`` stands for its two."""

    required: Collection[str] = ()
    optional: Collection[str] = ()
    secrets: Collection[str] = ()

    @property
    def all_optional(self) -> tuple[str, ...]:
        """Optional ones and those of the secrets."""
        secrets = (f"{key}_{way}" for key in self.secrets for way in ("file", "env"))
        return (*self.optional, *secrets)


class Given:
    """The entries of one channel."""

    def __init__(
        self,
        name: str,
        node: yaml.Node,
        keys: Keys,
        problems: Problems,
        folder: Path,
        environ: Mapping[str, str],
    ) -> None:
        """``folder``: what relative paths start from."""
        self.name = name
        self._node, self._problems = node, problems
        self._folder, self._environ = folder, environ
        what = f"channel {name}"
        self._fields: Fields = fields(
            node, problems, what, ("kind", *keys.required), keys.all_optional
        )

    def note(self, key: str, rule: str, got: object) -> None:
        """Note a broken rule at the key's line, or at the channel's where the key is missing."""
        self._problems.note(self._fields.get(key, self._node), rule, got)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._fields

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        node = self._fields.get(key)
        return default if node is None else text(node, self._problems, key)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within ``[low, high]``."""
        node = self._fields.get(key)
        if node is None:
            return default
        value = number(node, self._problems, key, low, high)
        if value != int(value):
            self._problems.note(node, f"{key} must be a whole number", shown(node))
        return int(value)

    def word(self, key: str, default: _Word) -> _Word:
        """One of the words of the default's kind."""
        node = self._fields.get(key)
        kind = type(default)
        return default if node is None else kind(choice(node, self._problems, key, list(kind)))

    def flag(self, key: str) -> bool:
        """true or false; false where it is missing."""
        node = self._fields.get(key)
        return node is not None and choice(node, self._problems, key, ("false", "true")) == "true"

    def texts(self, key: str) -> dict[str, str]:
        """A mapping of texts."""
        node = self._fields.get(key)
        found = () if node is None else entries(node, self._problems, key)
        return {name: text(value, self._problems, f"{key} {name}") for name, value in found}

    def file(self, key: str) -> Path | None:
        """A file that can be read."""
        if key not in self._fields:
            return None
        path = self._folder / self.text(key)
        try:
            path.read_bytes()
        except OSError as error:
            self.note(key, f"{key} must name a file that can be read", f"{path} ({error.strerror})")
        return path

    def secret(self, key: str, *, needed: bool = False) -> SecretStr | None:
        """A secret, from its file or the environment; ``needed``: one must be given."""
        by_file, by_env = f"{key}_file", f"{key}_env"
        if self.has(by_file) and self.has(by_env):
            self.note(by_env, f"one of {by_file} and {by_env} must be given", "both")
        if self.has(by_file):
            return self._read(by_file)
        if self.has(by_env):
            return self._from_environment(by_env)
        if needed:
            self.note("kind", f"channel {self.name} must have {by_file} or {by_env}", "neither")
        return None

    def place(self, default: str = "") -> Place:
        """Address and certificates, from ``url`` and ``ca_file``; an address may be a secret."""
        secret = self.secret("url")
        if secret is not None and self.has("url"):
            self.note("url", "one of url, url_file and url_env must be given", "more")
        url = secret.get_secret_value() if secret is not None else self.text("url", default)
        try:
            checked_url(url, f"the address of channel {self.name}")
        except SettingError as error:
            rule, _, got = str(error).partition(", got ")
            self.note("url", rule, got)
        return Place(url, self.file("ca_file"))

    def _read(self, key: str) -> SecretStr | None:
        path = self._folder / self.text(key)
        try:
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no UTF-8"
            self.note(key, f"{key} must name a file that can be read", f"{path} ({reason})")
            return None
        return self._kept(key, value)

    def _from_environment(self, key: str) -> SecretStr | None:
        variable = self.text(key)
        if variable not in self._environ:
            self.note(key, f"{key} must name a variable of the environment that is set", variable)
            return None
        return self._kept(key, self._environ[variable].strip())

    def _kept(self, key: str, value: str) -> SecretStr | None:
        if not value:
            self.note(key, f"{key} must name a secret", "an empty one")
        return SecretStr(value)
