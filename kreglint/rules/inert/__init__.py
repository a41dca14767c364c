"""Rules on what adds nothing (KRG3xx)."""
