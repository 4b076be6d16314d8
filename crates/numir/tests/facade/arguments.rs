//! What fits an annotation, and what is said when it does not.

use crate::support::{call, function, program};
use numir::{Array, ArrayType, DType, Error, Layout, Scalar, Type, Value, bind, fit, type_of};

fn array(layout: Layout) -> Array {
    let array = Array::zeros(DType::Float64, &[4, 6]).expect("memory");
    let (shape, strides) = match layout {
        Layout::C => return array,
        Layout::F => (vec![6, 4], vec![8, 48]),
        Layout::Any => (vec![2, 3], vec![96, 16]),
    };
    // SAFETY: every index of these shapes lies in the array.
    unsafe { Array::from_parts(array.owner().clone(), array.data(), DType::Float64, shape, strides) }
}

fn array_of(layout: Layout) -> Type {
    Type::Array(ArrayType::new(DType::Float64, 2, layout))
}

#[test]
fn arrays_have_the_most_special_layout() {
    for layout in [Layout::C, Layout::F, Layout::Any] {
        assert_eq!(type_of(&Value::Array(array(layout))), array_of(layout));
    }
    let empty = Array::zeros(DType::Int8, &[0, 3]).expect("memory");
    assert_eq!(type_of(&Value::Array(empty)), Type::Array(ArrayType::new(DType::Int8, 2, Layout::C)));
}

#[test]
fn an_annotation_of_any_layout_takes_all_and_keeps_what_is_known() {
    for (given, wanted, fits) in [
        (Layout::C, Layout::Any, Some(Layout::C)),
        (Layout::F, Layout::Any, Some(Layout::F)),
        (Layout::Any, Layout::Any, Some(Layout::Any)),
        (Layout::C, Layout::C, Some(Layout::C)),
        (Layout::F, Layout::C, None),
        (Layout::Any, Layout::C, None),
        (Layout::C, Layout::F, None),
        (Layout::F, Layout::F, Some(Layout::F)),
    ] {
        let given = Value::Array(array(given));
        assert_eq!(fit(&given, &array_of(wanted)), fits.map(array_of), "{wanted:?}");
    }
    let value = Value::Array(array(Layout::C));
    assert_eq!(fit(&value, &Type::Array(ArrayType::contiguous(DType::Float32, 2))), None);
    assert_eq!(fit(&value, &Type::Array(ArrayType::contiguous(DType::Float64, 1))), None);
    assert_eq!(fit(&value, &Type::Scalar(Scalar::Float)), None);
}

#[test]
fn quoted_annotations_know_numir_types_without_an_import() {
    let annotation = |head: &str, text: &str| {
        let program = program(&format!("{head}\ndef f(x: {text}):\n    return x\n"));
        let function = program.functions().map(|mut functions| functions.pop().expect("a function"));
        function.map(|mut function| function.parameters.remove(0).annotation).map_err(|error| error.message)
    };
    let array = Some(Type::Array(ArrayType::new(DType::Float64, 2, Layout::C)));
    assert_eq!(annotation("from numir import float64", "float64[:, ::1]"), Ok(array.clone()));
    assert_eq!(annotation("", "'float64[:, ::1]'"), Ok(array.clone()));
    assert_eq!(annotation("from __future__ import annotations", "'float64[:, ::1]'"), Ok(array));
    assert_eq!(annotation("", "'float64 | None'"), Ok(Some(Type::Optional(Box::new(Type::Scalar(Scalar::Float))))));
    assert_eq!(annotation("", "'Something'"), Ok(None));
    assert_eq!(annotation("from shapes import float64", "'float64'"), Ok(None));
    for text in ["float64", "float64[:]", "float | float64", "tuple[int, float64]", "np.float64"] {
        assert!(annotation("", text).is_err_and(|message| message.ends_with("is not defined")), "{text}");
    }
}

#[test]
fn tuples_and_optionals_fit_item_by_item() {
    let pair = Type::Tuple(vec![Type::Scalar(Scalar::Float), Type::Scalar(Scalar::Int)].into());
    let value = |items: Vec<Value>| Value::Tuple(items);
    assert_eq!(fit(&value(vec![Value::Int(1), Value::Int(2)]), &pair), Some(pair.clone()));
    assert_eq!(fit(&value(vec![Value::Int(1), Value::Float(2.0)]), &pair), None);
    assert_eq!(fit(&value(vec![Value::Int(1)]), &pair), None);
    let optional = Type::Optional(Box::new(pair));
    assert_eq!(fit(&Value::None, &optional), Some(optional.clone()));
    assert_eq!(fit(&value(vec![Value::Int(1), Value::Int(2)]), &optional), Some(optional.clone()));
    assert_eq!(fit(&Value::Int(1), &optional), None);
}

#[test]
fn wrong_calls_speak_as_python_does() {
    let program = program("def f(a, b, c=1, *, d, e):\n    return a\n");
    let function = function(&program);
    let refused = |positional: &[i32], keywords: &[&str]| {
        let keywords = keywords.iter().map(|name| ((*name).to_owned(), 0)).collect();
        bind(&function, positional.to_vec(), keywords).map_err(|error| error.message)
    };
    assert_eq!(refused(&[1, 2], &["d", "e"]), Ok(vec![Some(1), Some(2), None, Some(0), Some(0)]));
    assert_eq!(refused(&[1], &["d", "e", "c", "b"]), Ok(vec![Some(1), Some(0), Some(0), Some(0), Some(0)]));
    for (positional, keywords, message) in [
        (&[][..], &["d", "e"][..], "f() missing 2 required positional arguments: 'a' and 'b'"),
        (&[1, 2], &[], "f() missing 2 required keyword-only arguments: 'd' and 'e'"),
        (&[1, 2], &["e"], "f() missing 1 required keyword-only argument: 'd'"),
        (&[1, 2, 3, 4], &["d", "e"], "f() takes from 2 to 3 positional arguments but 4 were given"),
        (&[1, 2], &["a", "d", "e"], "f() got multiple values for argument 'a'"),
        (&[1, 2], &["d", "e", "x"], "f() got an unexpected keyword argument 'x'"),
    ] {
        assert_eq!(refused(positional, keywords), Err(message.to_owned()));
    }
}

#[test]
fn a_type_error_names_the_parameter_and_both_types() {
    let program = "from numir import float64\n\n\ndef f(\n    image: float64[:, ::1],\n):\n    return image\n";
    let Err(Error::User(diagnostic)) = call(program, vec![Value::Array(array(Layout::F))]) else { panic!("no fit") };
    assert_eq!(
        diagnostic.to_string(),
        "p.py:5:5: TypeError: f(): `image` is declared as float64[:, ::1], but is given float64[::1, :]"
    );
    assert_eq!(diagnostic.labels[0].span.text(), "image: float64[:, ::1]");
    assert!(diagnostic.help.as_ref().is_some_and(|help| help.contains("ascontiguousarray")));
}
