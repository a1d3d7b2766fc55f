"""Messages of one batch on their way in: decoded, and sorted by what becomes of them."""

import logging
from collections import Counter
from datetime import datetime

from collectors.announced import AnnouncedRow
from collectors.batch import Batch
from collectors.datum import with_wgs84
from collectors.deadletters import Refused
from collectors.decode import Decoder
from collectors.decoded import Decoded, Message, Problem
from collectors.exempt import Exempt
from collectors.expired import Horizon
from collectors.unknown import Sightings
from collectors.values import EPOCH
from quotawatt.errors import DecodeError
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.port import WriteReport

log = logging.getLogger(__name__)


class Intake:
    """One batch. Whatever a message is, it ends in ``batch``, ``sightings`` or ``letters``, or is ignored.

    counter
        The name its messages are counted under.
    exempt
        What must not be kept of vehicles exempt from tracking.
    horizon
        Readings from before it are not taken (``raw_expired``); None: all are.
    latest
        Arrival of the message that was added last.
    dropped
        Messages of flooding devices that were never handed in, by device.
    announced
        What devices announced in it.
    report
        What writing the readings did, once they are written.
    families
        Known devices, each with the profiles of its messages, as pairs.
    received, decoded, rejected
        Messages by profile, and by profile and reason, for whoever watches.
    """

    def __init__(
        self,
        decoder: Decoder,
        register: Register,
        settings: Settings,
        counter: str,
        horizon: datetime | None = None,
        exempt: Exempt | None = None,
    ) -> None:
        self.counter = counter
        self.batch = Batch()
        self.sightings = Sightings(settings)
        self.letters: list[Refused] = []
        self.dropped: Counter[str] = Counter()
        self.messages = 0
        self.latest = EPOCH
        self.ignored = 0
        self.announced: list[AnnouncedRow] = []
        self.report: WriteReport | None = None
        self.families: set[tuple[str, str]] = set()
        self.received: Counter[str] = Counter()
        self.decoded: Counter[str] = Counter()
        self.rejected: Counter[tuple[str, str]] = Counter()
        self._decoder = decoder
        self.exempt = exempt or Exempt({}, settings)
        self._horizon = Horizon(horizon, settings.clock_from)
        self._bound = register.bound_channels
        self._gcj02 = register.gcj02_channels

    def add(self, message: Message) -> None:
        """Decode a message and take in what it holds.

        One that is partly readable is both: its good readings count, and the whole can be tried again. A
        message of an unknown device is kept as it came, whatever of it is readable.
        """
        self.messages += 1
        self.latest = message.arrived
        try:
            decoded = self._decoder.decode(*message)
        except DecodeError as error:
            self._refuse(message, Problem(error.reason, str(error)), len(message.payload))
            return
        except Exception as error:
            # A mistake of ours must not stop everybody's readings; the message waits for its repair.
            log.exception("decoding failed: topic %r", message.topic)
            self._refuse(message, Problem("internal_error", repr(error)), len(message.payload))
            return
        self.received[decoded.profile] += 1
        if decoded.blocks:
            self._sort(message, decoded)
        else:
            self.ignored += 1

    def _sort(self, message: Message, decoded: Decoded) -> None:
        self.decoded[decoded.profile] += 1
        bound = self._bound.get(decoded.device)
        if bound is None:
            self.sightings.keep(message, decoded)
            return
        self.families.add((decoded.device, decoded.profile))
        decoded = self.exempt.sift(self._horizon.sift(decoded))
        self.batch.add(self._in_wgs84(decoded))
        for block in decoded.blocks:
            if block.channel not in bound:
                self.sightings.list(self.exempt.bare(message, decoded.device), decoded, bound)
                break
        if decoded.problems:
            problem = decoded.problems[0]
            self.rejected[decoded.profile, problem.reason] += 1
            letter = Refused(message, problem, len(message.payload))
            self.letters.append(self.exempt.letter(letter, decoded.device))

    def _in_wgs84(self, decoded: Decoded) -> Decoded:
        """The message with its positions in WGS84, by what its profile or its binding says of them."""
        channels = self._gcj02.get(decoded.device)
        if channels is None or decoded.datum == "gcj02":
            return with_wgs84(decoded)
        shifted = [block for block in decoded.blocks if block.channel in channels]
        others = [block for block in decoded.blocks if block.channel not in channels]
        converted = with_wgs84(decoded._replace(blocks=shifted, datum="gcj02"))
        return converted._replace(blocks=others + converted.blocks)

    def refuse(self, message: Message, problem: Problem, payload_bytes: int) -> None:
        """Take a message as refused, undecoded. Its payload may be cut: ``payload_bytes`` were sent."""
        self.messages += 1
        self.latest = message.arrived
        self._refuse(message, problem, payload_bytes)

    def _refuse(self, message: Message, problem: Problem, payload_bytes: int) -> None:
        profile = self._decoder.profile_of(message.topic)
        self.received[profile] += 1
        self.rejected[profile, problem.reason] += 1
        letter = Refused(message, problem, payload_bytes)
        self.letters.append(self.exempt.letter(letter, self._decoder.device_of(message.topic)))
