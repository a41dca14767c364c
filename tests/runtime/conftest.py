"""Models of both majors in this process: `keras` is tf_keras in one run of a test and Keras 3 in the other."""

import gc
import importlib
import os
import sys
import warnings
from importlib.util import find_spec

import pytest


def pytest_collection_modifyitems(items):
    missing = [name for name in ("keras", "tf_keras", "tensorflow") if find_spec(name) is None]
    for item in items:
        if missing and item.get_closest_marker("oracle"):
            item.add_marker(pytest.mark.skip(reason=f"{', '.join(missing)} not installed (extra: oracle)"))


def imported(name):
    if name in sys.modules:
        return sys.modules[name]
    os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "KERAS_BACKEND": "tensorflow"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package = importlib.import_module(name)
    gc.freeze()  # Keras 3 searches all objects for garbage in each clear_session: its modules need not be among them
    return package


@pytest.fixture(params=["tf_keras", "keras"])
def keras(request):
    package = imported(request.param)
    yield package
    package.backend.clear_session()


@pytest.fixture
def keras3():
    return imported("keras")


@pytest.fixture
def keras2():
    return imported("tf_keras")
