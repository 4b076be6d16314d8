//! Promotion against NumPy's own table, and what every join must hold for a walk over a loop to come to an end.

use super::*;

const PYTHON: [Scalar; 4] = [Scalar::Bool, Scalar::Int, Scalar::Float, Scalar::Complex];

/// A row per dtype: what NumPy 2 gives for one of it with True, 1, 1.0 and 1j.
const WEAK: [(&str, [&str; 4]); 14] = [
    ("bool", ["bool", "int64", "float64", "complex128"]),
    ("int8", ["int8", "int8", "float64", "complex128"]),
    ("int16", ["int16", "int16", "float64", "complex128"]),
    ("int32", ["int32", "int32", "float64", "complex128"]),
    ("int64", ["int64", "int64", "float64", "complex128"]),
    ("uint8", ["uint8", "uint8", "float64", "complex128"]),
    ("uint16", ["uint16", "uint16", "float64", "complex128"]),
    ("uint32", ["uint32", "uint32", "float64", "complex128"]),
    ("uint64", ["uint64", "uint64", "float64", "complex128"]),
    ("float16", ["float16", "float16", "float16", "complex64"]),
    ("float32", ["float32", "float32", "float32", "complex64"]),
    ("float64", ["float64", "float64", "float64", "complex128"]),
    ("complex64", ["complex64", "complex64", "complex64", "complex64"]),
    ("complex128", ["complex128", "complex128", "complex128", "complex128"]),
];

fn all() -> Vec<Scalar> {
    PYTHON.into_iter().chain(DType::all().map(Scalar::Of)).collect()
}

fn named(name: &str) -> Scalar {
    match DType::from_name(name) {
        Some(dtype) => Scalar::Of(dtype),
        None => panic!("{name} is no dtype"),
    }
}

#[test]
fn python_numbers_are_weak_as_in_numpy() {
    for (name, results) in WEAK {
        for (python, result) in PYTHON.into_iter().zip(results) {
            assert_eq!(named(name).promote(python), named(result), "{name} with {python}");
            assert_eq!(python.promote(named(name)), named(result), "{python} with {name}");
        }
    }
}

#[test]
fn python_numbers_meet_by_kind() {
    for (low, left) in PYTHON.into_iter().enumerate() {
        for (high, right) in PYTHON.into_iter().enumerate() {
            assert_eq!(left.promote(right), PYTHON[low.max(high)]);
            assert_eq!(left.join(right), PYTHON[low.max(high)]);
        }
    }
}

#[test]
fn promotion_and_join_take_either_order() {
    for left in all() {
        assert_eq!(left.promote(left), left);
        assert_eq!(left.join(left), left);
        for right in all() {
            assert_eq!(left.promote(right), right.promote(left), "{left} with {right}");
            assert_eq!(left.join(right), right.join(left), "{left} and {right}");
        }
    }
}

/// A loop is walked again with the joined type, which must take in both again.
#[test]
fn a_join_holds_what_it_was_made_from() {
    for left in all() {
        for right in all() {
            let joined = left.join(right);
            assert_eq!(joined.join(left), joined, "{left} and {right}");
            assert_eq!(joined.join(right), joined, "{left} and {right}");
            assert!(joined.kind() >= left.kind().max(right.kind()), "{left} and {right}");
        }
    }
}

/// From any type, whatever is joined to it: it widens a few times and then no more.
#[test]
fn joins_come_to_an_end() {
    for start in all() {
        for others in [all(), all().into_iter().rev().collect()] {
            let mut current = start;
            let mut widened = 0;
            for other in others.iter().chain(&others) {
                let next = current.join(*other);
                widened += usize::from(next != current);
                current = next;
            }
            assert!(
                widened <= 8 && all().into_iter().all(|other| current.join(other) == current),
                "{start}: {current}"
            );
        }
    }
}

/// Within the integers of one sign, the floats and the complex numbers the order of joins does not matter either. It does in
/// NumPy's own table across them: int16 and uint16 are int32, which is float64 with float16, but float32 one by one.
#[test]
fn joins_of_one_kind_take_any_order() {
    let families: [&[&str]; 4] = [
        &["int8", "int16", "int32", "int64"],
        &["uint8", "uint16", "uint32", "uint64"],
        &["float16", "float32", "float64"],
        &["complex64", "complex128"],
    ];
    for family in families {
        for a in family {
            for b in family {
                for c in family {
                    let (a, b, c) = (named(a), named(b), named(c));
                    assert_eq!(a.join(b).join(c), a.join(b.join(c)), "{a}, {b}, {c}");
                }
            }
        }
    }
}

