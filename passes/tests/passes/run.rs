//! From the stage `scf` to code that runs.

use crate::machine::{Borrowed, Slots, call, compile, optimized};

#[test]
fn a_parallel_loop_with_a_check_runs() {
    const SOURCE: &str = r#"
        func.func @scale(%a: memref<?xf64>, %k: f64) attributes {numeric.entry, numeric.python_name = "scale"} {
          %c0 = arith.constant 0 : index
          %zero = arith.constant 0.0 : f64
          %n = memref.dim %a, %c0 : memref<?xf64>
          %ok = arith.cmpf une, %k, %zero : f64
          numeric.check %ok, "ZeroDivisionError", "division by zero" loc("demo.py":3:9)
          numeric.parallel %i in %n {
            %x = memref.load %a[%i] : memref<?xf64>
            %y = arith.divf %x, %k : f64
            memref.store %y, %a[%i] : memref<?xf64>
          }
          return
        }
    "#;
    let jit = compile("scf", SOURCE);
    let mut data: Vec<f64> = (0..10_000).map(f64::from).collect();
    let array = Borrowed::new(&mut data, 0, &[10_000], &[1]);
    call(&jit, "scale", &Slots::default().array(&array).float(2.0), &mut Slots::default()).expect("fine");
    assert_eq!(array.count(), 1);
    assert!((0..10_000).all(|i| data[i] == i as f64 / 2.0));

    let array = Borrowed::new(&mut data, 0, &[10_000], &[1]);
    let error = call(&jit, "scale", &Slots::default().array(&array).float(0.0), &mut Slots::default()).unwrap_err();
    assert_eq!(error.to_string(), "ZeroDivisionError: division by zero");
    assert_eq!((error.traceback[0].file.as_str(), error.traceback[0].line), ("demo.py", 3));
    assert_eq!(error.traceback[0].function, "scale");
}

#[test]
fn the_smallest_failing_chunk_of_a_parallel_loop_raises() {
    const SOURCE: &str = r#"
        func.func @gather(%a: memref<?xf64>, %at: memref<?xi64, strided<[?], offset: ?>>) -> f64
            attributes {numeric.entry, numeric.python_name = "gather"} {
          %c0 = arith.constant 0 : index
          %zero = arith.constant 0.0 : f64
          %n = memref.dim %a, %c0 : memref<?xf64>
          %m = memref.dim %at, %c0 : memref<?xi64, strided<[?], offset: ?>>
          %sum = numeric.parallel %i in %m reduce(add %acc = %zero : f64) attributes {accumulator_types = ["f64"]} {
            %raw = memref.load %at[%i] : memref<?xi64, strided<[?], offset: ?>>
            %j = arith.index_cast %raw : i64 to index
            numeric.check_index %j, %n axis 0 loc("demo.py":5:9)
            %x = memref.load %a[%j] : memref<?xf64>
            %next = arith.addf %acc, %x : f64
            numeric.yield %next : f64
          }
          return %sum : f64
        }
    "#;
    let jit = compile("scf", SOURCE);
    let mut data: Vec<f64> = (0..100).map(f64::from).collect();
    let mut at: Vec<i64> = (0..100).collect();
    let array = Borrowed::new(&mut data, 0, &[100], &[1]);
    let run = |at: &mut Vec<i64>| {
        // Backwards.
        let at = Borrowed::new(at, 99, &[100], &[-1]);
        let mut results = Slots::room(1);
        call(&jit, "gather", &Slots::default().array(&array).array(&at), &mut results).map(|()| results.float_at(0))
    };
    assert_eq!(run(&mut at), Ok(4950.0));
    at[10] = 100;
    at[80] = -101;
    let error = run(&mut at).unwrap_err();
    assert_eq!(error.to_string(), "IndexError: index -101 is out of bounds for axis 0 with size 100");
    assert_eq!(error.traceback.len(), 1);
}

/// `c[i] = a[i] * k + b[i]` over contiguous arrays whose indices are checked.
const SAXPY: &str = r#"
    func.func @saxpy(%a: memref<?xf64>, %b: memref<?xf64>, %c: memref<?xf64>, %k: f64)
        attributes {numeric.entry, numeric.python_name = "saxpy"} {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %n = memref.dim %a, %c0 : memref<?xf64>
      scf.for %i = %c0 to %n step %c1 {
        %x = memref.load %a[%i] : memref<?xf64>
        %y = memref.load %b[%i] : memref<?xf64>
        %kx = arith.mulf %k, %x : f64
        %z = arith.addf %kx, %y : f64
        memref.store %z, %c[%i] : memref<?xf64>
      }
      return
    }
"#;

#[test]
fn loops_over_contiguous_arrays_vectorise() {
    let ir = optimized("scf", SAXPY);
    println!("{ir}");
    assert!(ir.contains("fadd <"), "{ir}");
}
