//! Arrays: views, whole-array statements and reductions.
