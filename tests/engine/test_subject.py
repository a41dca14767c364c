import pytest

from kreglint.engine.subject import subject
from kreglint.versions import Version

K2, K3 = Version(2, 21), Version(3, 15)
THREES = tuple(Version(3, minor) for minor in (0, 5, 13, 14, 15))
MIDDLE = ">=3.1,<3.15"


@pytest.mark.parametrize(
    ("versions", "asked", "ranges", "name"),
    [
        ((K2,), (K2,), (), "Keras 2"),
        ((K3,), (K2, K3), (), "Keras 3"),
        ((K2, K3), (K2, K3), (), "Keras"),
        (THREES, THREES, (), "Keras 3"),
        ((K2, *THREES), (K2, *THREES), (), "Keras"),
        (THREES[:1], THREES, (), "Keras 3.0"),
        (THREES[1:4], THREES, (), "Keras 3.5 to 3.14"),
        (THREES[1:4], THREES, (MIDDLE,), "Keras 3.1 to 3.14"),
        ((THREES[0], THREES[4]), THREES, (MIDDLE,), "Keras 3.0 or 3.15"),
        ((K2, THREES[0], THREES[4]), (K2, *THREES), (MIDDLE,), "Keras 2, 3.0 or 3.15"),
        ((Version(3, 14),), (Version(3, 14),), (MIDDLE,), "Keras 3.1 to 3.14"),
        ((Version(3, 13),), (K2, Version(3, 13), K3), ("<3.14",), "Keras before 3.14"),
        ((K3,), (K2, K3), (">=3.7",), "Keras from 3.7"),
        ((K2, K3), (K2, K3), (">=3.7",), "Keras 2 or from 3.7"),
    ],
)
def test_versions_that_do_the_same_have_one_name(versions, asked, ranges, name):
    assert subject(versions, asked, ranges) == name
