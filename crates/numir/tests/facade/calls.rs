//! Values of every type into compiled functions and out again.

use crate::support::{call, compile, shown};
use numir::{Array, DType, Error, Value};
use numir_runtime::{Number, Scalar};

const SAME: &str = "def f(x):\n    return x\n";

fn scalar(dtype: DType, number: Number) -> Value {
    Value::Scalar(Scalar::new(dtype, number).expect("the kinds agree"))
}

#[test]
fn scalars_come_back_as_numbers_of_python() {
    for (value, text) in [
        (Value::Bool(true), "True"),
        (Value::Int(i64::MIN), "-9223372036854775808"),
        (Value::Float(-0.0), "-0.0"),
        (Value::Complex(1.0, -2.5), "(1-2.5j)"),
        (scalar(DType::Bool, Number::Bool(false)), "False"),
        (scalar(DType::Int8, Number::Int(-128)), "-128"),
        (scalar(DType::Int16, Number::Int(-32768)), "-32768"),
        (scalar(DType::Int32, Number::Int(i64::from(i32::MIN))), "-2147483648"),
        (scalar(DType::UInt8, Number::UInt(255)), "255"),
        (scalar(DType::UInt16, Number::UInt(65535)), "65535"),
        (scalar(DType::UInt32, Number::UInt(u64::from(u32::MAX))), "4294967295"),
        (scalar(DType::UInt64, Number::UInt(7)), "7"),
        (scalar(DType::UInt64, Number::UInt(u64::MAX)), "np.uint64(18446744073709551615)"),
        (scalar(DType::Float16, Number::Float(0.5)), "0.5"),
        (scalar(DType::Float32, Number::Float(0.25)), "0.25"),
        (scalar(DType::Complex64, Number::Complex(0.5, 1.0)), "(0.5+1j)"),
        (scalar(DType::Complex128, Number::Complex(0.1, f64::NAN)), "(0.1+nanj)"),
        (Value::Str("a'b".to_owned()), "\"a'b\""),
        (Value::None, "None"),
        (Value::Tuple(Vec::new()), "()"),
        (
            Value::Tuple(vec![
                Value::Int(1),
                Value::Tuple(vec![Value::Bool(true), Value::Str("x".into())]),
                Value::None,
            ]),
            "(1, (True, 'x'), None)",
        ),
    ] {
        assert_eq!(shown(SAME, vec![value]), text);
    }
}

#[test]
fn arrays_of_every_dtype_are_passed_by_reference() {
    for dtype in DType::all() {
        let array = Array::zeros(dtype, &[2, 3]).expect("memory");
        let result = call("def f(a):\n    a[1, -1] = True\n    return a.T\n", vec![Value::Array(array.clone())]);
        let Ok(Value::Array(result)) = result else { panic!("{dtype}: {result:?}") };
        assert_eq!((result.shape(), result.dtype()), (&[3, 2][..], dtype));
        assert_eq!(result.get(&[2, 1]), array.get(&[1, 2]));
        assert!(array.to_bytes().iter().any(|byte| *byte != 0), "{dtype} was written to");
        assert_eq!(result.owner().header(), array.owner().header());
    }
}

#[test]
fn results_outlive_their_code() {
    let Ok(Value::Array(array)) =
        call("import numpy as np\ndef f(n):\n    return np.full((n, n), 7.5)[1:, ::2]\n", vec![Value::Int(5)])
    else {
        panic!("an array")
    };
    assert_eq!((array.shape(), array.strides()), (&[4, 3][..], &[40, 16][..]));
    assert_eq!(array.get(&[3, 2]), Scalar::new(DType::Float64, Number::Float(7.5)));
}

#[test]
fn any_layout_is_read_right() {
    const PICK: &str = "def f(a):\n    return a[0, 1], a[1, 0], a.shape\n";
    let bytes: Vec<u8> = (0..6).collect();
    let array = Array::from_bytes(DType::UInt8, &[2, 3], &bytes).expect("memory");
    assert_eq!(shown(PICK, vec![Value::Array(array.clone())]), "(1, 3, (2, 3))");
    let view = |shape: &[usize], strides: &[isize], start: usize| {
        // SAFETY: every index of the shapes below lies in the six bytes.
        unsafe {
            let data = array.data().add(start);
            Array::from_parts(array.owner().clone(), data, DType::UInt8, shape.to_vec(), strides.to_vec())
        }
    };
    for (array, text) in [
        (view(&[3, 2], &[1, 3], 0), "(3, 1, (3, 2))"),
        (view(&[2, 2], &[-3, -2], 5), "(3, 2, (2, 2))"),
        (view(&[2, 3], &[0, 1], 3), "(4, 3, (2, 3))"),
    ] {
        assert_eq!(shown(PICK, vec![Value::Array(array)]), text);
    }
}

