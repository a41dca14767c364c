"""What `verify` does with targets that are no model: one line, exit code 2, and nothing left. None needs Keras."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="groups of processes are POSIX")


@pytest.fixture
def verify(tmp_path, environment):
    """Runs `kreglint verify` in a folder with model.py of the text given; gives exit code and standard error."""
    folder = tmp_path / "tmp"
    folder.mkdir()

    def run(text, *arguments, target="model.py:build", python=sys.executable):
        (tmp_path / "model.py").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "kreglint", "verify", target, "--python", python, *arguments],
            cwd=tmp_path,
            env={**environment, "TMPDIR": str(folder)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert list(folder.iterdir()) == []
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1
        assert done.returncode == 2
        return done.stderr.removeprefix("kreglint: error: ").rstrip("\n")

    return run


def test_a_file_that_does_not_exist(verify):
    assert verify("", target="nets.py:build") == "nets.py:build: nets.py: no such file"


def test_a_saved_model_that_does_not_exist(verify):
    assert verify("", target="net.keras") == "net.keras: no such file"


def test_a_module_that_does_not_exist(verify):
    told = verify("", target="no_such_package.nets:build")
    assert told.endswith(
        "importing no_such_package.nets failed: ModuleNotFoundError: No module named 'no_such_package'"
    )


def test_a_target_without_a_name(verify):
    told = verify("", target="model.py")
    assert "expected path/model.py:build, package.module:build or a saved model, received 'model.py'" in told


def test_a_name_that_the_module_has_not_with_those_that_it_has(verify):
    told = verify("def make(): ...\ndef train(): ...\n")
    assert told == "model.py:build: model.py has no 'build'; it has the functions make, train"


def test_a_file_that_is_no_python(verify):
    assert "importing model.py failed: SyntaxError" in verify("def build(:\n")


def test_a_function_that_raises(verify):
    told = verify("def build():\n    raise ValueError('no data\\nat all')\n")
    assert told == "model.py:build: build() raised ValueError: no data"


def test_a_function_that_returns_something_else(verify):
    told = verify("def build():\n    return 3\n")
    assert told == "model.py:build: expected build() to return a Keras model, received an int"


def test_an_object_that_is_no_model(verify):
    assert "expected build to be a Keras model, or a function or class that makes one, received a str" in verify(
        "build = 'x'\n"
    )


def test_a_function_that_needs_arguments(verify):
    told = verify("def build(units):\n    return units\n")
    assert told.endswith("""missing a required argument: 'units'; give arguments with --kwargs '{"name": value}'""")


def test_the_arguments_come_from_kwargs(verify):
    told = verify("def build(units):\n    raise ValueError(units * 2)\n", "--kwargs", '{"units": 21}')
    assert told.endswith("build() raised ValueError: 42")


def test_kwargs_that_are_no_object(verify):
    assert verify("", "--kwargs", "[1]") == "--kwargs: expected a JSON object, received '[1]'"


def test_an_input_shape_that_is_none(verify):
    assert verify("", "--input-shape", "4,x") == "--input-shape: expected sizes such as 32,32,3, received '4,x'"


def test_what_the_model_prints_is_not_taken_for_the_answer(verify):
    text = "import os\ndef build():\n    print('{}')\n    os.write(1, b'{}\\n')\n    return None\n"
    assert verify(text).endswith("received None")


def test_a_function_that_never_ends(verify):
    told = verify("def build():\n    while True: pass\n", "--timeout", "1")
    assert told == "model.py:build: no answer within 1 s (--timeout)"


def test_a_function_that_calls_exit(verify):
    assert verify("import sys\ndef build(): sys.exit(7)\n").endswith("the model's code called sys.exit(7)")


def test_a_function_that_ends_the_process(verify):
    told = verify("import os\ndef build(): os._exit(7)\n")
    assert told.endswith("the process of the model ended with code 7 and no answer")


def test_a_crash(verify):
    told = verify("import os, signal\ndef build(): os.kill(os.getpid(), signal.SIGSEGV)\n")
    assert told.endswith("the process of the model was ended by SIGSEGV")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_too_much_memory(verify):
    told = verify("def build(): return b'x' * 3_000_000_000\n", "--memory-limit", "1")
    assert told.endswith("out of memory; its memory limit is 1.0 GB (--memory-limit)")


def test_too_much_memory_for_a_backend(verify):
    text = "class ResourceExhaustedError(Exception): ...\ndef build(): raise ResourceExhaustedError('OOM')\n"
    told = verify(text, "--memory-limit", "1")
    assert told == "model.py:build: out of memory; its memory limit is 1.0 GB (--memory-limit)"


def test_an_abort(verify):
    told = verify("import os\ndef build(): os.abort()\n")
    assert told == "model.py:build: the process of the model was ended by SIGABRT"


def test_a_source_to_compare_with_that_does_not_exist(verify):
    assert verify("", "--against", "nowhere") == "--against: nowhere: no such file or folder"


def test_standard_input_is_empty(verify):
    assert "EOFError" in verify("def build(): return input()\n")


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


FORKS = """\
import os, pathlib, time
def build():
    if os.fork() == 0:
        {leaves}
        pathlib.Path("pid.new").write_text(str(os.getpid()))
        os.rename("pid.new", "pid")
        time.sleep(1000)
    while not pathlib.Path("pid").exists(): time.sleep(0.01)
    {ends}
