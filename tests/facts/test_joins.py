"""Which layers a piece of code makes, and which stand before and after one."""

from hypothesis import given
from hypothesis import strategies as st

from kreglint.diagnostics import Span
from kreglint.facts.file import LayerCall
from kreglint.facts.joins import Chain, Placed

spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 30), st.integers(0, 9))


def layer(start: int) -> LayerCall:
    span = Span(start, start + 2)
    return LayerCall(span=span, callee_span=span, dotted="Dense", arguments=(), scope="", layer="Dense")


A, B, C, D = map(layer, (0, 10, 20, 30))


def chain(*pairs: tuple[LayerCall, LayerCall]) -> Chain:
    """A chain of pairs: a layer, and the one before it."""
    return Chain((A, B, C, D), [(after.span.start, before.span.start) for after, before in pairs])


class TestPlaced:
    def test_a_thing_is_in_the_piece_in_which_it_starts(self):
        placed = Placed([(Span(5, 9), "five"), (Span(0, 4), "none"), (Span(9, 20), "nine")])
        assert placed.inside([Span(0, 6)]) == ["none", "five"]
        assert placed.inside([Span(1, 5)]) == []
        assert placed.inside([Span(9, 10)]) == ["nine"]

    def test_what_is_in_two_pieces_is_there_once(self):
        assert Placed([(Span(5, 9), "five")]).inside([Span(0, 9), Span(5, 6)]) == ["five"]

    def test_there_is_nothing_in_no_piece(self):
        placed = Placed([(Span(0, 4), "none")])
        assert placed.inside([]) == []
        assert not placed.any_inside([])

    @given(st.lists(spans), st.lists(spans))
    def test_it_is_what_a_look_at_each_gives(self, things, pieces):
        expected = [each for each in sorted(things) if any(p.start <= each.start < p.end for p in pieces)]
        placed = Placed((each, each) for each in things)
        assert placed.inside(pieces) == expected
        assert placed.any_inside(pieces) == bool(expected)


class TestChain:
    def test_the_layers_before_and_after_come_nearest_first(self):
        found = chain((B, A), (C, B), (D, C))
        assert list(found.before(D)) == [C, B, A]
        assert list(found.after(A)) == [B, C, D]

    def test_a_layer_of_no_model_has_none(self):
        found = chain((B, A))
        assert [*found.before(C), *found.after(C), *found.directly_after(C)] == []

    def test_an_output_that_several_get_is_followed_to_the_last_of_them(self):
        found = chain((B, A), (C, A), (D, B))
        assert found.directly_after(A) == (B, C)
        assert list(found.after(A)) == [C]

    def test_what_goes_round_ends(self):
        found = chain((B, A), (A, B))
        assert (list(found.before(A)), list(found.after(A))) == ([B], [B])

    def test_it_ends_at_a_layer_that_nobody_knows(self):
        found = Chain((A, C), [(B.span.start, A.span.start), (C.span.start, B.span.start)])
        assert [*found.before(C), *found.after(A), *found.directly_after(A)] == []
