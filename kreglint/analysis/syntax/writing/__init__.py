"""Writing: how a call or an import is written, with its commas, comments and blanks. What fixes edit."""
