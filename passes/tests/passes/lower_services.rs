//! Random numbers are drawn by calls of the runtime.

use crate::harness::before_and_after;
use insta::assert_snapshot;

#[test]
fn kinds() {
    const SOURCE: &str = r#"
    func.func @f(%n: index, %address: i64) -> (f64, f64, index) {
      numeric.random "seed" of "python"(%n)
      %0 = numeric.random "double" of "numpy" : f64
      %1 = numeric.random "gauss" of "python" : f64
      %2 = numeric.random "bits" of "numpy" : index
      %key = numeric.random "fork" of "numpy" : index
      numeric.random "enter" of "numpy"(%key, %n)
      %3 = numeric.threads "number"
      %five = numeric.call_runtime "fourier_real_double"(%address, %n, %n, %3) : (i64, index, index, index) -> index
      %4 = numeric.threads "set_chunk_size"(%3)
      return %0, %1, %2 : f64, f64, index
    }
    "#;
    assert_snapshot!(before_and_after("lower-services", SOURCE));
}
