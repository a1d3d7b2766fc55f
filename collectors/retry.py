"""Another try for dead letters, after a profile was mended or a mistake of ours repaired."""

from dataclasses import dataclass

from sqlalchemy import Engine

from collectors.deadletters import DeadLetter, list_letters, refuse_again, remove_letters
from collectors.decoded import Message, Problem
from collectors.pipeline import Pipeline

PAGE = 500


@dataclass(frozen=True, slots=True)
class RetryReport:
    """How many letters were tried, and how many of them became readings (or nothing to store)."""

    tried: int
    recovered: int


def retry_letters(records: Engine, pipeline: Pipeline, reason: str | None = None) -> RetryReport:
    """Try all dead letters again, those of one reason where given, oldest first.

    A letter keeps the time of its first arrival. What is readable now is written and the letter removed;
    the others stay, with the reason of this try. Raises StoreError where a store fails; what was done
    until then stays done, and trying again is safe.
    """
    tried = recovered = after = 0
    while True:
        with records.connect() as conn:
            letters = list_letters(conn, PAGE, after, reason)
        if not letters:
            return RetryReport(tried, recovered)
        after = letters[-1].id
        tried += len(letters)
        recovered += _retry_page(records, pipeline, letters)


def _retry_page(records: Engine, pipeline: Pipeline, letters: list[DeadLetter]) -> int:
    intake = pipeline.begin("messages_replayed")
    refused: dict[int, Problem] = {}
    for letter in letters:
        intake.add(Message(letter.topic, letter.payload, letter.arrived))
        if intake.letters:
            _, refused[letter.id] = intake.letters.pop()  # it is a letter already
    pipeline.commit(intake)
    good = [letter.id for letter in letters if letter.id not in refused]
    with records.begin() as conn:
        remove_letters(conn, good)
        for number, problem in refused.items():
            refuse_again(conn, number, problem)
    return len(good)
