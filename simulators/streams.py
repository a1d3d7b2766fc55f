"""Random streams: one for each name, so that no part's draws shift another's.

A stream is drawn from once, in the order of time. Numpy's generators then give a longer horizon the
same beginning: the demo goes on into the next year without changing the one before.
"""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def stream(seed: int, *name: str) -> np.random.Generator:
    """The generator called ``name`` of the demo numbered ``seed``."""
    return np.random.default_rng([seed, crc32("/".join(name).encode())])


def autoregressive(noise: Floats, persistence: float) -> Floats:
    """A first-order autoregressive series of unit variance, driven by unit white noise.

    persistence
        Correlation between neighbours, 0 to below 1.
    """
    innovation = float(np.sqrt(1 - persistence**2))
    values = np.empty_like(noise)
    level = 0.0
    for i, shock in enumerate(noise):
        level = persistence * level + innovation * float(shock)
        values[i] = level
    return values
