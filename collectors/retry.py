"""Another try for dead letters, after a profile was mended or a mistake of ours repaired."""

from collections.abc import Iterator

from sqlalchemy import Engine

from collectors.deadletters import (
    DeadLetter,
    list_letters,
    newest_letter,
    refuse_again,
    remove_letters,
)
from collectors.decoded import Message, Problem
from collectors.pipeline import Pipeline

PAGE = 200


def retry_letters(
    records: Engine, pipeline: Pipeline, reason: str | None = None, profile: str | None = None
) -> Iterator[dict[str, int]]:
    """Try dead letters again, oldest first, step by step.

    reason
        Only letters of this reason.
    profile
        Only letters whose topic belongs to this profile now.

    A letter keeps the time of its first arrival. What is readable now is written (or kept, of an unknown
    device) and the letter removed; the others stay, with the reason of this try. One that was cut is left
    as it is, and so are those that come meanwhile. Yields after each step how many were ``tried``,
    ``recovered`` and ``cut``. Raises StoreError where a store fails; what was done until then stays done,
    and trying again is safe.
    """
    done = {"tried": 0, "recovered": 0, "cut": 0}
    after, last = 0, _last(records)
    while letters := _page(records, after, last, reason):
        after = letters[-1].id
        wanted = [x for x in letters if profile in (None, pipeline.profile_of(x.topic))]
        whole = [letter for letter in wanted if not letter.cut]
        done["tried"] += len(whole)
        done["cut"] += len(wanted) - len(whole)
        done["recovered"] += _retry(records, pipeline, whole)
        yield dict(done)


def _last(records: Engine) -> int:
    """The newest letter that there is: a flood of new ones must not keep the job from its end."""
    with records.connect() as conn:
        return newest_letter(conn)


def _page(records: Engine, after: int, last: int, reason: str | None) -> list[DeadLetter]:
    with records.connect() as conn:
        found = list_letters(conn, PAGE, after, reason)
    return [letter for letter in found if letter.id <= last]


def _retry(records: Engine, pipeline: Pipeline, letters: list[DeadLetter]) -> int:
    intake = pipeline.begin("messages_retried")
    refused: dict[int, Problem] = {}
    for letter in letters:
        intake.add(Message(letter.topic, letter.payload, letter.arrived))
        if intake.letters:
            refused[letter.id] = intake.letters.pop().problem  # it is a letter already
    pipeline.commit(intake)
    good = [letter.id for letter in letters if letter.id not in refused]
    with records.begin() as conn:
        remove_letters(conn, good)
        for number, problem in refused.items():
            refuse_again(conn, number, problem)
    return len(good)
