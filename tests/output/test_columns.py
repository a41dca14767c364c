"""Tables in plain text."""

from hypothesis import given
from hypothesis import strategies as st

from kreglint.output.columns import aligned
from kreglint.output.width import display_width

LINES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(st.text("ab層 é", max_size=6), min_size=columns, max_size=columns), min_size=1)
)


def test_numbers_have_their_blanks_on_the_left():
    lines = [("name", "count"), ("a", "12"), ("層", "1")]
    assert list(aligned(lines, numbers={1})) == [["name", "count"], ["a   ", "   12"], ["層  ", "    1"]]


@given(LINES, st.sets(st.integers(0, 3)))
def test_the_cells_of_a_column_are_equally_wide_and_keep_their_text(lines, numbers):
    found = list(aligned(lines, numbers=numbers))
    for column in zip(*found, strict=True):
        assert len(set(map(display_width, column))) == 1
    assert [[cell.strip() for cell in line] for line in found] == [[cell.strip() for cell in line] for line in lines]
