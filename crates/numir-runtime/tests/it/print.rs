//! `print` of compiled code, seen through a sink.

use std::sync::{Arc, Mutex};

use numir_runtime::print::{
    STYLE_NUMPY, STYLE_REPR, numir_print_bool, numir_print_complex, numir_print_float, numir_print_flush,
    numir_print_int, numir_print_text, numir_print_uint, set_sink,
};

fn text(text: &str) {
    // SAFETY: the text is readable.
    unsafe { numir_print_text(text.as_ptr(), text.len() as i64) };
}

#[test]
fn lines_arrive_in_one_piece() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&seen);
    set_sink(Some(Box::new(move |line| {
        sink.lock().expect("no panic").push(String::from_utf8_lossy(line).into_owned())
    })));

    numir_print_int(-128, 8, 0);
    text(" ");
    numir_print_uint(-1, 64, 0);
    text(" ");
    numir_print_float(f64::from(0.1_f32), 32, 0);
    text(" ");
    numir_print_float(0.1, 64, STYLE_REPR | STYLE_NUMPY);
    text(" ");
    numir_print_uint(200, 8, STYLE_REPR | STYLE_NUMPY);
    text(" ");
    numir_print_complex(1.0, -2.5, 128, STYLE_REPR);
    text(" ");
    numir_print_bool(1, STYLE_NUMPY);
    text(" ");
    numir_print_bool(0, STYLE_REPR | STYLE_NUMPY);
    text("\n");
    assert!(seen.lock().expect("no panic").is_empty());
    numir_print_flush();

    std::thread::scope(|scope| {
        for name in ["a", "b", "c"] {
            scope.spawn(move || {
                for _ in 0..100 {
                    text(name);
                    text(name);
                    text("\n");
                    numir_print_flush();
                }
            });
        }
    });
    set_sink(None);
    let seen = seen.lock().expect("no panic");
    let all = "-128 18446744073709551615 0.1 np.float64(0.1) np.uint8(200) (1-2.5j) True np.False_\n";
    assert_eq!((seen[0].as_str(), seen.len()), (all, 301));
    for name in ["aa\n", "bb\n", "cc\n"] {
        assert_eq!(seen.iter().filter(|line| *line == name).count(), 100);
    }
}
