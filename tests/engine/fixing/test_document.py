import pytest

from kreglint.diagnostics import Edit, Span
from kreglint.engine.fixing.document import NotReversibleError, Script


@pytest.mark.parametrize(
    "content",
    [
        b"x = 1\n",
        b"x = 1",
        b"x = 1\r\ny = 2\r",
        b"\xef\xbb\xbfx = 1\n",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"# -*- coding: cp1252 -*-\r\nx = '\x80'\r\n",
        "x = 'é'\n",
        "\ufeffx = 'é'",
        "# coding: latin-1\nx = 'λ'\n",
    ],
)
def test_the_text_goes_back_into_the_same_content(content):
    script = Script(content, "a.py")
    end = len(script.source(None).text)
    assert script.edited({}) == content
    appended = {None: [Edit(Span(end, end), "z")]}
    assert script.edited(appended) == content + ("z" if isinstance(content, str) else b"z")


def test_an_encoding_that_writes_other_bytes_than_it_reads_is_refused():
    with pytest.raises(NotReversibleError, match=r"a\.py: cannot be fixed: utf-7 text"):
        Script(b"# coding: utf-7\nx = '+AGE-'\n", "a.py")
