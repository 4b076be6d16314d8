//! What this machine's CPU can do: code that was made for another one would be ended by the system at the first instruction that is not there.

macro_rules! known {
    ($($name:literal => $feature:tt),* $(,)?) => {
        /// Whether the CPU has a feature that goes by LLVM's name; None for one that compiled code does not use by itself.
        #[cfg(target_arch = "x86_64")]
        fn has(name: &str) -> Option<bool> {
            match name {
                $($name => Some(std::arch::is_x86_feature_detected!($feature)),)*
                _ => None,
            }
        }
    };
}

known! {
    "sse3" => "sse3", "ssse3" => "ssse3", "sse4.1" => "sse4.1", "sse4.2" => "sse4.2", "popcnt" => "popcnt",
    "avx" => "avx", "avx2" => "avx2", "bmi" => "bmi1", "bmi2" => "bmi2", "f16c" => "f16c", "fma" => "fma", "lzcnt" => "lzcnt", "movbe" => "movbe",
    "avx512f" => "avx512f", "avx512bw" => "avx512bw", "avx512cd" => "avx512cd", "avx512dq" => "avx512dq", "avx512vl" => "avx512vl",
    "avx512vbmi" => "avx512vbmi", "avx512vbmi2" => "avx512vbmi2", "avx512vnni" => "avx512vnni", "avx512bitalg" => "avx512bitalg",
    "avx512vpopcntdq" => "avx512vpopcntdq", "avx512ifma" => "avx512ifma", "avx512bf16" => "avx512bf16", "avx512fp16" => "avx512fp16",
    "avxvnni" => "avxvnni", "gfni" => "gfni", "vaes" => "vaes", "vpclmulqdq" => "vpclmulqdq",
    "adx" => "adx", "sse4a" => "sse4a", "tbm" => "tbm",
}

/// Other machines' code is for what all of them have.
#[cfg(not(target_arch = "x86_64"))]
fn has(_: &str) -> Option<bool> {
    None
}

/// Those of some features, by LLVM's names, that the CPU has not.
pub(crate) fn missing(features: &[String]) -> Vec<&str> {
    features.iter().map(String::as_str).filter(|name| has(name) == Some(false)).collect()
}
