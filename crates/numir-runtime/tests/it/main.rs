//! Tests of the runtime from outside: as compiled code calls it, against tables that CPython and NumPy have filled.

mod builtins;
mod memory;
mod pool;
mod print;
mod tables;
