//! Names of values and of functions in locations.

use crate::support::{context, parse};
use melior::ir::Location;
use numir_numeric::ir::location::{from_function, function_of, name_of, named, unnamed};
use numir_numeric::ir::{Builder, Op};

#[test]
fn the_name_of_a_value_can_be_taken_off_wherever_it_stands() {
    let context = context();
    let place = Location::new(&context, "demo.py", 3, 5);
    let call = Location::new(&context, "demo.py", 9, 1);
    assert_eq!(name_of(place), None);
    assert_eq!(unnamed(&context, place), place);

    let total = named(&context, "total", place);
    assert_eq!(name_of(total).as_deref(), Some("total"));
    assert_eq!(unnamed(&context, total), place);

    let inlined = |inside| Location::call_site(from_function(&context, "helper", inside), call);
    assert_eq!(name_of(inlined(total)).as_deref(), Some("total"));
    assert_eq!(unnamed(&context, inlined(total)), inlined(place));
    assert_eq!(unnamed(&context, inlined(place)), inlined(place));
    let twice = Location::call_site(from_function(&context, "outer", inlined(total)), call);
    assert_eq!(name_of(twice).as_deref(), Some("total"));
    assert_eq!(name_of(unnamed(&context, twice)), None);
}

#[test]
fn the_function_of_an_inlined_operation_is_known() {
    let context = context();
    let place = Location::new(&context, "demo.py", 3, 5);
    assert_eq!(function_of(from_function(&context, "helper", place)), Some(("helper", place)));
    assert_eq!(function_of(place), None);
    assert_eq!(function_of(Location::fused(&context, &[place, named(&context, "x", place)], name(&context))), None);
}

fn name(context: &melior::Context) -> melior::ir::Attribute<'_> {
    melior::ir::attribute::StringAttribute::new(context, "helper").into()
}

#[test]
fn what_replaces_a_named_value_takes_its_name() {
    let context = context();
    let source = "func.func @f(%a: f64) -> f64 {
        %0 = numeric.add %a, %a : f64 loc(\"total\"(\"demo.py\":3:5))
        return %0 : f64
    }";
    let module = parse(&context, source).expect("it is well-formed");
    let function = Op::of_module(&module).body(0).and_then(|body| body.first()).expect("the function");
    let addition = function.collect_named("numeric.add")[0];
    let builder = Builder::before(addition);
    assert_eq!(name_of(builder.location()), None, "what is made on the way has no name");
    let half = builder.value("numeric.neg", &[addition.operand(0)], addition.result(0).ty(), &[]);
    let whole = builder.value("numeric.neg", &[half], addition.result(0).ty(), &[]);
    addition.replace(&[whole]);
    let names: Vec<_> =
        function.collect_named("numeric.neg").into_iter().map(|negation| name_of(negation.named_location())).collect();
    assert_eq!(names, [None, Some("total".to_owned())]);
}
