//! Prints are calls of the runtime.

use crate::harness::before_and_after;
use insta::assert_snapshot;

/// Each value is widened as the runtime takes it.
#[test]
fn values() {
    const SOURCE: &str = r#"
    func.func @f(%i: i8, %u: i16, %f: f32, %z: complex<f32>, %b: i1, %n: index) {
      numeric.print_text "x = "
      numeric.print_value str %i {operand_types = ["si8"]} : i8
      numeric.print_value repr np %u {operand_types = ["ui16"]} : i16
      numeric.print_value repr %f {operand_types = ["f32"]} : f32
      numeric.print_value str %z {operand_types = ["complex64"]} : complex<f32>
      numeric.print_value str %b {operand_types = ["bool"]} : i1
      numeric.print_value str %n {operand_types = ["index"]} : index
      numeric.print_text "x = "
      numeric.print_flush
      return
    }
    "#;
    assert_snapshot!(before_and_after("lower-print", SOURCE));
}
