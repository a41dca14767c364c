"""Analysis: from a source to its facts. The only room that knows libcst."""
