"""Reading ahead: the same bytes in the same order, and no waiting for what is here already."""

import socket
from collections.abc import Iterator

import pytest

from collectors.buffered import READ_BYTES, BufferedSocket


@pytest.fixture
def pair() -> Iterator[tuple[BufferedSocket, socket.socket]]:
    near, far = socket.socketpair()
    buffered = BufferedSocket(near)
    yield buffered, far
    buffered.close()
    far.close()


def test_bytes_come_in_order_whatever_the_pieces(
    pair: tuple[BufferedSocket, socket.socket],
) -> None:
    near, far = pair
    far.sendall(bytes(range(200)))
    pieces = [near.recv(1), near.recv(1), near.recv(98), near.recv(1000)]
    assert [len(piece) for piece in pieces] == [1, 1, 98, 100]
    assert b"".join(pieces) == bytes(range(200))


def test_pending_is_what_was_read_ahead(pair: tuple[BufferedSocket, socket.socket]) -> None:
    near, far = pair
    assert near.pending() == 0
    far.sendall(b"abcdef")
    near.recv(2)
    assert near.pending() == 4
    near.recv(4)
    assert near.pending() == 0


def test_more_than_a_buffer_full(pair: tuple[BufferedSocket, socket.socket]) -> None:
    near, far = pair
    sent = bytes(range(256)) * (READ_BYTES // 256 + 10)
    far.settimeout(10)
    found = b""
    left = sent
    while len(found) < len(sent):
        left = left[far.send(left[:30_000]) :] if left else left
        found += near.recv(7_001)
    assert found == sent


def test_the_end_is_the_end(pair: tuple[BufferedSocket, socket.socket]) -> None:
    near, far = pair
    far.sendall(b"last")
    far.shutdown(socket.SHUT_WR)
    assert (near.recv(10), near.recv(10)) == (b"last", b"")


def test_nothing_there_does_not_block_a_socket_that_must_not(
    pair: tuple[BufferedSocket, socket.socket],
) -> None:
    near, far = pair
    near.setblocking(False)
    with pytest.raises(BlockingIOError):
        near.recv(1)
    far.sendall(b"x")
    assert near.recv(1) == b"x"


def test_the_timeout_of_the_connection_is_kept() -> None:
    near, far = socket.socketpair()
    near.settimeout(3.5)
    with BufferedSocket(near) as buffered, far:
        assert buffered.gettimeout() == 3.5
