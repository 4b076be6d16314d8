//! Kernels that a program writes itself, from stage `numeric` to the simulator.

use crate::harness::{before_and_after, context, try_transform};
use crate::machine::{Borrowed, Slots, call, compile_for, elements};
use insta::assert_snapshot;
use numir_runtime::RaisedError;

/// A module in which `@main(%a, %n)` launches `@kernel` on `%n` blocks of 32 threads. `bytes` of shared memory are sized by the launch.
fn module(item: &str, bytes: i64, kernel: &str) -> String {
    let array = format!("!numeric.array<1x{item}, C>");
    format!(
        r#"
        module attributes {{numir.device}} {{
          func.func @main(%a: {array}, %n: index) attributes {{numeric.entry, numeric.python_name = "main"}} {{
            %one = numeric.constant 1 : index
            %threads = numeric.constant 32 : index
            %bytes = numeric.constant {bytes} : index
            numeric.launch @kernel(%n, %one, %one, %threads, %one, %one, %bytes) args(%a : {array}) loc("demo.py":9:1)
            return
          }}
          func.func private @kernel(%a: {array}) attributes {{numeric.python_name = "kernel", numir.max_threads = 64 : i64}} {{
            %t = gpu.thread_id x
            %b = gpu.block_id x
            %d = gpu.block_dim x
            %before = numeric.mul %b, %d : index
            %i = numeric.add %before, %t : index
            %zero = numeric.constant 0 : index
            {kernel}
            return
          }}
          func.func private @global(%i: index) -> index attributes {{numeric.python_name = "global", numir.inline = false}} {{
            %t = gpu.thread_id x
            %b = gpu.block_id x
            %d = gpu.block_dim x
            %before = numeric.mul %b, %d : index
            %place = numeric.add %before, %t : index
            return %place : index
          }}
        }}
        "#
    )
}

/// What a kernel makes of an array, on as many threads as it has items.
fn run<T: Clone>(source: &str, data: &[T]) -> Result<Vec<T>, RaisedError> {
    let code = compile_for("cuda-sim", "numeric", source);
    let mut data = data.to_vec();
    let count = data.len() as i64;
    let array = Borrowed::new(&mut data, 0, &[count], &[1]);
    call(&code, "main", &Slots::default().array(&array).int((count + 31) / 32), &mut Slots::default())?;
    assert_eq!(array.count(), 1);
    Ok(data)
}

#[test]
fn launches() {
    let kernel = r#"
            %x = numeric.load %a[%i] : !numeric.array<1xf64, C>
            %y = numeric.add %x, %x : f64
            numeric.store %y, %a[%i] : !numeric.array<1xf64, C>"#;
    let source = module("f64", 64, kernel);
    let passes = "split-random-streams,func.func(expand-axis-reductions,release-values),lower-numeric,map-to-gpu,outline-parallel,outline-kernels";
    assert_snapshot!(before_and_after(passes, &source));
    let data: Vec<f64> = (0..96).map(f64::from).collect();
    let doubled: Vec<f64> = data.iter().map(|x| 2.0 * x).collect();
    assert_eq!(run(&source, &data), Ok(doubled));
}

/// A function below the kernel asks where the thread is.
#[test]
fn functions_know_the_thread() {
    let kernel = r#"
            %place = func.call @global(%i) : (index) -> index
            %x = numeric.cast %place : index to si64
            numeric.store %x, %a[%i] : !numeric.array<1xsi64, C>"#;
    assert_eq!(run(&module("si64", 0, kernel), &[0_i64; 64]), Ok((0..64).collect()));
}

