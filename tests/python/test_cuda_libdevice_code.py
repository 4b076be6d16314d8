"""`numir.cuda.libdevice` in kernels for a GPU, which ptxas takes: with libdevice's own code, and without."""

import pytest
from numir import cuda
from numir.cuda import libdevice

from harness.device import defined
from harness.libdevice_types import RESULTS, SIGNATURES
from harness.ptx import assemble

# Those whose own code needs C's library: for a GPU they are not there without libdevice. So are their twins for float32.
NEEDS_LIBDEVICE = set(
    "cos cospi erf erfc erfcinv erfcx erfinv fast_cos fast_sin fast_sincos fast_tan fdim j0 j1 jn lgamma llround nextafter normcdf"
    " normcdfinv remainder remquo round sin sincos sincospi sinpi tan tgamma y0 y1 yn".split()
)


class TestOnDevices:
    def kernel(self, names):
        lines = ["def kernel(f, d, i, l, h, floats, integers):"]
        for place, name in enumerate(names):
            arguments = ", ".join(f"{letter}[{k}]" for k, letter in enumerate(SIGNATURES[name]))
            results = RESULTS[name]
            for k, letter in enumerate(results):
                item = f"[{k}]" if len(results) > 1 else ""
                target = "floats" if letter in "fd" else "integers"
                lines.append(f"    {target}[{place}] += libdevice.{name}({arguments}){item}")
        return defined("\n".join(lines) + "\n", "kernel", libdevice=libdevice)

    def ptx(self, names):
        signature = "void(float32[::1], float64[::1], int32[::1], int64[::1], int16[::1], float64[::1], int64[::1])"
        return cuda.jit(signature, target="cuda")(self.kernel(names)).inspect("ptx")

    @pytest.mark.parametrize("part", range(8))
    def test_with_libdevice(self, part, tmp_path):
        names = sorted(SIGNATURES)[part::8]
        text = self.ptx(names)
        assert ".extern .func" not in text
        assemble(text, "sm_80", tmp_path)

    def test_libdevices_own_code_is_taken(self):
        # What hardware has an instruction for, and the library's function here has not.
        for name, instruction in [
            ("fast_sinf", "sin.approx"),
            ("dadd_rd", "add.rm.f64"),
            ("byte_perm", "prmt.b32"),
            ("popc", "popc.b32"),
        ]:
            assert instruction in self.ptx([name]), name

    def test_without_libdevice(self, monkeypatch, tmp_path):
        monkeypatch.setenv("NUMIR_LIBDEVICE", str(tmp_path / "none.bc"))
        monkeypatch.delenv("CUDA_HOME", raising=False)
        monkeypatch.delenv("CUDA_PATH", raising=False)
        own = [name for name in sorted(SIGNATURES) if name not in NEEDS_LIBDEVICE and name[:-1] not in NEEDS_LIBDEVICE]
        for part in range(4):
            text = self.ptx(own[part::4])
            assert "sin.approx" not in text
            assemble(text, "sm_80", tmp_path)
        with pytest.raises(Exception, match="pip install nvidia-nvvm"):
            self.ptx(["erf"])

    def test_there_are_all_of_them(self):
        assert set(libdevice.__all__) == set(SIGNATURES) and len(SIGNATURES) == 317
