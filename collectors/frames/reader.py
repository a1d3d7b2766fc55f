"""Reading bytes in order."""

from collectors.frames.errors import bad


class Reader:
    """A place in bytes. Every read moves it on; a read past the end is a DecodeError, never less."""

    def __init__(self, data: bytes, what: str) -> None:
        self._data = data
        self._what = what
        self._at = 0

    @property
    def left(self) -> int:
        """Bytes not yet read."""
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        if count > self.left:
            rule = f"{self._what} must hold {count} more bytes at {self._at}"
            raise bad(rule, f"{self.left} in {self._data.hex().upper()[:80]}")
        self._at += count
        return self._data[self._at - count : self._at]

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(self.left)

    def u8(self) -> int:
        """An unsigned byte."""
        return self.take(1)[0]

    def u16(self) -> int:
        """Two bytes, unsigned, highest first."""
        return int.from_bytes(self.take(2), "big")

    def u32(self) -> int:
        """Four bytes, unsigned, highest first."""
        return int.from_bytes(self.take(4), "big")
