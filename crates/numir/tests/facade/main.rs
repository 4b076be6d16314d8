//! The facade as an embedder uses it: values through compiled functions, modules through stages, threads and forks.

mod arguments;
mod calls;
mod interrupts;
mod live;
mod modules;
mod sessions;
mod support;
