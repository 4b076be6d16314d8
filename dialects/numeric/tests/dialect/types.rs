//! Types made and read from Rust agree with their assembly.

use crate::support::context;
use melior::ir::Type;
use numir_numeric::types::{ArrayType, Class, Layout, MAX_RANK, Scalar};

const SCALARS: [(&str, Scalar); 18] = [
    ("i1", Scalar::Bool),
    ("si8", Scalar::Signed(8)),
    ("si16", Scalar::Signed(16)),
    ("si32", Scalar::Signed(32)),
    ("si64", Scalar::Signed(64)),
    ("ui8", Scalar::Unsigned(8)),
    ("ui16", Scalar::Unsigned(16)),
    ("ui32", Scalar::Unsigned(32)),
    ("ui64", Scalar::Unsigned(64)),
    ("f16", Scalar::Float(16)),
    ("f32", Scalar::Float(32)),
    ("f64", Scalar::Float(64)),
    ("complex<f32>", Scalar::Complex(32)),
    ("complex<f64>", Scalar::Complex(64)),
    ("!numeric.int", Scalar::PyInt),
    ("!numeric.float", Scalar::PyFloat),
    ("!numeric.complex", Scalar::PyComplex),
    ("index", Scalar::Index),
];

#[test]
fn scalars_and_their_types() {
    let context = context();
    for (text, scalar) in SCALARS {
        let parsed = Type::parse(&context, text).unwrap();
        assert_eq!(Scalar::of(parsed), Some(scalar));
        assert_eq!(scalar.to_type(&context), parsed);
        assert_eq!(scalar.to_string(), text);
    }
    for foreign in ["i64", "i8", "si4", "bf16", "complex<f16>", "memref<2xf64>", "none"] {
        assert_eq!(Scalar::of(Type::parse(&context, foreign).unwrap()), None, "{foreign}");
    }
}

#[test]
fn what_a_scalar_knows() {
    assert_eq!((Scalar::PyInt.class(), Scalar::PyInt.width()), (Class::Signed, 64));
    assert_eq!((Scalar::Complex(32).class(), Scalar::Complex(32).width()), (Class::Complex, 32));
    assert_eq!(Scalar::Complex(32).part(), Scalar::Float(32));
    assert_eq!(Scalar::PyComplex.part(), Scalar::PyFloat);
    assert!(Scalar::PyFloat.is_python() && !Scalar::Float(64).is_python());
}

#[test]
fn arrays() {
    let context = context();
    for (text, element, rank, layout) in [
        ("!numeric.array<2xf64, C>", Scalar::Float(64), 2, Layout::C),
        ("!numeric.array<0x!numeric.int, C>", Scalar::PyInt, 0, Layout::C),
        ("!numeric.array<1xcomplex<f32>, F>", Scalar::Complex(32), 1, Layout::F),
        ("!numeric.array<3xi1, A>", Scalar::Bool, 3, Layout::A),
    ] {
        let array = ArrayType::new(element.to_type(&context), rank, layout).unwrap();
        assert_eq!(Type::from(array).to_string(), text);
        let parsed = ArrayType::try_from(Type::parse(&context, text).unwrap()).unwrap();
        assert_eq!(parsed, array);
        assert_eq!((parsed.scalar(), parsed.rank(), parsed.layout()), (element, rank, layout));
        assert_eq!(parsed.with_layout(Layout::A).layout(), Layout::A);
    }
    assert!(ArrayType::try_from(Type::float64(&context)).is_err());
}

#[test]
fn arrays_that_cannot_be() {
    let context = context();
    let float = Type::float64(&context);
    assert!(ArrayType::new(float, MAX_RANK, Layout::C).is_some());
    assert!(ArrayType::new(float, MAX_RANK + 1, Layout::C).is_none());
    assert!(ArrayType::new(Type::index(&context), 1, Layout::C).is_none());
    let array = ArrayType::new(float, 1, Layout::C).unwrap();
    assert!(ArrayType::new(array.into(), 1, Layout::C).is_none());
}
