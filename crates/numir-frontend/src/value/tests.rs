//! The laws of joining two definitions of a name, over values of all forms.

use super::*;
use crate::types::Layout;
use proptest::prelude::*;

fn scalar() -> impl Strategy<Value = Scalar> {
    let python = prop::sample::select(vec![Scalar::Bool, Scalar::Int, Scalar::Float, Scalar::Complex]);
    prop_oneof![python, prop::sample::select(DType::all().collect::<Vec<_>>()).prop_map(Scalar::Of)]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::bool),
        prop::sample::select(vec![0, 1, -1, 127, 255, 256, -129, 1 << 40, i64::MAX, i64::MIN])
            .prop_map(|value| Value::int(value.into())),
        prop::sample::select(vec![0.0, -0.0, 0.5, 0.1, 1e300, f64::INFINITY, f64::NAN, 2049.0]).prop_map(Value::float),
        Just(Value::Number(Scalar::Complex, Number::Complex(0.5, 0.1))),
    ]
}

fn array() -> impl Strategy<Value = Value> {
    let layouts = prop::sample::select(vec![Layout::C, Layout::F, Layout::Any]);
    let dtypes = prop::sample::select(vec![DType::Int8, DType::Float64]);
    (dtypes, 1usize..3, layouts)
        .prop_map(|(dtype, rank, layout)| Value::Array(ArrayType::new(dtype, rank, layout), PLACEHOLDER))
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => scalar().prop_map(|scalar| Value::Scalar(scalar, PLACEHOLDER)),
        4 => number(),
        2 => array(),
        1 => Just(Value::None),
        1 => prop::sample::select(vec!["one", "two"]).prop_map(|text| Value::Text(text.into())),
        1 => scalar().prop_map(Value::ScalarType),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::tuple),
            inner
                .prop_filter("an optional holds a value", |inner| inner.may_be_optional())
                .prop_map(|inner| Value::Optional(PLACEHOLDER, Rc::new(inner.generalized()))),
        ]
    })
}

fn same(left: &Option<Value>, right: &Option<Value>) -> bool {
    match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => left.has_form_of(right) && right.has_form_of(left),
        _ => false,
    }
}

proptest! {
    #[test]
    fn a_join_takes_either_order(left in value(), right in value()) {
        prop_assert!(same(&left.join(&right), &right.join(&left)));
    }

    #[test]
    fn a_value_joined_with_itself_stays(value in value()) {
        prop_assert!(same(&value.join(&value), &Some(value.clone())));
    }

    #[test]
    fn a_join_holds_what_it_was_made_from(left in value(), right in value()) {
        if let Some(joined) = left.join(&right) {
            prop_assert!(same(&joined.join(&left), &Some(joined.clone())));
            prop_assert!(same(&joined.join(&right), &Some(joined.clone())));
            prop_assert!(same(&joined.join(&joined), &Some(joined)));
        }
    }

    /// What may change from one iteration to the next takes in the value itself.
    #[test]
    fn the_general_form_takes_in_a_value(value in value()) {
        let general = value.generalized();
        prop_assert!(same(&general.join(&value), &Some(general.clone())));
        prop_assert!(same(&Some(general.generalized()), &Some(general)));
    }
}

#[test]
fn a_literal_takes_the_type_that_it_meets_if_it_fits() {
    let with =
        |number: Value, dtype: DType| number.join(&Value::Scalar(Scalar::Of(dtype), PLACEHOLDER)).map(|v| v.ty());
    let is = |dtype: DType| Some(Type::Scalar(Scalar::Of(dtype)));
    assert_eq!(with(Value::int(255), DType::UInt8), is(DType::UInt8));
    assert_eq!(with(Value::int(256), DType::UInt8), is(DType::Int64));
    assert_eq!(with(Value::int(-1), DType::UInt8), is(DType::Int64));
    assert_eq!(with(Value::int(0), DType::UInt64), is(DType::UInt64));
    assert_eq!(with(Value::int(-1), DType::UInt64), is(DType::Float64));
    assert_eq!(with(Value::int(3), DType::Float32), is(DType::Float32));
    assert_eq!(with(Value::float(0.5), DType::Float32), is(DType::Float32));
    assert_eq!(with(Value::float(0.1), DType::Float32), is(DType::Float64));
    assert_eq!(with(Value::float(0.5), DType::Int8), is(DType::Float64));
    assert_eq!(with(Value::bool(true), DType::Int8), is(DType::Int8));
}