#[test]
fn an_int_beside_an_unsigned_number_stays_an_integer() {
    assert_eq!(Scalar::Int.join(named("uint64")), named("uint64"));
    assert_eq!(Scalar::Int.join(named("uint8")), named("int64"));
    assert_eq!(Scalar::Int.join(named("int8")), named("int64"));
    assert_eq!(named("int64").join(named("uint64")), named("float64"));
    assert_eq!(Scalar::Bool.join(named("uint64")), named("uint64"));
    assert_eq!(Scalar::Float.join(named("float32")), named("float64"));
}

/// Types of every form.
fn any_type() -> impl proptest::strategy::Strategy<Value = Type> {
    use proptest::prelude::*;
    let dtype = || proptest::sample::select(WEAK.map(|(name, _)| DType::from_name(name).expect("a dtype")).to_vec());
    let scalar = prop_oneof![proptest::sample::select(PYTHON.to_vec()), dtype().prop_map(Scalar::Of)];
    let array = (dtype(), 0usize..5, 0..3, any::<bool>()).prop_map(|(dtype, rank, layout, writable)| {
        let layout = match (rank, layout) {
            (0, _) | (_, 0) => Layout::C,
            (1, _) | (_, 1) => Layout::Any,
            _ => Layout::F,
        };
        Type::Array(ArrayType { dtype, rank, layout, writable })
    });
    let class =
        || (any::<String>(), any::<String>()).prop_map(|(identity, name)| Class { identity, name, fields: Vec::new() });
    let text = any::<String>().prop_map(Type::Text);
    let leaf = prop_oneof![
        Just(Type::None),
        Just(Type::Range),
        any::<u32>().prop_map(Type::Object),
        scalar.prop_map(Type::Scalar),
        array,
        text
    ];
    leaf.prop_recursive(3, 20, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|types| Type::Tuple(types.into())),
            (class(), proptest::collection::vec(inner.clone(), 0..4)).prop_map(|(mut class, types)| {
                class.fields = (0..types.len()).map(|place| format!("x{place}")).collect();
                Type::Tuple(TupleType::new(Some(Arc::new(class)), types))
            }),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Type::Formatted),
            (class(), inner.clone()).prop_map(|(class, value)| Type::Member(Arc::new(class), Box::new(value))),
            inner
                .prop_filter("one type and None", |ty| !matches!(ty, Type::None | Type::Optional(_)))
                .prop_map(|ty| Type::Optional(Box::new(ty))),
        ]
    })
}

proptest::proptest! {
    /// What is written is read as the same type.
    #[test]
    fn types_survive_their_spelling(ty in any_type()) {
        proptest::prop_assert_eq!(ty.spelling().parse::<Type>(), Ok(ty.clone()), "{}", ty.spelling());
    }

    /// No text is too strange to be read or refused.
    #[test]
    fn any_text_has_an_answer(text in "[a-z0-9\\[\\]():,|\"' .]{0,40}") {
        let _ = parse_types(&text);
    }
}

#[test]
fn types_are_read_in_every_spelling() {
    let read =
        |text: &str| parse_types(text).map(|types| types.iter().map(Type::spelling).collect::<Vec<_>>().join("; "));
    for (text, wanted) in [
        ("f64[:,:], i64", "float64[:, :]; int64"),
        ("np.float32[::1, :], np.bool, bool", "float32[::1, :]; np.bool; bool"),
        ("(int, (float,)), 'a\"b', None | int32", "(int, (float,)); \"a\\\"b\"; int32 | None"),
        ("(int)", "int"),
        ("int64[()], f64[:] readonly", "int64[()]; float64[:] readonly"),
        ("", ""),
    ] {
        assert_eq!(read(text).as_deref(), Ok(wanted), "{text}");
    }
    for text in ["f64[", "f64[::1, ::1]", "f65", "int |", "int | float", "(int", "'a", "int)", "f64[0]", "f64[:,]x"] {
        assert!(read(text).is_err(), "{text}");
    }
}
