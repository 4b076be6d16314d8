"""PTX and NVIDIA's ptxas, which assembles it without a GPU."""

import pathlib
import subprocess
import sysconfig

PTXAS = pathlib.Path(sysconfig.get_paths()["purelib"]) / "nvidia" / "cu13" / "bin" / "ptxas"


def assemble(ptx, architecture, folder, *options):
    """What ptxas says of PTX, which is machine code then; the test fails where it is refused."""
    source = folder / "kernels.ptx"
    source.write_text(ptx)
    command = [PTXAS, f"-arch={architecture}", *options, source, "-o", folder / "kernels.cubin"]
    done = subprocess.run(command, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def compiled(kernel):
    """The PTX of each specialisation of a kernel, whatever it was compiled for."""
    from numir import _numir, dispatcher
    from numir.cuda._kernels import Kernel

    again = Kernel(kernel.py_func, kernel.options._replace(target="cuda"))
    return [_numir.inspect(again._launch, dispatcher._spellings(types), "ptx") for types in kernel._launch.signatures]
