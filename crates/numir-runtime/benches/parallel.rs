//! What a parallel loop costs when there is nothing to do, and how well unequal rows balance. Prints, asserts nothing.

use std::ffi::c_void;
use std::hint::black_box;
use std::time::{Duration, Instant};

use numir_runtime::pool::{Body, numir_parallel, threads};

unsafe extern "C" fn empty(_: *mut c_void, lo: i64, hi: i64, _: i64) -> i32 {
    black_box((lo, hi));
    0
}

/// Rows of a Mandelbrot picture: those in the middle cost many times those at the edge.
unsafe extern "C" fn rows(size: *mut c_void, lo: i64, hi: i64, _: i64) -> i32 {
    let size = size.addr() as i64;
    for row in lo..hi {
        for column in 0..size {
            let scale = |at: i64| at as f64 / size as f64 * 3.0 - 1.5;
            let (x, y) = (scale(column) - 0.5, scale(row));
            let (mut a, mut b) = (0.0, 0.0);
            for _ in 0..500 {
                (a, b) = (a * a - b * b + x, 2.0 * a * b + y);
                if a * a + b * b > 4.0 {
                    break;
                }
            }
            black_box((a, b));
        }
    }
    0
}

/// The median over the repetitions.
fn time(repetitions: usize, pause: Duration, run: impl Fn()) -> Duration {
    let mut times: Vec<_> = (0..repetitions)
        .map(|_| {
            std::thread::sleep(pause);
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[repetitions / 2]
}

fn parallel(body: Body, context: usize, trip: i64) {
    // SAFETY: the bodies allow any chunk on any thread.
    black_box(unsafe { numir_parallel(body, std::ptr::without_provenance_mut(context), trip) });
}

fn main() {
    println!("threads: {}", threads());
    for trip in [1, 2, 64, 512, 1_000_000] {
        let hot = time(20_000, Duration::ZERO, || parallel(empty, 0, trip));
        let cold = time(200, Duration::from_millis(2), || parallel(empty, 0, trip));
        println!("empty body, trip {trip:>7}: {hot:>9.2?} back to back, {cold:>9.2?} with the workers asleep");
    }
    let size = 600;
    let serial = time(5, Duration::ZERO, || {
        // SAFETY: any rows of a picture of this size.
        black_box(unsafe { rows(std::ptr::without_provenance_mut(size), 0, size as i64, 0) });
    });
    let spread = time(5, Duration::ZERO, || parallel(rows, size, size as i64));
    let gain = serial.as_secs_f64() / spread.as_secs_f64();
    println!("Mandelbrot {size} x {size}: {serial:.2?} serial, {spread:.2?} parallel: {gain:.2}x");
}
