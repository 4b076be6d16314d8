//! The driver's errors as exceptions: its name for what is wrong, its words, and what to do about it.

use super::driver::{Failed, words};
use crate::device::failure::DeviceError;

/// What is said where there is no GPU.
pub(super) const NO_GPU: &str = "there is no GPU, or CUDA_VISIBLE_DEVICES hides it: run kernels on the simulator (`target=\"cuda-sim\"`, NUMIR_ENABLE_CUDASIM=1)";

/// `CUDA_ERROR_OUT_OF_MEMORY`.
pub(super) const OUT_OF_MEMORY: Failed = Failed(2);

/// `CUDA_ERROR_NOT_FOUND`.
pub(super) const NOT_FOUND: Failed = Failed(500);

const DEAD: &str = "; this process can use the GPU no more";

/// Codes with the class of the exception and advice; the rest are plain `DeviceError`s.
const ADVICE: &[(u32, &str, &str)] = &[
    (2, "MemoryError", "use smaller arrays, or end other programs that use the GPU"),
    (4, "DeviceError", "the program is ending, and with it the driver"),
    (46, "DeviceError", "another program has the GPU for itself"),
    (100, "DeviceError", NO_GPU),
    (101, "DeviceError", "NUMIR_CUDA_DEVICE is to be the number of a GPU of this machine, from 0 on"),
    (201, "DeviceError", "the GPU's context is gone: another library has ended it"),
    (209, "DeviceError", "the GPU is older than what the kernel was compiled for: compile for this one"),
    (214, "DeviceError", "the GPU's memory is damaged"),
    (218, "DeviceError", "the kernel's PTX is wrong, which is an error of the compiler"),
    (221, "DeviceError", "the driver's installation lacks its compiler (libnvidia-ptxjitcompiler.so)"),
    (222, "DeviceError", "the driver is too old for the kernel's PTX: install a newer one"),
    (400, "DeviceError", "the stream or the event is gone, or the event takes no times"),
    (500, "DeviceError", "the module has nothing of that name, which is an error of the compiler"),
    (600, "DeviceError", "both events must be reached first: wait for the later one with synchronize()"),
    (
        700,
        "IndexError",
        "a kernel has used memory that is not the GPU's: run it on the simulator, or with checks of indices, to see where",
    ),
    (701, "ValueError", "the blocks have too many threads for the registers that the kernel needs: make them smaller"),
    (702, "DeviceError", "a kernel has run for longer than a GPU with a display may"),
    (712, "ValueError", "the array is pinned already, or shares pages with one that is"),
    (713, "ValueError", "the array is not pinned"),
    (714, "RecursionError", "a kernel has used up a stack"),
    (716, "IndexError", "a kernel has used an address that is no multiple of the item's size"),
    (719, "DeviceError", "a kernel has failed: run it on the simulator to see where"),
    (720, "ValueError", "the grid waits as a whole, and has more blocks than the GPU can run at once: make it smaller"),
    (802, "DeviceError", "the GPUs of the machine are still being set up, or the fabric manager does not run"),
    (803, "DeviceError", "the driver's library and its kernel module have different versions: restart the machine"),
    (804, "DeviceError", "the driver's library is for newer drivers than this machine's, and not for this GPU"),
];

/// Codes after which the driver refuses all else.
const FINAL: &[u32] = &[214, 700, 702, 714, 715, 716, 717, 718, 719];

impl From<Failed> for DeviceError {
    fn from(failed: Failed) -> Self {
        describe(failed, None)
    }
}

/// A failure as an exception, with what is known of it besides.
pub(super) fn describe(failed: Failed, more: Option<&str>) -> DeviceError {
    let (name, said) = words(failed);
    let row = ADVICE.iter().find(|(code, _, _)| *code == failed.0);
    let (kind, advice) = row.map_or(("DeviceError", String::new()), |(_, kind, advice)| (*kind, format!(": {advice}")));
    let end = if FINAL.contains(&failed.0) { DEAD } else { "" };
    let more = more.map_or(String::new(), |more| format!("\n{more}"));
    DeviceError::Stated(kind, format!("{name} ({said}){advice}{end}{more}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(code: u32) -> (&'static str, String) {
        match describe(Failed(code), Some("ptxas: line 3")) {
            DeviceError::Stated(kind, message) => (kind, message),
            DeviceError::Raised(_) => unreachable!("only stated"),
        }
    }

    #[test]
    fn every_code_has_a_class_and_words() {
        for (code, kind, advice) in ADVICE {
            let (found, message) = text(*code);
            assert_eq!(found, *kind);
            assert!(message.contains(advice) && message.ends_with("\nptxas: line 3"), "{message}");
            assert_eq!(message.contains(DEAD), FINAL.contains(code));
        }
        // A code of a driver to come.
        assert_eq!(text(4711).0, "DeviceError");
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(ADVICE.is_sorted_by_key(|row| row.0) && FINAL.is_sorted());
    }
}
