//! Operations without a place in the source are counted.

use crate::harness::{context, try_transform};

const SOURCE: &str = r#"
    module {
      func.func @f(%a: i32) -> i32 {
        %0 = arith.addi %a, %a : i32 loc("demo.py":2:3)
        %1 = arith.addi %0, %a : i32 loc(unknown)
        %2 = arith.addi %1, %a : i32 loc(fused["demo.py":2:3, "demo.py":3:3])
        %3 = arith.addi %2, %a : i32 loc(callsite("f"("demo.py":2:3) at "demo.py":9:1))
        return %3 : i32 loc("demo.py":5:3)
      } loc("demo.py":1:1)
    }
"#;

#[test]
fn lost_places_are_counted() {
    let context = context();
    assert!(try_transform(&context, "check-locations{limit=2}", SOURCE).is_ok());
    let error = try_transform(&context, "check-locations", SOURCE).unwrap_err();
    assert!(error.contains("2 operations have no place in the source, the first is `arith.addi`"), "{error}");
}