/// Arrays may have gaps, and lie backwards.
#[test]
fn arrays_of_any_layout() {
    let kernel = r#"
            %x = numeric.load %a[%i] : !numeric.array<1xsi64, C>
            %y = numeric.add %x, %x : si64
            numeric.store %y, %a[%i] : !numeric.array<1xsi64, C>"#;
    let code = compile_for("cuda-sim", "numeric", &module("si64", 0, kernel).replace("xsi64, C>", "xsi64, A>"));
    let mut data: Vec<i64> = (0..64).collect();
    let array = Borrowed::new(&mut data, 62, &[32], &[-2]);
    call(&code, "main", &Slots::default().array(&array).int(1), &mut Slots::default()).expect("it works");
    assert!((0..64).all(|i| data[i as usize] == if i % 2 == 0 { 2 * i } else { i }), "{data:?}");
}

/// What is parallel on the host is done in order by a thread, and a function may be called on both sides.
#[test]
fn threads_work_in_order() {
    let kernel = r#"
            %extent = numeric.dim %a, 0 : !numeric.array<1xf64, C>
            %start = numeric.constant 0.0 : f64
            %sum = numeric.parallel %k in %extent reduce(add %acc = %start : f64) {
              %x = numeric.load %a[%k] : !numeric.array<1xf64, C>
              %next = numeric.add %acc, %x : f64
              numeric.yield %next : f64
            }
            %whole = numeric.reduce add %a : !numeric.array<1xf64, C>
            %both = numeric.add %sum, %whole : f64
            %result = func.call @half(%both) : (f64) -> f64
            numeric.barrier "block"() : () -> ()
            numeric.store %result, %a[%i] : !numeric.array<1xf64, C>"#;
    let source = module("f64", 0, kernel)
        .replace(
            r#"loc("demo.py":9:1)"#,
            r#"
            %zero = numeric.constant 0 : index
            %first = numeric.load %a[%zero] : !numeric.array<1xf64, C>
            %less = func.call @half(%first) : (f64) -> f64
            numeric.store %less, %a[%zero] : !numeric.array<1xf64, C>"#,
        )
        .replace(
            "func.func private @global",
            r#"func.func private @half(%x: f64) -> f64 attributes {numeric.python_name = "half", numir.inline = false, numir.parallel} {
            %two = numeric.constant 2.0 : f64
            %y = numeric.truediv %x, %two : f64
            return %y : f64
          }
          func.func private @global"#,
        );
    let data: Vec<f64> = (0..32).map(f64::from).collect();
    let sum: f64 = data.iter().sum();
    let mut expected = vec![sum; 32];
    expected[0] = sum / 2.0;
    assert_eq!(run(&source, &data), Ok(expected));
}

/// Each thread writes its number into shared memory, and reads that of its mirror image.
const MIRRORED: &str = r#"
            %x = numeric.load %a[%i] : !numeric.array<1xsi64, C>
            numeric.store %x, %tile[%t] : !numeric.array<1xsi64, C> loc("demo.py":14:5)
            BARRIER
            %last = numeric.constant 31 : index
            %j = numeric.sub %last, %t : index
            %y = numeric.load %tile[%j] : !numeric.array<1xsi64, C>
            numeric.store %y, %a[%i] : !numeric.array<1xsi64, C>"#;

