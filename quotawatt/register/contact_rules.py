"""What the addresses of who holds a duty must look like; each may be empty."""

import re
from collections.abc import Mapping

from quotawatt.register.problems import Rule

EMAIL = Rule("email", "must be an e-mail address such as name@example.org", "须为电子邮箱地址")
MOBILE = Rule(
    "mobile",
    "must be a number of 6 to 15 digits, with a plus before a country's code",
    "须为 6 至 15 位数字的号码，带国家码时以“+”开头",
)
ACCOUNT = Rule(
    "account",
    "must be an account's name: 2 to 64 small letters, digits, '.', '-', '_' or '@'",
    "须为账号名：2 至 64 位小写字母、数字或“.”、“-”、“_”、“@”",
)

CHAT = Rule("chat", "must be an id without blanks and asterisks", "须为不含空格与星号的标识")

_PLAIN = r"[^\s@<>,;:*\"()\[\]\\]"

CONTACTS: Mapping[tuple[str, str], tuple[re.Pattern[str], Rule]] = {
    ("duties", "email"): (re.compile(rf"{_PLAIN}{{1,64}}@{_PLAIN}+\.{_PLAIN}*[^\s@.]"), EMAIL),
    ("duties", "mobile"): (re.compile(r"\+?[0-9]{6,15}"), MOBILE),
    ("duties", "chat"): (re.compile(r"[^\s*]+"), CHAT),
    ("duties", "account"): (re.compile(r"(?![A-Z._@-])(?:(?![A-Z])[\w.@-]){2,64}"), ACCOUNT),
}
"""(kind, column) -> the form of what may stand there, and the rule that another one breaks."""