#[test]
fn optional_results() {
    const HALF: &str = "def f(n: int):\n    if n % 2 == 0:\n        return n // 2, 1.5\n    return None\n";
    assert_eq!(shown(HALF, vec![Value::Int(4)]), "(2, 1.5)");
    assert_eq!(shown(HALF, vec![Value::Int(3)]), "None");
    const ARRAY: &str = "import numpy as np\ndef f(n: int):\n    if n > 0:\n        return np.ones(n)\n";
    assert_eq!(shown(ARRAY, vec![Value::Int(2)]), "array([1., 1.])");
    assert_eq!(shown(ARRAY, vec![Value::Int(0)]), "None");
}

#[test]
fn defaults_take_no_slot() {
    const PROGRAM: &str = "def f(a, b=2.5, c=(1, 2), *, d: int = 7):\n    return a, b, c, d\n";
    assert_eq!(shown(PROGRAM, vec![Value::Int(1)]), "(1, 2.5, (1, 2), 7)");
    assert_eq!(shown(PROGRAM, vec![Value::Int(1), Value::Bool(false)]), "(1, False, (1, 2), 7)");
}

#[test]
fn a_raised_error_has_its_traceback() {
    let program = "def g(a, i):\n    return a[i]\n\n\ndef f(a):\n    return g(a, 5)\n";
    let array = Array::zeros(DType::Float64, &[3]).expect("memory");
    let Err(Error::Raised(raised)) = call(program, vec![Value::Array(array)]) else { panic!("it raises") };
    assert_eq!(raised.to_string(), "IndexError: index 5 is out of bounds for axis 0 with size 3");
    let places: Vec<_> = raised.traceback.iter().map(|frame| (frame.function.as_str(), frame.line)).collect();
    assert_eq!(places, [("f", 6), ("g", 2)]);
}

#[test]
fn a_traceback_ends_in_the_users_file() {
    let program = "import math\n\n\ndef f(x):\n    return math.sqrt(x)\n";
    let Err(Error::Raised(raised)) = call(program, vec![Value::Float(-1.0)]) else { panic!("it raises") };
    assert_eq!(raised.kind, "ValueError");
    assert_eq!(raised.traceback.last().map(|frame| (frame.file.as_str(), frame.line)), Some(("p.py", 5)));
}

#[test]
fn a_prepared_call_can_be_made_many_times() {
    let array = Array::zeros(DType::Int64, &[1]).expect("memory");
    let arguments = [Some(Value::Array(array))];
    let artifact = compile("def f(a):\n    a[0] += 1\n    return a[0]\n", &arguments).expect("it compiles");
    let mut call = artifact.prepare(&arguments).expect("the types agree");
    let results: Vec<_> = (0..3).map(|_| call.call().expect("it returns").repr()).collect();
    assert_eq!(results, ["1", "2", "3"]);
    assert!(artifact.call(&[Some(Value::Int(1))]).is_err());
    assert!(artifact.call(&[]).is_err());
}

#[test]
fn no_array_is_leaked() {
    numir_runtime::memory::count_live_blocks();
    let before = numir_runtime::memory::live_blocks();
    const PROGRAM: &str = "import numpy as np\ndef f(n: int):\n    a = np.ones(n)\n    b = a + a\n    if n > 5:\n        raise ValueError('too many')\n    return b[1:], a\n";
    assert_eq!(shown(PROGRAM, vec![Value::Int(2)]), "(array([2.]), array([1., 1.]))");
    assert!(call(PROGRAM, vec![Value::Int(9)]).is_err());
    // Other tests allocate on threads of their own: their blocks come and go, so the balance is given time.
    let even = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        numir_runtime::memory::live_blocks() <= before
    });
    assert!(even, "{} blocks more than before", numir_runtime::memory::live_blocks() - before);
}