#[test]
fn blocks_share_memory() {
    let barrier = r#"numeric.barrier "block"() : () -> ()"#;
    let mirrored: Vec<i64> = (0..64).map(|i| i / 32 * 32 + 31 - i % 32).collect();
    for (arrays, bytes) in [
        (r#"%tile = numeric.device_array "shared" [32] : !numeric.array<1xsi64, C>"#, 0),
        (r#"%tile = numeric.device_array "dynamic" [0] : !numeric.array<1xsi64, C>"#, 256),
        // What the launch sizes lies behind the kernel's own arrays.
        (
            r#"%other = numeric.device_array "shared" [3] : !numeric.array<1xui8, C>
            %two = numeric.constant 2 : index
            %byte = numeric.constant 7 : ui8
            %was = numeric.atomic "exchange" %other[%two], %byte : !numeric.array<1xui8, C>, ui8
            %tile = numeric.device_array "dynamic" [0] : !numeric.array<1xsi64, C>"#,
            256,
        ),
    ] {
        let kernel = format!("{arrays}\n{}", MIRRORED.replace("BARRIER", barrier));
        assert_eq!(run(&module("si64", bytes, &kernel), &(0..64).collect::<Vec<i64>>()), Ok(mirrored.clone()));
    }
}

/// An array that is too long for what the launch has sized has fewer items.
#[test]
fn dynamic_memory_has_whole_items() {
    let kernel = r#"
            %tile = numeric.device_array "dynamic" [0] : !numeric.array<1xf64, C>
            %extent = numeric.dim %tile, 0 : !numeric.array<1xf64, C>
            %x = numeric.cast %extent : index to si64
            numeric.store %x, %a[%i] : !numeric.array<1xsi64, C>"#;
    assert_eq!(run(&module("si64", 100, kernel), &[0_i64; 32]), Ok(vec![12; 32]));
    assert_eq!(run(&module("si64", 0, kernel), &[0_i64; 32]), Ok(vec![0; 32]));
}

#[test]
fn races_are_told() {
    let array = r#"%tile = numeric.device_array "shared" [32] : !numeric.array<1xsi64, C>"#;
    let kernel = format!("{array}\n{}", MIRRORED.replace("BARRIER", ""));
    let error = run(&module("si64", 0, &kernel), &[0_i64; 32]).unwrap_err();
    assert!(error.to_string().starts_with("RaceError: thread ("), "{error}");
    let places: Vec<_> = error.traceback.iter().map(|frame| (frame.function.as_str(), frame.line)).collect();
    assert_eq!(places, [("main", 9), ("kernel", 14)]);
}

#[test]
fn places_outside_are_told() {
    let kernel = r#"
            %far = numeric.constant 1000 : index
            %x = numeric.load %a[%far] : !numeric.array<1xsi64, C> loc("demo.py":15:5)
            numeric.store %x, %a[%i] : !numeric.array<1xsi64, C>"#;
    let error = run(&module("si64", 0, kernel), &[0_i64; 32]).unwrap_err();
    assert!(
        error.to_string().starts_with("IndexError: a thread reads 8 bytes outside of the device's memory"),
        "{error}"
    );
    assert_eq!(error.traceback.last().map(|frame| frame.line), Some(15));
}

#[test]
fn checks_end_a_thread() {
    let kernel = r#"
            %far = numeric.constant 7 : index
            %ok = numeric.cmp lt, %i, %far : index
            numeric.check %ok, "ValueError", "too far" loc("demo.py":16:5)"#;
    let error = run(&module("si64", 0, kernel), &[0_i64; 32]).unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.traceback.last().map(|frame| frame.line)),
        ("ValueError: too far", Some(16))
    );
}

/// Who has failed is not waited for.
#[test]
fn the_others_go_on() {
    let kernel = r#"
            %seven = numeric.constant 7 : index
            %ok = numeric.cmp ne, %i, %seven : index
            numeric.check %ok, "ValueError", "not seven" loc("demo.py":16:5)
            numeric.barrier "block"() : () -> ()"#;
    let error = run(&module("si64", 0, kernel), &[0_i64; 32]).unwrap_err();
    assert_eq!(error.to_string(), "ValueError: not seven");
}

#[test]
fn divergent_barriers_are_told() {
    let kernel = r#"
            %far = numeric.constant 7 : index
            %first = numeric.cmp lt, %t, %far : index
            scf.if %first {
              numeric.barrier "block"() : () -> () loc("demo.py":16:5)
            }"#;
    let error = run(&module("si64", 0, kernel), &[0_i64; 32]).unwrap_err();
    assert!(error.to_string().starts_with("BarrierError: "), "{error}");
    assert_eq!(error.traceback.last().map(|frame| frame.line), Some(16));
}

