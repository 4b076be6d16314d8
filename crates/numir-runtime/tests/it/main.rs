//! Tests of the runtime from outside: as compiled code calls it, against tables that CPython and NumPy have filled.

mod pool;
mod tables;
