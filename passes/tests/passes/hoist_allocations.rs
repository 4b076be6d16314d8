//! Arrays that live within an iteration are allocated before the loop, and nobody can tell.

use crate::harness::{before_and_after, context, transform};
use crate::machine::{Borrowed, Slots, call, compile, live_blocks_are_kept};
use insta::assert_snapshot;
use numir_pipeline::Op;

/// Out of a branch and of both loops; the extent moves along, zeros are written where they were.
#[test]
fn nest() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?xf64>, %n: index, %c: i1) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      scf.for %i = %c0 to %n step %c1 {
        scf.for %k = %c0 to %i step %c1 {
          scf.if %c {
            %size = memref.dim %a, %c0 : memref<?xf64>
            %twice = arith.addi %size, %size : index
            %t = numeric.alloc(%twice) zero : memref<?xf64>
            %x = memref.load %t[%k] : memref<?xf64>
            memref.store %x, %a[%k] : memref<?xf64>
            numeric.release %t : memref<?xf64>
          }
        }
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after("hoist-allocations", SOURCE));
}

/// Out of the inner loop only, whose position is not in its extent; the slot moves along.
#[test]
fn slot() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?xf64>, %n: index) {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      scf.for %i = %c0 to %n step %c1 {
        scf.for %k = %c0 to %n step %c1 {
          %t = numeric.alloc(%i) : memref<?xf64>
          numeric.check_index %k, %i axis 0
          %x = memref.load %t[%k] : memref<?xf64>
          memref.store %x, %a[%k] : memref<?xf64>
          numeric.release %t : memref<?xf64>
        }
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after("hold-owners,hoist-allocations", SOURCE));
}

/// Once per chunk of a parallel loop.
#[test]
fn parallel() {
    const SOURCE: &str = r#"
    func.func @f(%a: memref<?xf64>, %n: index) {
      %c0 = arith.constant 0 : index
      numeric.parallel %i in %n {
        %t = numeric.alloc(%n) : memref<?xf64>
        %x = memref.load %t[%c0] : memref<?xf64>
        memref.store %x, %a[%i] : memref<?xf64>
        numeric.release %t : memref<?xf64>
      }
      return
    }
    "#;
    assert_snapshot!(before_and_after("outline-parallel,hoist-allocations", SOURCE));
}

/// What must stay in the loop: the body of the loop, around an array `%t` of `%size` items.
#[test]
fn others_stay() {
    const KEPT: &[(&str, &str)] = &[
        ("its extent changes", "%t = numeric.alloc(%i) : memref<?xf64>\nnumeric.release %t : memref<?xf64>"),
        ("another reference is counted", "ALLOC\nnumeric.retain %t : memref<?xf64>\nRELEASE"),
        (
            "a reference to a view is counted",
            "ALLOC\n%v = memref.reinterpret_cast %t to offset: [0], sizes: [%n], strides: [1] : memref<?xf64> to \
             memref<?xf64, strided<[1]>>\nnumeric.retain %v : memref<?xf64, strided<[1]>>\nRELEASE",
        ),
        ("a function may return it", "ALLOC\n%r = func.call @same(%t) : (memref<?xf64>) -> memref<?xf64>\nRELEASE"),
        (
            "it is handed to a loop",
            "ALLOC\n%r = scf.for %k = %c0 to %n step %c1 iter_args(%x = %t) -> (memref<?xf64>) {\n\
             scf.yield %x : memref<?xf64>\n}\nnumeric.release %r : memref<?xf64>",
        ),
        (
            "it is released elsewhere",
            "ALLOC\nscf.if %c {\nnumeric.release %t : memref<?xf64>\n} else {\nnumeric.release %t : memref<?xf64>\n}",
        ),
        (
            "its address is kept",
            "ALLOC\n%d = builtin.unrealized_conversion_cast %t : memref<?xf64> to \
             !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>\n%h = llvm.extractvalue %d[0] : \
             !llvm.struct<(ptr, ptr, i64, array<1 x i64>, array<1 x i64>)>\nllvm.store %h, %p : !llvm.ptr, !llvm.ptr\n\
             RELEASE",
        ),
        (
            "its extent depends on what is read",
            "%x = memref.load %a[%i] : memref<?xindex>\n%t = numeric.alloc(%x) : memref<?xf64>\nRELEASE",
        ),
    ];
    for (why, body) in KEPT {
        let body = body.replace("ALLOC", "%t = numeric.alloc(%n) : memref<?xf64>");
        let body = body.replace("RELEASE", "numeric.release %t : memref<?xf64>");
        let source = format!(
            "func.func private @same(memref<?xf64>) -> memref<?xf64>
             func.func @f(%a: memref<?xindex>, %n: index, %c: i1, %p: !llvm.ptr) {{
               %c0 = arith.constant 0 : index
               %c1 = arith.constant 1 : index
               scf.for %i = %c0 to %n step %c1 {{\n{body}\n}}
               return
             }}"
        );
        let context = context();
        let module = transform(&context, "hoist-allocations", &source);
        let allocations = Op::of_module(&module).collect_named("numeric.alloc");
        let inside = allocations.iter().all(|one| one.parent().is_some_and(|parent| parent.is("scf.for")));
        assert!(!allocations.is_empty() && inside, "{why}:\n{}", module.as_operation());
    }
}

