"""How much of a site is silent, as the input ``silent_share_pct``: a site off line is one case, not fifty."""

from collections.abc import Iterable
from datetime import timedelta

from alerts.engine.samples import Sample
from alerts.places import site_of
from quotawatt.register.model import Register
from quotawatt.spans import HOUR

SILENT_AFTER = timedelta(hours=23)
"""An hour less than what the rule for a single asset allows: a link that fails silences its meters within the
hour, and the site has to be known as off line before the first of them is."""

LEAST_ASSETS = 3
"""Of fewer, a share says nothing that the assets do not say by themselves."""


def site_silence_samples(silence: Iterable[Sample], register: Register) -> list[Sample]:
    """The share of each site's assets, in percent, that have been silent for ``SILENT_AFTER``, by site.

    silence
        What ``silence_samples`` gives: hours since the last reading of every bound asset. What stands at no
        site, and what has no value, is left out.

    The time is that of the site's newest reading; where none was ever heard, since when it is waited for.
    """
    at_site: dict[str, list[Sample]] = {}
    for sample in silence:
        site = site_of(register, sample.asset)
        if site and sample.value is not None:
            at_site.setdefault(site, []).append(sample)
    return [
        _sample(site, samples)
        for site, samples in sorted(at_site.items())
        if len(samples) >= LEAST_ASSETS
    ]


def _sample(site: str, samples: list[Sample]) -> Sample:
    limit_h = SILENT_AFTER / HOUR
    silent = sum(sample.value is not None and sample.value > limit_h for sample in samples)
    heard = [sample.time for sample in samples if "last_reading" in sample.evidence]
    evidence: dict[str, float | str] = {
        "silent_assets": float(silent),
        "assets": float(len(samples)),
    }
    if heard:
        evidence["last_reading"] = max(heard).isoformat()
    return Sample(
        subject=site,
        asset=site,
        value=100 * silent / len(samples),
        time=max(sample.time for sample in samples),
        evidence=evidence,
    )
