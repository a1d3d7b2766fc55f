"""Why a server cannot be reached, from the exception that a client raised."""

import socket
import ssl
from collections.abc import Iterator

import httpx

_TIMEOUTS = (TimeoutError, httpx.TimeoutException)


def failure_cause(error: BaseException) -> str:
    """``unknown_host``, ``refused``, ``timeout``, ``tls_untrusted``, ``tls_none``, ``tls`` or ``dropped``.

    ``tls_none``: the server does not speak TLS at that port. ``dropped`` is all the rest: the connection
    was made and broke off.
    """
    chain = list(_chain(error))
    if any(isinstance(one, socket.gaierror) for one in chain):
        return "unknown_host"
    if any(isinstance(one, ConnectionRefusedError) for one in chain):
        return "refused"
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return "tls_untrusted"
    if tls := [str(one).upper() for one in chain if isinstance(one, ssl.SSLError)]:
        return "tls_none" if any("WRONG_VERSION" in words for words in tls) else "tls"
    return "timeout" if any(isinstance(one, _TIMEOUTS) for one in chain) else "dropped"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and those that led to it, an exception that is its own cause once."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__
