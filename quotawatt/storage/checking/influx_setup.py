"""Making what an InfluxDB lacks: the database of 1.x and 3.x; bucket and mapping of 2.x. Safe to repeat.

A database or bucket is made to keep for ever: results share it with the readings, and monthly ones are kept
for ever. What the settings say is to be kept for a time is removed by the analyser. Of what is there only the
length of future shards is changed (``SHARD_WEEKS``), where it is shorter.
"""

from collections.abc import Iterator, Sequence

import httpx
import urllib3
from influxdb_client import BucketRetentionRules, DBRPCreate, DBRPsService, InfluxDBClient
from influxdb_client.rest import ApiException

from quotawatt.errors import StoreError
from quotawatt.storage.checking import influx_verdicts as verdicts
from quotawatt.storage.checking.influx_probe import TIMEOUT_S, InfluxProbe, InfluxTarget
from quotawatt.storage.checking.verdicts import Verdict, right
from quotawatt.storage.influx_answers import (
    answered_series,
    major_version,
    refusal,
    shown_url,
    version_text,
)
from quotawatt.storage.influx_lines import SHARD_WEEKS, create_database, identifier

_WEEK_S = 7 * 86_400

RETENTION_POLICY = "autogen"
"""Under which a bucket is asked for where a query names none."""


def set_up_influx(target: InfluxTarget) -> Iterator[Verdict]:
    """Make what is missing; a verdict for each thing, ``made_...`` or that it was there.

    Raises StoreError where the server does not answer or refuses: ``store check`` says why.
    """
    url = shown_url(target.url)
    try:
        probe = InfluxProbe(target)
        try:
            ping = probe.ping()
            major = major_version(version_text(ping.headers, ping.body))
            probe.as_major(major)
            yield from _bucket(target) if major == 2 else _database(probe, major)
        finally:
            probe.close()
    except ValueError as error:
        # The client holds each answer against the vendor's own description of it.
        raise StoreError(f"InfluxDB must answer as documented, {url} does not: {error}") from error
    except ApiException as error:
        raise refusal(url, error.status, str(error.body)) from error
    except (httpx.HTTPError, httpx.InvalidURL, urllib3.exceptions.HTTPError, OSError) as error:
        raise StoreError(f"InfluxDB must answer, {url} does not: {error}") from error


def _database(probe: InfluxProbe, major: int) -> Iterator[Verdict]:
    name, url = probe.target.bucket, shown_url(probe.target.url)
    listed = probe.query("SHOW DATABASES")
    answered_series(url, listed.status, listed.body)
    if verdicts.database(listed, name).ok:
        yield right("database", "database_there", name=name)
        if major == 1:
            yield from _longer_shards(probe, name)
        return
    if major == 1:
        made = probe.order(create_database(name))
        answered_series(url, made.status, made.body)
    else:
        made = probe.make_database(name)
        if not made.ok:
            raise refusal(url, made.status, made.text)
    yield right("database", "made_database", name=name)


def _longer_shards(probe: InfluxProbe, name: str) -> Iterator[Verdict]:
    policies = probe.query(f"SHOW RETENTION POLICIES ON {identifier(name)}", db=name)
    short = verdicts.short_shards(policies, SHARD_WEEKS)
    if short is None:
        return
    order = f"ALTER RETENTION POLICY {identifier(short)} ON {identifier(name)}"
    answer = probe.order(f"{order} SHARD DURATION {SHARD_WEEKS}w")
    answered_series(shown_url(probe.target.url), answer.status, answer.body)
    yield right("database", "made_long_shards", name=name, weeks=SHARD_WEEKS)


def _bucket(target: InfluxTarget) -> Iterator[Verdict]:
    name = target.bucket
    with InfluxDBClient(
        url=target.url, token=target.token, org=target.org, timeout=int(TIMEOUT_S * 1000)
    ) as client:
        buckets = client.buckets_api()
        found = buckets.find_buckets(name=name, org=target.org).buckets
        if found:
            bucket = found[0]
            yield right("database", "bucket_there", name=name)
            if _lengthen(bucket.retention_rules):
                buckets.update_bucket(bucket)
                yield right("database", "made_long_shards", name=name, weeks=SHARD_WEEKS)
        else:
            rules = [BucketRetentionRules(type="expire", every_seconds=0)]
            _lengthen(rules)
            bucket = buckets.create_bucket(bucket_name=name, org=target.org, retention_rules=rules)
            yield right("database", "made_bucket", name=name)
        mappings = DBRPsService(client.api_client)
        listed = mappings.get_dbr_ps(org=target.org, db=name).content or ()
        if any(one.bucket_id == bucket.id for one in listed):
            yield right("mapping", "mapped", name=name)
            return
        mappings.post_dbrp(
            DBRPCreate(
                org=target.org,
                bucket_id=bucket.id,
                database=name,
                retention_policy=RETENTION_POLICY,
                default=True,
            )
        )
        yield right("mapping", "made_mapping", name=name)


def _lengthen(rules: Sequence[BucketRetentionRules]) -> bool:
    """Make the shards of rules that keep for ever longer where they are short; whether any was changed."""
    wanted_s = SHARD_WEEKS * _WEEK_S
    short = [
        rule
        for rule in rules
        if not rule.every_seconds and (rule.shard_group_duration_seconds or 0) < wanted_s
    ]
    for rule in short:
        rule.shard_group_duration_seconds = wanted_s
    return bool(short)
