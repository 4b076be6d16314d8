"""What the compiler says of its work: `parallel_diagnostics` and `inspect_cfg`."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from numir import _remarks, _source, njit, prange


@njit(parallel=True)
def norms(points):
    total = 0.0
    for i in prange(points.shape[0]):
        length = 0.0
        for k in range(points.shape[1]):
            length += points[i, k] * points[i, k]
        total += length
    return total


@njit
def small(x):
    return x + 1


@njit(inline="never")
def kept(x):
    return x + 2


@njit
def steps(values, n):
    for i in range(n):
        values[i] = small(values[i]) + kept(values[i])


@njit
def scratch(n):
    total = 0.0
    for i in range(n):
        buffer = np.empty(8)
        for k in range(8):
            buffer[k] = i + k
        total += buffer[3]
    return total


@pytest.fixture(autouse=True, scope="module")
def compiled():
    norms(np.ones((20, 3)))
    steps(np.ones(10), 10)
    scratch(3)


def remarks(function):
    (types,) = function.signatures
    return _remarks.read(function.py_func, function.inspect("remarks", types))


def line_of(function, text):
    first = function.py_func.__code__.co_firstlineno
    _, _, lines = _source.lines_of(function.py_func)
    return first + next(number for number, line in enumerate(lines) if text in line)


def about(function, topic):
    return [(remark.line, remark.done, remark.text) for remark in remarks(function) if remark.topic == topic]


def test_parallel_loops_are_told_with_line_and_reductions():
    line = line_of(norms, "prange")
    assert about(norms, "parallel") == [(line, True, "the loop runs in parallel, reducing total (add)")]


def test_checks_that_are_decided_before_a_loop():
    lines = [line for line, done, _ in about(steps, "checks") if done]
    assert line_of(steps, "for i") in lines


def test_calls_that_were_replaced_and_that_stay():
    line = line_of(steps, "small(values")
    assert (line, True, "the call of small() is replaced by its body") in about(steps, "calls")
    assert (line, False, 'the call of kept() stays a call: it is declared inline="never"') in about(steps, "calls")


def test_arrays_that_are_allocated_once():
    line = line_of(scratch, "np.empty")
    assert (line, True, "the array is allocated once, before the loop") in about(scratch, "memory")


def test_loops_that_llvm_vectorises_and_why_not():
    @njit
    def double(values):
        for i in range(len(values)):
            values[i] *= 2

    @njit
    def total(values):
        result = 0.0
        for i in range(len(values)):
            result += values[i]
        return result

    values = np.ones(100)
    double(values)
    total(values)
    done = [text for _, done, text in about(double, "vectors") if done]
    assert any(text.startswith("vectorized loop") for text in done)
    missed = [text for _, done, text in about(total, "vectors") if not done]
    assert any("reorder floating-point" in text for text in missed)


def test_parallel_diagnostics_are_printed_in_four_levels(capsys):
    texts = []
    for level in (1, 2, 3, 4):
        norms.parallel_diagnostics(level=level)
        texts.append(capsys.readouterr().out)
    assert "the loop runs in parallel, reducing total (add)" in texts[0]
    assert "for i in prange(points.shape[0]):" in texts[0]
    assert "vectorised loops" not in texts[0]
    assert [len(text) for text in texts] == sorted(len(text) for text in texts)
    norms.parallel_diagnostics(norms.signatures[0])
    assert capsys.readouterr().out == texts[0]


def test_a_function_without_parallel_loops_says_so(capsys):
    steps.parallel_diagnostics()
    assert "no prange loop" in capsys.readouterr().out


def test_what_cannot_be_told():
    with pytest.raises(ValueError, match="level is 1, 2, 3 or 4"):
        norms.parallel_diagnostics(level=5)
    with pytest.raises(ValueError, match="not compiled yet"):
        njit(lambda x: x).parallel_diagnostics()


def test_control_flow_as_graph_and_picture(tmp_path, capsys):
    (graph,) = steps.inspect_cfg().values()
    assert len(graph.blocks) > 3
    assert all(label in graph.blocks for block in graph.blocks.values() for label in block.follows)
    assert any(line.startswith("ret ") for block in graph.blocks.values() for line in block.lines)
    assert graph.dot.count("->") == sum(len(block.follows) for block in graph.blocks.values())
    picture = ElementTree.fromstring(graph._repr_svg_())
    assert len(picture.findall(".//{http://www.w3.org/2000/svg}rect")) == len(graph.blocks)
    graph.display()
    assert capsys.readouterr().out == graph.dot + "\n"
    path = graph.display(str(tmp_path / "graph"))
    assert path.endswith("graph.svg")
    assert (tmp_path / "graph.svg").read_text().startswith("<svg")


def test_control_flow_of_one_signature_and_of_the_wrapper():
    signature = steps.signatures[0]
    assert re.match(r"<control flow of \S+: \d+ blocks, \d+ edges>", repr(steps.inspect_cfg(signature)))
    assert steps.inspect_cfg(signature, show_wrapper="steps").symbol == "numir_entry_steps"
    with pytest.raises(ValueError, match="svg"):
        steps.inspect_cfg(signature).display(format="pdf")
