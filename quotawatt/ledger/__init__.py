"""The ledger: who did what, when, append-only and chained by hashes.

Each entry holds the hash of the one before it, and a head row holds number and hash of the last. So an
altered entry, a missing one and a cut tail all show. Whoever can rewrite every entry *and* the head can
still forge the whole: that shows against a signed head kept elsewhere (``heads``).
"""

from quotawatt.ledger.book import Deed, Ledger
from quotawatt.ledger.entry import GENESIS, LedgerEntry, canonical_json

__all__ = ["GENESIS", "Deed", "Ledger", "LedgerEntry", "canonical_json"]