"""
LEAVES = {
    "a child": "pass",
    "one of another session": "os.setsid()",
    "one without parent and environment": (
        "os.setsid()\n"
        "        if os.fork(): os._exit(0)\n"
        "        os.execve(sys.executable, [sys.executable, '-c', DAEMON], {})"
    ),
}
DAEMON = "import os,time; open('pid.new','w').write(str(os.getpid())); os.rename('pid.new','pid'); time.sleep(1000)"


def ended(folder):
    """Whether the process that wrote its number there ends soon."""
    pid = int((folder / "pid").read_text())
    deadline = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_running(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="what left the group is found by /proc")
@pytest.mark.parametrize("way", LEAVES)
def test_processes_that_the_model_starts_are_ended(verify, tmp_path, way):
    verify(f"import sys\nDAEMON = {DAEMON!r}\n" + FORKS.format(leaves=LEAVES[way], ends="return None"))
    assert ended(tmp_path)


@pytest.fixture
def heeded_interrupts():
    """A shell that runs the tests in the background has all its processes ignore SIGINT."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded_interrupts")
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_when_the_linter_is_killed_the_model_goes_with_its_temporary_files(tmp_path, environment, sent):
    (tmp_path / "model.py").write_text(FORKS.format(leaves="pass", ends="time.sleep(1000)"), encoding="utf-8")
    folder = tmp_path / "tmp"
    folder.mkdir()
    command = [sys.executable, "-m", "kreglint", "verify", "model.py:build"]
    linter = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**environment, "TMPDIR": str(folder)},
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / "pid").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    linter.send_signal(sent)
    linter.wait(30)
    assert ended(tmp_path)
    while list(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(folder.iterdir()) == []


def test_a_fork_that_comes_back_does_not_answer(verify):
    assert verify("import os\ndef build():\n    os.fork()\n    return 1.5\n").endswith("received a float")


def test_an_interpreter_that_there_is_not(verify):
    assert verify("", python="/no/such/python").endswith("cannot start '/no/such/python': No such file or directory")


def test_an_interpreter_that_is_none(verify):
    assert "no answer" in verify("", python="/bin/true")


@pytest.mark.parametrize("ending", [".keras", ".json"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"\x89HDF\r\n\x1a\n", b"[1, 2"])
def test_a_damaged_saved_model(verify, tmp_path, ending, content):
    (tmp_path / f"net{ending}").write_bytes(content)
    assert "no whole saved model" in verify("", target=f"net{ending}")


def hostile_config(code):
    function = {"class_name": "__lambda__", "config": {"code": code, "defaults": None, "closure": None}}
    layer = {"module": "keras.layers", "class_name": "Lambda", "config": {"name": "l", "function": function}}
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [layer]}}


