"""How properties are tested: never by the clock."""

from hypothesis import HealthCheck, settings

settings.register_profile("kreglint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kreglint")

_SLOW = ("cli/test_verify.py", "runtime/", "oracle/", "tools/test_catalog.py", "test_callbacks.py", "test_testing.py")


def pytest_collection_modifyitems(items):
    """Put first what starts a Keras: a file that takes long must not be the last, while the other processes wait."""
    items.sort(key=lambda item: next((n for n, each in enumerate(_SLOW) if f"tests/{each}" in item.nodeid), len(_SLOW)))
