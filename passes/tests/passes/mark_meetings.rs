//! Shared arrays are numbered before code is copied, and loops in which threads meet are not copied.

use crate::harness::before_and_after;
use insta::assert_snapshot;

const SOURCE: &str = r#"
    module attributes {numir.device} {
      func.func private @kernel(%a: !numeric.array<1xf64, C>, %n: index) {
        %zero = numeric.constant 0 : index
        %one = numeric.constant 1 : index
        %extent = numeric.dim %a, 0 : !numeric.array<1xf64, C>
        %tile = numeric.device_array "shared" [8] : !numeric.array<1xf64, C>
        scf.for %i = %zero to %n step %one {
          numeric.check_index %i, %extent axis 0
          %x = numeric.load %a[%i] : !numeric.array<1xf64, C>
          numeric.store %x, %tile[%zero] : !numeric.array<1xf64, C>
          func.call @wait() : () -> ()
        }
        return
      }
      func.func private @wait() {
        numeric.barrier "block"() : () -> ()
        return
      }
    }
    "#;

#[test]
fn marks() {
    assert_snapshot!(before_and_after("mark-meetings", SOURCE));
}

/// Without the call the loop would have two versions.
#[test]
fn loops_stay_single() {
    let passes = "mark-meetings,func.func(simplify-indices,version-loops)";
    let kept = before_and_after(passes, SOURCE);
    let after = |text: &str| text.split("// -----").nth(1).map_or(0, |after| after.matches("scf.for").count());
    assert_eq!(after(&kept), 1, "{kept}");
    let apart = before_and_after(passes, &SOURCE.replace("func.call @wait() : () -> ()", ""));
    assert_eq!(after(&apart), 2, "{apart}");
}