/// Local arrays are the thread's own.
#[test]
fn threads_have_memory_of_their_own() {
    let kernel = r#"
            %own = numeric.device_array "local" [2] : !numeric.array<1xf32, C>
            %x = numeric.load %a[%i] : !numeric.array<1xf32, C>
            %one = numeric.constant 1 : index
            numeric.store %x, %own[%one] : !numeric.array<1xf32, C>
            numeric.barrier "block"() : () -> ()
            %y = numeric.load %own[%one] : !numeric.array<1xf32, C>
            %z = numeric.mul %y, %y : f32
            numeric.store %z, %a[%i] : !numeric.array<1xf32, C>"#;
    let data: Vec<f32> = (0..32_u8).map(f32::from).collect();
    let squares: Vec<f32> = data.iter().map(|x| x * x).collect();
    assert_eq!(run(&module("f32", 0, kernel), &data), Ok(squares));
}

/// What a barrier, or lanes, tell of a number: of the items 0 to 31, as a new item for each.
#[track_caller]
fn told(expression: &str) -> Vec<i64> {
    let kernel = format!(
        r#"
            %x = numeric.load %a[%i] : !numeric.array<1xsi64, C>
            %mask = numeric.constant 4294967295 : ui32
            %one = numeric.constant 1 : si32
            %width = numeric.constant 8 : si32
            %five = numeric.constant 5 : si64
            %small = numeric.cmp lt, %x, %five : si64
            {expression}
            %result = numeric.cast %y : TYPE to si64
            numeric.store %result, %a[%i] : !numeric.array<1xsi64, C>"#
    );
    let ty = expression.rsplit("// ").next().unwrap_or_default().to_owned();
    let kernel = kernel.replace("TYPE", ty.trim());
    run(&module("si64", 0, &kernel), &(0..32).collect::<Vec<i64>>()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn threads_tell_each_other() {
    let count = told(r#"%y = numeric.barrier "count"(%small) : (i1) -> si32 // si32"#);
    assert_eq!(count, [5; 32]);
    assert_eq!(told(r#"%y = numeric.barrier "and"(%x) : (si64) -> si32 // si32"#), [0; 32]);
    assert_eq!(told(r#"%y = numeric.barrier "or"(%x) : (si64) -> si32 // si32"#), [1; 32]);
    let ballot = told(r#"%y = numeric.warp "ballot"(%mask, %small) : (ui32, i1) -> ui32 // ui32"#);
    assert_eq!(ballot, [31; 32]);
    assert_eq!(told(r#"%y = numeric.warp "any"(%mask, %small) : (ui32, i1) -> i1 // i1"#), [1; 32]);
    assert_eq!(told(r#"%y = numeric.warp "all"(%mask, %small) : (ui32, i1) -> i1 // i1"#), [0; 32]);
    assert_eq!(told(r#"%y = numeric.warp "equal"(%mask, %small) : (ui32, i1) -> i1 // i1"#), [0; 32]);
    assert_eq!(told(r#"%y = numeric.warp "active"() : () -> ui32 // ui32"#), [(1 << 32) - 1; 32]);
    let same = told(r#"%y = numeric.warp "match_any"(%mask, %small) : (ui32, i1) -> ui32 // ui32"#);
    assert_eq!((same[4], same[5]), (31, (1 << 32) - 32));
    let all = told(r#"%m, %y = numeric.warp "match_all"(%mask, %five) : (ui32, si64) -> (ui32, i1) // i1"#);
    assert_eq!(all, [1; 32]);
}

/// Shuffles of numbers of all widths, in groups of eight lanes.
#[test]
fn lanes_exchange_numbers() {
    let down: Vec<i64> = (0..32).map(|i| if i % 8 == 7 { i } else { i + 1 }).collect();
    for ty in ["si8", "ui16", "si32", "si64", "f16", "f32", "f64"] {
        let text = format!(
            r#"%n = numeric.cast %x : si64 to {ty}
            %y, %there = numeric.warp "shuffle_down"(%mask, %n, %one, %width) : (ui32, {ty}, si32, si32) -> ({ty}, i1) // {ty}"#
        );
        assert_eq!(told(&text), down, "{ty}");
    }
    let there = told(
        r#"%n, %y = numeric.warp "shuffle_up"(%mask, %small, %one, %width) : (ui32, i1, si32, si32) -> (i1, i1) // i1"#,
    );
    assert_eq!(there, (0..32).map(|i| i64::from(i % 8 != 0)).collect::<Vec<_>>());
    let across = told(
        r#"%y, %w = numeric.warp "shuffle_xor"(%mask, %x, %one, %width) : (ui32, si64, si32, si32) -> (si64, i1) // si64"#,
    );
    assert_eq!(across, (0..32).map(|i| i ^ 1).collect::<Vec<_>>());
}

/// Combines the numbers 1 to 64, or as many tens where that counts, into the first item, which was `start`, by two blocks of threads.
fn combined(ty: &str, kind: &str, start: &str) -> i64 {
    let counts = ["inc", "dec"].contains(&kind);
    let number = if counts { "numeric.constant 10 :" } else { "numeric.cast %long : si64 to" };
    let kernel = format!(
        r#"
            %one = numeric.constant 1 : index
            %number = numeric.add %i, %one : index
            %long = numeric.cast %number : index to si64
            %x = {number} {ty}
            %old = numeric.atomic "{kind}" %a[%zero], %x : !numeric.array<1x{ty}, C>, {ty}"#
    );
    let code = compile_for("cuda-sim", "numeric", &module(ty, 0, &kernel));
    macro_rules! through {
        ($rust:ty) => {{
            let mut data = [start.parse::<$rust>().expect("a number"); 2];
            let array = Borrowed::new(&mut data, 0, &[2], &[1]);
            call(&code, "main", &Slots::default().array(&array).int(2), &mut Slots::default()).expect("it works");
            data[0] as i64
        }};
    }
    match ty {
        "si8" => through!(i8),
        "ui16" => through!(u16),
        "si32" => through!(i32),
        "ui32" => through!(u32),
        "si64" => through!(i64),
        "ui64" => through!(u64),
        "f32" => through!(f32),
        _ => through!(f64),
    }
}

#[test]
fn atomics_are_combined() {
    let sum = (1..=64).sum::<i64>();
    for ty in ["si32", "ui32", "si64", "ui64", "f32", "f64", "ui16"] {
        assert_eq!(combined(ty, "add", "5"), sum + 5, "{ty}");
        assert_eq!(combined(ty, "max", "5"), 64, "{ty}");
        assert_eq!(combined(ty, "min", "5"), 1, "{ty}");
        assert_eq!(combined(ty, "nanmax", "5"), 64, "{ty}");
    }
    assert_eq!(combined("si8", "add", "0"), i64::from(sum as i8));
    assert_eq!(combined("si64", "sub", "5"), 5 - sum);
    assert_eq!(combined("si32", "max", "-1"), 64);
    assert_eq!(combined("si32", "min", "-1"), -1);
    assert_eq!(combined("ui32", "min", "4294967295"), 1);
    assert_eq!(combined("ui32", "or", "0"), 127);
    assert_eq!(combined("ui64", "xor", "0"), (1..=64).fold(0, |all, one| all ^ one));
    assert_eq!(combined("si64", "and", "-1"), 0);
    // Each goes through 0 to 10.
    assert_eq!(combined("ui32", "inc", "0"), 64 % 11);
    assert_eq!(combined("ui64", "dec", "0"), 11 - 64 % 11);
    assert_eq!(combined("ui32", "dec", "1000"), 10 - 63 % 11);
    // NaN stays, or goes.
    assert_eq!(combined("f64", "nanmax", "NaN"), 64);
    assert_eq!(combined("f32", "nanmin", "NaN"), 1);
    assert_eq!(combined("f64", "max", "NaN"), 0);
}

/// A lock by compare-and-exchange: exactly one thread gets it.
#[test]
fn one_thread_exchanges() {
    let kernel = r#"
            %free = numeric.constant 0 : si64
            %one = numeric.constant 1 : index
            %number = numeric.add %i, %one : index
            %mine = numeric.cast %number : index to si64
            %old = numeric.compare_exchange %a[%zero], %free, %mine : !numeric.array<1xsi64, C>, si64
            %got = numeric.cmp eq, %old, %free : si64
            scf.if %got {
              numeric.store %mine, %a[%one] : !numeric.array<1xsi64, C>
            }"#;
    let data = run(&module("si64", 0, kernel), &[0_i64; 32]).expect("it works");
    assert!(data[0] > 0 && data[0] == data[1], "{data:?}");
}

/// All blocks wait for each other: each thread reads what one of another block has written.
#[test]
fn grids_wait() {
    let kernel = r#"
            %x = numeric.load %a[%i] : !numeric.array<1xsi64, C>
            %y = numeric.add %x, %x : si64
            numeric.store %y, %a[%i] : !numeric.array<1xsi64, C>
            numeric.barrier "grid"() : () -> ()
            %last = numeric.constant 127 : index
            %j = numeric.sub %last, %i : index
            %z = numeric.load %a[%j] : !numeric.array<1xsi64, C>
            numeric.barrier "grid"() : () -> ()
            numeric.store %z, %a[%i] : !numeric.array<1xsi64, C>"#;
    let mirrored: Vec<i64> = (0..128).map(|i| 2 * (127 - i)).collect();
    assert_eq!(run(&module("si64", 0, kernel), &(0..128).collect::<Vec<i64>>()), Ok(mirrored));
}

/// A kernel cannot do what the host alone can; that is told at its line.
#[test]
fn what_kernels_cannot_do() {
    let said = |kernel: &str| {
        let context = context();
        let source = module("f64", 0, kernel);
        let error = try_transform(&context, &elements("cuda-sim", "numeric"), &source).err().unwrap_or_default();
        error.lines().nth(1).unwrap_or_default().to_owned()
    };
    let allocates = r#"
            %new = numeric.alloc(%t) : !numeric.array<1xf64, C> loc("demo.py":14:5)
            %x = numeric.load %new[%zero] : !numeric.array<1xf64, C>
            numeric.store %x, %a[%i] : !numeric.array<1xf64, C>"#;
    assert_snapshot!(said(allocates), @"demo.py:14:5: error: a kernel cannot make an array: give it one as an argument, or have one of its block's or of the thread's memory");
    let large = r#"%own = numeric.device_array "local" [100, 100] : !numeric.array<2xf64, C> loc("demo.py":14:5)
            %x = numeric.load %own[%zero, %zero] : !numeric.array<2xf64, C>
            numeric.store %x, %a[%i] : !numeric.array<1xf64, C>"#;
    assert_snapshot!(said(large), @"demo.py:14:5: error: the arrays of a thread have 80000 bytes by now, of 65536 at most: make them smaller, or give the kernel an array for all threads");
}

/// Nor are there kernels without a device, or what is for kernels outside of them.
#[test]
fn where_there_are_no_kernels() {
    let said = |source: &str| {
        let context = context();
        let error = try_transform(&context, &elements("cuda-sim", "numeric"), source).err().unwrap_or_default();
        error.lines().nth(1).unwrap_or_default().to_owned()
    };
    let no_device = module("f64", 0, "").replace("attributes {numir.device} ", "");
    assert_snapshot!(said(&no_device), @"demo.py:9:1: error: kernels run on a device, and this is compiled for the host's processor alone: compile it for cuda or cuda-sim");
    let on_host = r#"
        module attributes {numir.device} {
          func.func @main() attributes {numeric.entry, numeric.python_name = "main"} {
            numeric.barrier "block"() : () -> () loc("demo.py":3:1)
            return
          }
        }"#;
    assert_snapshot!(said(on_host), @"demo.py:3:1: error: this is for kernels, and runs on the host here: call it in a kernel alone");
}