def test_a_saved_model_that_holds_code_is_refused(verify, tmp_path):
    (tmp_path / "net.json").write_text(json.dumps(hostile_config("4wEAAAA=")), encoding="utf-8")
    told = verify("", target="net.json")
    assert told == (
        "net.json: it holds Python code (a lambda), which loading would run; --unsafe-load loads it all the same"
    )


NAMED = {
    "a function": {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"},
    "a class": {"module": "subprocess", "class_name": "Popen", "config": {"args": "touch ran"}},
    "a module": {"module": "spy", "class_name": "Dense", "config": {"name": "d", "units": 1}},
}


@pytest.mark.parametrize("what", NAMED)
def test_a_saved_model_that_names_code_outside_keras_is_refused_and_nothing_run(verify, tmp_path, what):
    (tmp_path / "spy.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    named = NAMED[what]
    layer = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 1, "activation": named}}
    config = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [layer]}}
    with zipfile.ZipFile(tmp_path / "net.keras", "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
        archive.writestr("config.json", json.dumps(config))
    name = "os.system" if what == "a function" else f"{named['module']}.{named['class_name']}"
    assert verify("", target="net.keras") == (
        f"net.keras: it names code outside Keras ({name}), which loading would import; "
        "--unsafe-load loads it all the same"
    )
    assert not (tmp_path / "ran").exists()


def test_a_saved_model_nested_too_deeply(verify, tmp_path):
    (tmp_path / "net.json").write_text("[" * 100_000, encoding="utf-8")
    assert "no whole saved model: RecursionError" in verify("", target="net.json")


def test_a_saved_model_takes_no_kwargs(verify, tmp_path):
    (tmp_path / "net.json").write_text("{}", encoding="utf-8")
    assert "takes no --kwargs" in verify("", "--kwargs", '{"a": 1}', target="net.json")


def test_two_targets(verify):
    assert "expected one target" in verify("", "b.py:build")


def test_what_the_model_writes_to_every_open_file_is_not_taken_for_the_answer(verify):
    text = (
        "import os\n"
        "def build():\n"
        "    for number in range(3, 100):\n"
        "        try: os.write(number, b'[]\\n{\"verification\": {}}\\n')\n"
        "        except OSError: pass\n"
    )
    assert verify(text).endswith("received None")


def test_a_model_that_closes_every_file(verify):
    told = verify("import os, time\ndef build():\n    os.closerange(0, 100)\n    time.sleep(1000)\n")
    assert told.endswith("the process of the model closed its output and gave no answer")


def test_a_message_in_colour_over_several_lines(verify):
    told = verify("def build(): raise ValueError('\\x1b[31mred\\x1b[0m\\x07\\nsecond')\n")
    assert told == "model.py:build: build() raised ValueError: red"


@pytest.mark.parametrize("kind", ["KeyboardInterrupt", "GeneratorExit"])
def test_what_is_raised_may_be_no_exception(verify, kind):
    assert verify(f"def build(): raise {kind}\n") == f"model.py:build: {kind}"


def test_an_exception_that_cannot_be_printed(verify):
    text = "class Bad(Exception):\n    def __str__(self): raise ValueError\ndef build(): raise Bad\n"
    assert verify(text) == "model.py:build: build() raised Bad"


@pytest.mark.parametrize("function", ["build", "hang"])
def test_megabytes_of_output(verify, function):
    text = (
        "import os, sys, time\n"
        "def build():\n    sys.stdout.write('x' * 20_000_000)\n    os.write(2, b'y' * 20_000_000)\n"
        "def hang():\n    build()\n    time.sleep(1000)\n"
    )
    told = verify(text, "--timeout", "5", target=f"model.py:{function}")
    assert told.endswith("received None" if function == "build" else "no answer within 5 s (--timeout)")
