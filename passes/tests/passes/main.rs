//! Before and after of every pass, and the way from the stage `scf` to running code. One file per pass.

mod harness;

mod machine;
mod numeric;
mod parallel;
mod run;
