"""Options and fixtures: the sample or all of it, its seed, and the command under test."""

import random
import sys

import pytest

from harness.runner import Runner, binary


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="all cases of the matrices instead of a sample")
    parser.addoption("--seed", type=int, help="the seed of the sample; by default a new one each time")


def pytest_configure(config):
    seed = config.getoption("--seed")
    config.numir_seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    sys.setrecursionlimit(3000)


def pytest_report_header(config):
    chosen = "all cases" if config.getoption("--full") else f"a sample with --seed {config.numir_seed}"
    return f"numir: {binary()}, {chosen}"


@pytest.fixture(scope="session")
def full(pytestconfig):
    """Whether all cases are asked for."""
    return pytestconfig.getoption("--full")


@pytest.fixture
def rng(pytestconfig, request):
    """Random choices that depend on the seed and on the test alone."""
    return random.Random(f"{pytestconfig.numir_seed} {request.node.nodeid}")


@pytest.fixture(scope="session")
def runner():
    """The command under test, in batches."""
    return Runner()


@pytest.fixture
def assembled(monkeypatch, tmp_path):
    """Kernels that the test has launched are compiled for CUDA behind it, and ptxas takes them."""
    from numir.cuda._kernels import Kernel

    from harness import ptx

    made = []
    prepare = Kernel.__init__

    def note(kernel, *arguments, **options):
        prepare(kernel, *arguments, **options)
        made.append(kernel)

    monkeypatch.setattr(Kernel, "__init__", note)
    yield
    monkeypatch.undo()
    for kernel in made:
        for text in ptx.compiled(kernel):
            ptx.assemble(text, "sm_80", tmp_path)
