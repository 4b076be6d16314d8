//! Pictures of schedules.

use crate::passes::{Declared, registry};
use crate::schedule::miniature;
use numir_pipeline::{Property, Request, Schedule, Target, draw};
use std::collections::BTreeSet;

fn way_down() -> Schedule {
    let cpu = Target::named("cpu").expect("it is built in");
    cpu.request(2).schedule(&registry(&miniature())).expect("schedules")
}

#[test]
fn as_a_table() {
    insta::assert_snapshot!(draw::table("cpu", &way_down()));
}

#[test]
fn as_dot() {
    insta::assert_snapshot!(draw::dot("cpu", &way_down()));
}

#[test]
fn as_mermaid() {
    insta::assert_snapshot!(draw::mermaid("cpu", &way_down()));
}

#[test]
fn as_svg() {
    insta::assert_snapshot!(draw::svg("cpu", &way_down()));
}

/// Repeated steps, arrows over several columns, arrows that would cross, and names that must be escaped.
#[test]
fn a_dense_schedule_as_svg() {
    const A: Property = Property::exclusive("a<1>");
    const B: Property = Property::exclusive("b");
    const C: Property = Property::exclusive("c");
    const D: Property = Property::exclusive("d");
    const E: Property = Property::shared("e");
    let passes = [
        Declared::new("a", &[], &[A], &[]),
        Declared::new("b", &[], &[B], &[]).on_functions(),
        Declared::new("c", &[A, B], &[C], &[]),
        Declared::new("d", &[C, A], &[D], &[A]),
        Declared::new("e1", &[D, B], &[E], &[]).on_functions(),
        Declared::new("e2", &[C], &[E], &[]),
        Declared::new("e3", &[A, D], &[E], &[]),
    ];
    let request = Request { reach: BTreeSet::from([A, D]), wanted: BTreeSet::from([E]), ..Request::default() };
    insta::assert_snapshot!(draw::svg("dense", &request.schedule(&registry(&passes)).expect("schedules")));
}

#[test]
fn nothing_to_do_is_drawn_too() {
    let request = Request { start: BTreeSet::from([Property::stage("scf")]), ..Request::default() };
    let schedule = request.schedule(&registry(&[])).expect("schedules");
    assert_eq!(schedule.pipeline(), "builtin.module()");
    assert!(draw::table("nothing", &schedule).contains("0 passes"));
    assert!(draw::svg("nothing", &schedule).contains("reached"));
}