/// `for i in range(n): check i != stop; t = zeros(size); out[i] = t[0] + 1; t[0] = 7`
const KERNEL: &str = r#"
    func.func @f(%out: !numeric.array<1xf64, C>, %n: index, %size: index, %stop: index)
        attributes {numeric.entry, numeric.python_name = "f"} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %one = numeric.constant 1.0 : f64
      %seven = numeric.constant 7.0 : f64
      scf.for %i = %c0 to %n step %c1 {
        %on = numeric.cmp ne, %i, %stop : index
        numeric.check %on, "ValueError", "stopped" loc("demo.py":2:9)
        %fits = numeric.cmp ge, %size, %c0 : index
        numeric.check %fits, "ValueError", "negative" loc("demo.py":3:9)
        %t = numeric.alloc(%size) zero : !numeric.array<1xf64, C> loc("demo.py":3:9)
        %old = numeric.load %t[%c0] : !numeric.array<1xf64, C>
        %new = numeric.add %old, %one : f64
        numeric.store %new, %out[%i] : !numeric.array<1xf64, C>
        numeric.store %seven, %t[%c0] : !numeric.array<1xf64, C>
        numeric.check %on, "ValueError", "never" loc("demo.py":6:9)
      }
      return
    }
"#;

#[test]
fn errors_come_where_they_came() {
    let jit = compile("numeric", KERNEL);
    let run = |n: i64, size: i64, stop: i64| {
        let mut data = vec![0.0; 8];
        let out = Borrowed::new(&mut data, 0, &[8], &[1]);
        let arguments = Slots::default().array(&out).int(n).int(size).int(stop);
        let outcome = call(&jit, "f", &arguments, &mut Slots::default());
        let error = outcome.err().map(|error| (error.traceback[0].line, error.to_string()));
        (error, data)
    };
    let raised = |line: u32, text: &str| Some((line, text.to_owned()));
    let ones = |count: usize| (0..8).map(|i| f64::from(u8::from(i < count))).collect::<Vec<_>>();
    let huge = 1 << 60;
    live_blocks_are_kept(|| {
        // Zeros are written anew in each iteration.
        assert_eq!(run(8, 16, -1), (None, ones(8)));
        assert_eq!(run(8, 16, 5), (raised(2, "ValueError: stopped"), ones(5)));
        // What cannot be had is an error where it is asked for, and only if it is.
        assert_eq!(run(0, huge, -1), (None, ones(0)));
        assert_eq!(run(8, huge, 0), (raised(2, "ValueError: stopped"), ones(0)));
        let memory =
            "ValueError: array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.";
        assert_eq!(run(8, huge, 5), (raised(3, memory), ones(0)));
        assert_eq!(run(8, -3, 5), (raised(3, "ValueError: negative"), ones(0)));
    });
}

/// Pieces of a whole-array operation keep nothing; a parallel loop of the program might.
#[test]
fn pieces() {
    let source = |attributes: &str| {
        format!(
            "func.func @f(%n: index, %m: index, %x: f64) {{
               %c0 = arith.constant 0 : index
               %c1 = arith.constant 1 : index
               scf.for %i = %c0 to %n step %c1 {{
                 %t = numeric.alloc(%m) : memref<?xf64>
                 numeric.parallel %p in %m {attributes} {{
                   memref.store %x, %t[%p] : memref<?xf64>
                 }}
                 numeric.release %t : memref<?xf64>
               }}
               return
             }}"
        )
    };
    let is_moved = |attributes: &str| {
        let context = context();
        let module = transform(&context, "outline-parallel,hoist-allocations", &source(attributes));
        !module.as_operation().to_string().contains("numeric.alloc")
    };
    assert!(is_moved("attributes {numir.pieces}"));
    assert!(!is_moved(""));
}
