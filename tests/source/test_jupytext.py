"""What jupytext writes above a text, and which files it keeps as one notebook."""

from __future__ import annotations

import json

import pytest

from kreglint.source.jupytext import Header, are_paired, configured_formats, header_of, header_of_notebook, lie_together

PERCENT = """\
# ---
# jupyter:
#   jupytext:
#     formats: notebooks//ipynb,scripts//py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: formats: all
#     name: python3
# ---

x = 1
"""
MYST = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
---

Text
"""


class TestHeaders:
    def test_of_a_script_it_stands_in_comments(self):
        formats = "notebooks//ipynb,scripts//py:percent"
        assert header_of(PERCENT) == Header(formats, "percent", comments_magics=True)

    def test_of_markdown_it_is_bare(self):
        assert header_of(MYST) == Header("", "myst")

    @pytest.mark.parametrize(
        "above", ["#!/usr/bin/env python\n", "# -*- coding: utf-8 -*-\n", "\ufeff", "\n", "# coding: utf-8\n\n"]
    )
    def test_a_shebang_or_an_encoding_may_stand_above(self, above):
        assert header_of(above + PERCENT) == header_of(PERCENT)

    def test_it_may_be_hidden_in_a_comment_of_html(self):
        assert header_of(f"<!--\n\n{MYST}\n-->\n") == Header("", "myst")

    def test_lines_may_end_as_windows_has_it(self):
        assert header_of(PERCENT.replace("\n", "\r\n")) == header_of(PERCENT)

    @pytest.mark.parametrize("key", ["jupytext_formats: ipynb,py", "jupytext_format_version: '1.2'"])
    def test_the_first_versions_had_keys_of_their_own(self, key):
        formats = "ipynb,py" if "ipynb" in key else ""
        assert header_of(f"# ---\n# jupyter:\n#   {key}\n# ---\n") == Header(formats)

    @pytest.mark.parametrize(
        "text",
        [
            "x = 1\n",
            "import jupytext\n",
            "# ---\n# jupyter:\n#   kernelspec:\n#     name: jupytext\n# ---\n",
            "# jupytext: a word\n",
            '"""\n---\njupytext:\n---\n"""\n',
            "---\ntitle: jupytext\n---\n",
            "# ---\n# title: x\n# ---\n# jupytext:\n",
        ],
    )
    def test_the_word_alone_is_no_header(self, text):
        assert header_of(text) is None

    @pytest.mark.parametrize(
        ("form", "option", "comments"),
        [
            ("percent", "", True),
            ("light", "", True),
            ("hydrogen", "", False),
            ("markdown", "", False),
            ("percent", "comment_magics: false", False),
            ("markdown", "comment_magics: true", True),
        ],
    )
    def test_whether_magics_are_comments_depends_on_the_format_and_an_option(self, form, option, comments):
        found = header_of(f"---\njupytext:\n  {option}\n  text_representation:\n    format_name: {form}\n---\n")
        assert found is not None
        assert found.comments_magics is comments


class TestNotebooks:
    @pytest.mark.parametrize(
        ("metadata", "header"),
        [
            ({"jupytext": {"formats": "ipynb,py:percent"}}, Header("ipynb,py:percent")),
            ({"jupytext": {"main_language": "python"}}, Header()),
            ({"jupytext": None}, Header()),
            ({"jupytext_formats": "ipynb,py"}, Header("ipynb,py")),
            ({"kernelspec": {"name": "python3"}}, None),
            (None, None),
        ],
    )
    def test_it_stands_in_the_metadata(self, metadata, header):
        assert header_of_notebook(json.dumps({"cells": [], "metadata": metadata})) == header

    @pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000])
    def test_what_is_no_notebook_has_none(self, content):
        assert header_of_notebook(content) is None


class TestFilesOfOneFolder:
    @pytest.mark.parametrize("name", ["nb.py", "nb.md", "nb.Rmd", "nb.qmd", "nb.myst.md", "nb.pct.py"])
    def test_a_notebook_and_a_text_by_its_name(self, name):
        assert lie_together("/a/nb.ipynb", f"/a/{name}")
        assert lie_together(f"/a/{name}", "/a/nb.ipynb")

    def test_two_texts_of_one_notebook(self):
        assert lie_together("/a/nb.md", "/a/nb.py")

    @pytest.mark.parametrize("path", ["/b/nb.py", "/a/nb2.py", "/a/nb.v2.ipynb", "/a/nb.old.pct.py", "/a/b/nb.py"])
    def test_other_names_and_folders_are_none(self, path):
        assert not lie_together("/a/nb.ipynb", path)

    def test_two_scripts_are_none(self):
        assert not lie_together("/a/nb.py", "/a/nb.pct.py")


class TestFormats:
    @pytest.mark.parametrize(
        ("formats", "notebook", "text"),
        [
            ("ipynb,py:percent", "/a/nb.ipynb", "/a/nb.py"),
            ("ipynb, md:myst ,py", "/a/nb.md", "/a/nb.py"),
            ("ipynb,auto:percent", "/a/nb.ipynb", "/a/nb.py"),
            ("ipynb,.pct.py:percent,.lgt.py:light", "/a/nb.lgt.py", "/a/nb.pct.py"),
            ("notebooks//ipynb,scripts//py:percent", "/a/notebooks/nb.ipynb", "/a/scripts/nb.py"),
            ("ipynb,scripts//py", "/a/nb.ipynb", "/a/scripts/nb.py"),
            ("ipynb,../scripts//py", "/a/notebooks/nb.ipynb", "/a/scripts/nb.py"),
            ("notebooks///ipynb,scripts///py", "/a/notebooks/b/c/nb.ipynb", "/a/scripts/b/c/nb.py"),
            ("notebooks///ipynb,scripts///py", "/notebooks/a/notebooks/b/nb.ipynb", "/notebooks/a/scripts/b/nb.py"),
            ("notebooks///ipynb,md///md,py///_/.py", "/a/notebooks/b/nb.ipynb", "/a/py/b/_nb.py"),
            ("notebooks///ipynb,notebooks/_src///py", "/a/notebooks/b/nb.ipynb", "/a/notebooks/_src/b/nb.py"),
            ("notebooks//raw/ipynb,scripts//raw/py", "/notebooks/rawnb.ipynb", "/scripts/rawnb.py"),
        ],
    )
    def test_files_that_they_name_are_paired(self, formats, notebook, text):
        assert are_paired(notebook, text, formats)
        assert are_paired(text, notebook, formats)

    @pytest.mark.parametrize(
        ("formats", "notebook", "text"),
        [
            ("", "/a/nb.ipynb", "/a/nb.py"),
            ("ipynb", "/a/nb.ipynb", "/a/nb.py"),
            ("ipynb,py", "/a/nb.ipynb", "/b/nb.py"),
            ("ipynb,py", "/a/nb.ipynb", "/a/nb2.py"),
            ("notebooks//ipynb,scripts//py", "/a/notebooks/nb.ipynb", "/b/scripts/nb.py"),
            ("notebooks//ipynb,scripts//py", "/a/notebooks/b/nb.ipynb", "/a/scripts/b/nb.py"),
            ("notebooks///ipynb,scripts///py", "/a/notebooks/b/nb.ipynb", "/a/scripts/c/nb.py"),
            ("notebooks///ipynb,py", "/a/notebooks/nb.ipynb", "/a/notebooks/nb.py"),
            (",://,///", "/a/nb.ipynb", "/a/nb.py"),
        ],
    )
    def test_others_are_not(self, formats, notebook, text):
        assert not are_paired(notebook, text, formats)


class TestConfigurations:
    @pytest.mark.parametrize(
        ("content", "of_project", "formats"),
        [
            ('formats = "ipynb,py:percent"', False, "ipynb,py:percent"),
            ('default_jupytext_formats = "ipynb,md"', False, "ipynb,md"),
            (
                '[formats]\n"notebooks/" = "ipynb"\n"scripts" = "py:percent"',
                False,
                "notebooks///ipynb,scripts///py:percent",
            ),
            ('[tool.jupytext]\nformats = "ipynb,py"', True, "ipynb,py"),
            ('formats = "ipynb,py"', True, ""),
            ("[tool]\njupytext = 3", True, ""),
            ("tool = 3", True, ""),
            ("formats = 3", False, ""),
            ("formats = ", False, ""),
        ],
    )
    def test_they_name_formats_for_all_notebooks(self, content, of_project, formats):
        assert configured_formats(content, of_project=of_project) == formats
