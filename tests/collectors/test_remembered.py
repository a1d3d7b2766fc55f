"""What is remembered of keys stays bounded, whatever keys come."""

from collectors.remembered import Remembered


def test_a_key_is_asked_for_once() -> None:
    asked: list[str] = []
    remembered = Remembered(lambda key: asked.append(key) or len(key))
    assert [remembered["abc"], remembered["abc"], remembered["d"]] == [3, 3, 1]
    assert asked == ["abc", "d"]


def test_long_keys_are_not_held_and_of_others_only_so_many() -> None:
    remembered = Remembered(len, keys=10, characters=5)
    assert [remembered["k" * 6], len(remembered)] == [6, 0]
    for number in range(1000):
        assert remembered[str(number)] == len(str(number))
        assert len(remembered) <= 10
