from importlib.util import find_spec

import pytest


def pytest_collection_modifyitems(items):
    """Without real Keras of both majors there is nothing to ask."""
    missing = [name for name in ("keras", "tf_keras", "tensorflow") if find_spec(name) is None]
    for item in items:
        if missing and item.get_closest_marker("oracle"):
            item.add_marker(pytest.mark.skip(reason=f"{', '.join(missing)} not installed (extra: oracle)"))


@pytest.fixture(scope="session")
def oracle():
    from tests.oracle.process import Oracle

    asked = Oracle()
    yield asked
    asked.close()
