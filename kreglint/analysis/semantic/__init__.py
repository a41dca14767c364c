"""Semantic: names, scopes and control flow of one program. Nothing is evaluated here."""
