//! The scheduler: what it takes, in which order, and how it refuses.

use crate::passes::{Declared, registry};
use numir_pipeline::properties::*;
use numir_pipeline::schedule::{Need, Schedule, ScheduleError};
use numir_pipeline::{Property, Request, Target};
use proptest::prelude::*;
use std::collections::BTreeSet;

const A: Property = Property::exclusive("a");
const B: Property = Property::exclusive("b");
const C: Property = Property::exclusive("c");
const MANY: Property = Property::shared("many");

fn request(start: &[Property], reach: &[Property], wanted: &[Property]) -> Request {
    Request {
        start: start.iter().copied().collect(),
        reach: reach.iter().copied().collect(),
        wanted: wanted.iter().copied().collect(),
        ..Request::default()
    }
}

fn names(schedule: &Schedule) -> Vec<&str> {
    schedule.steps.iter().map(|step| step.entry.name()).collect()
}

/// A way down in miniature, with the shapes that occur: stages, optimisations on each, an analysis that is lost.
pub fn miniature() -> Vec<Declared> {
    vec![
        Declared::new("inline", &[STAGE_NUMERIC], &[INLINED], &[RANGES_KNOWN]),
        Declared::new("ranges", &[STAGE_NUMERIC], &[RANGES_KNOWN], &[]).on_functions(),
        Declared::new("version", &[STAGE_NUMERIC, RANGES_KNOWN], &[CHECKS_VERSIONED], &[RANGES_KNOWN]).on_functions(),
        Declared::new("simplify", &[STAGE_NUMERIC], &[NUMERIC_OPTIMISED], &[]).on_functions(),
        Declared::new("to-linalg", &[STAGE_NUMERIC], &[STAGE_LINALG], &[]),
        Declared::new("fuse", &[STAGE_LINALG], &[LINALG_OPTIMISED], &[]).on_functions(),
        Declared::new("bufferize", &[STAGE_LINALG], &[BUFFERIZED], &[STAGE_LINALG]),
        Declared::new("to-loops", &[BUFFERIZED], &[STAGE_SCF, NO_LINALG], &[]).on_functions(),
        Declared::new("hoist", &[STAGE_SCF], &[ALLOCATIONS_HOISTED], &[]).on_functions(),
        Declared::new("outline", &[STAGE_SCF], &[PARALLEL_OUTLINED], &[]),
        Declared::new("to-cf", &[STAGE_SCF, PARALLEL_OUTLINED], &[NO_SCF], &[STAGE_SCF]).on_functions(),
        Declared::new("to-llvm", &[NO_SCF, NO_LINALG], &[STAGE_LLVM], &[]),
        Declared::new("debug", &[STAGE_LLVM], &[DEBUG_SCOPES], &[]),
        Declared::new("unrelated", &[STAGE_NUMERIC], &[C], &[]),
    ]
}

#[test]
fn the_way_down() {
    let registry = registry(&miniature());
    let cpu = Target::named("cpu").expect("it is built in");
    insta::assert_snapshot!(cpu.request(0).schedule(&registry).expect("schedules").pipeline());
    insta::assert_snapshot!(cpu.request(2).schedule(&registry).expect("schedules").pipeline());
    let checked = cpu.request(2).schedule(&registry).expect("schedules").pipeline_with_checks();
    insta::assert_snapshot!(checked);
}

#[test]
fn a_stage_ends_with_all_work_on_it_done() {
    let registry = registry(&miniature());
    let schedule = || Target::named("cpu").expect("it is built in").request(2).schedule(&registry).expect("schedules");
    insta::assert_snapshot!(schedule().until(STAGE_SCF).expect("is on the way").pipeline());
    insta::assert_snapshot!(schedule().until(STAGE_NUMERIC).expect("is on the way").pipeline());
    assert!(schedule().until(Property::stage("gpu")).is_none());
}

#[test]
fn a_later_start_leaves_earlier_work_out() {
    let registry = registry(&miniature());
    let stage = numir_pipeline::stages::Stage::named("linalg").expect("it is built in");
    let request = Target::named("cpu").expect("it is built in").request(2).from_stage(stage);
    let schedule = request.schedule(&registry).expect("schedules");
    insta::assert_snapshot!(schedule.pipeline());
    let left_out: Vec<_> = schedule.left_out.iter().map(|left| left.reason.to_string()).collect();
    insta::assert_debug_snapshot!(left_out);
}

#[test]
fn a_lost_property_is_established_again() {
    let passes = [
        Declared::new("analyse", &[], &[A], &[]),
        Declared::new("first", &[A], &[B], &[A]),
        Declared::new("second", &[A, B], &[C], &[]),
    ];
    let schedule = request(&[], &[C], &[]).schedule(&registry(&passes)).expect("schedules");
    assert_eq!(names(&schedule), ["analyse", "first", "analyse", "second"]);
    assert_eq!(schedule.steps.iter().map(|step| step.again).collect::<Vec<_>>(), [false, false, true, false]);
}

#[test]
fn a_goal_that_was_lost_is_reached_again() {
    let passes = [Declared::new("analyse", &[], &[A], &[]), Declared::new("use", &[A], &[B], &[A])];
    let schedule = request(&[], &[A, B], &[]).schedule(&registry(&passes)).expect("schedules");
    assert_eq!(names(&schedule), ["analyse", "use", "analyse"]);
}

#[test]
fn who_ends_a_property_runs_before_it_is_established_or_after_its_use() {
    let passes = [
        Declared::new("ends", &[], &[B], &[A]),
        Declared::new("establishes", &[], &[A], &[]),
        Declared::new("uses", &[A], &[C], &[]),
    ];
    let schedule = request(&[], &[B, C], &[]).schedule(&registry(&passes)).expect("schedules");
    assert_eq!(names(&schedule), ["ends", "establishes", "uses"]);
    let schedule = request(&[A], &[B, C], &[]).schedule(&registry(&passes)).expect("schedules");
    assert_eq!(names(&schedule), ["uses", "ends"]);
}

#[test]
fn all_providers_of_a_shared_property_run_before_its_use() {
    let passes = [
        Declared::new("z-one", &[], &[MANY], &[]),
        Declared::new("z-two", &[], &[MANY], &[]),
        Declared::new("uses", &[MANY], &[A], &[]),
    ];
    let schedule = request(&[], &[A], &[]).schedule(&registry(&passes)).expect("schedules");
    assert_eq!(names(&schedule), ["z-one", "z-two", "uses"]);
    let schedule = request(&[], &[A], &[]).schedule(&registry(&passes[2..])).expect("schedules");
    assert_eq!(names(&schedule), ["uses"]);
}

#[test]
fn hints_count_where_nothing_stronger_contradicts() {
    let late = Declared { after: &["z", "not-there"], ..Declared::new("a", &[], &[A], &[]) };
    let early = Declared { before: &["y"], ..Declared::new("z", &[], &[B], &[]) };
    let user = Declared { before: &["a"], ..Declared::new("y", &[A], &[C], &[]) };
    let schedule = request(&[], &[B, C], &[]).schedule(&registry(&[late, early, user])).expect("schedules");
    assert_eq!(names(&schedule), ["z", "a", "y"]);
    assert_eq!(registry(&[late, early, user]).unknown_hints(), [("a", "not-there")]);
}

#[test]
fn a_hint_may_name_a_property() {
    let early = Declared { after: &["many"], ..Declared::new("a", &[], &[A], &[]) };
    let passes = [early, Declared::new("b", &[], &[MANY], &[]), Declared::new("c", &[], &[MANY], &[])];
    let with = request(&[], &[A], &[MANY]).schedule(&registry(&passes)).expect("schedules");
    assert_eq!(names(&with), ["b", "c", "a"]);
    let without = request(&[], &[A], &[]).schedule(&registry(&passes)).expect("schedules");
    assert_eq!(names(&without), ["a"]);
}

#[test]
fn neighbours_on_functions_share_a_nest() {
    let passes = [
        Declared::new("a", &[], &[A], &[]).on_functions(),
        Declared::new("b", &[], &[B], &[]),
        Declared::new("c", &[], &[C], &[]).on_functions(),
    ];
    let schedule = request(&[], &[A, B, C], &[]).schedule(&registry(&passes)).expect("schedules");
    assert_eq!(schedule.pipeline(), "builtin.module(func.func(a,c),b)");
}

#[test]
fn bisection_drops_the_last_optional_steps() {
    let registry = registry(&miniature());
    let schedule = || Target::named("cpu").expect("it is built in").request(2).schedule(&registry).expect("schedules");
    let optional: Vec<_> = schedule().optional_steps().map(|step| step.entry.name()).collect();
    assert_eq!(optional, ["inline", "ranges", "simplify", "version", "fuse", "hoist"]);
    let rest = schedule().limit_optional(2);
    assert_eq!(rest.optional_steps().map(|step| step.entry.name()).collect::<Vec<_>>(), ["inline", "ranges"]);
    assert_eq!(rest.steps.len() + 4, schedule().steps.len());
    assert_eq!(
        schedule().limit_optional(0).pipeline(),
        Target::named("cpu").unwrap().request(0).schedule(&registry).unwrap().pipeline()
    );
}

#[test]
fn options_are_written_into_the_pipeline() {
    let passes = registry(&[Declared::new("a", &[], &[A], &[])]);
    let mut request = request(&[], &[A], &[]);
    request.options.insert("a".into(), "limit=4".into());
    assert_eq!(request.schedule(&passes).expect("schedules").pipeline(), "builtin.module(a{limit=4})");
    request.options.insert("aa".into(), "limit=4".into());
    insta::assert_snapshot!(request.schedule(&passes).err().expect("refused"));
}

#[test]
fn a_missing_provider_is_named_with_what_blocks_it() {
    let passes = [
        Declared::new("to-scf", &[STAGE_LINALG], &[STAGE_SCF], &[]),
        Declared::new("to-llvm", &[STAGE_SCF], &[STAGE_LLVM], &[]),
    ];
    let error = request(&[STAGE_NUMERIC], &[STAGE_LLVM], &[]).schedule(&registry(&passes)).err().expect("refused");
    assert!(
        matches!(&error, ScheduleError::MissingProvider { property, needed_by: Need::Goal, .. } if *property == STAGE_LLVM)
    );
    insta::assert_snapshot!(error);
    let mut excluded = request(&[STAGE_LINALG], &[STAGE_LLVM], &[]);
    excluded.without.insert("to-llvm".into());
    insta::assert_snapshot!(excluded.schedule(&registry(&passes)).err().expect("refused"));
    excluded.without.insert("to-lvm".into());
    insta::assert_snapshot!(excluded.schedule(&registry(&passes)).err().expect("refused"));
}

#[test]
fn two_providers_of_an_exclusive_property_are_refused() {
    let passes = [Declared::new("one", &[], &[A], &[]), Declared::new("two", &[], &[A], &[])];
    insta::assert_snapshot!(request(&[], &[A], &[]).schedule(&registry(&passes)).err().expect("refused"));
    // One that cannot run from here is no candidate.
    let passes = [Declared::new("one", &[], &[A], &[]), Declared::new("two", &[B], &[A], &[])];
    assert_eq!(names(&request(&[], &[A], &[]).schedule(&registry(&passes)).expect("schedules")), ["one"]);
}

#[test]
fn a_circle_is_named_pass_by_pass() {
    let passes = [
        Declared::new("one", &[], &[MANY], &[]),
        Declared::new("two", &[B], &[MANY, A], &[]),
        Declared::new("three", &[A], &[B, MANY], &[]),
        Declared::new("goal", &[MANY], &[C], &[]),
    ];
    // Nothing can establish `a` or `b` first: the circle is unreachable, and without its provider `many` is complete.
    assert_eq!(names(&request(&[], &[C], &[]).schedule(&registry(&passes)).expect("schedules")), ["one", "goal"]);
    let passes = [
        Declared::new("one", &[MANY], &[A], &[]),
        Declared::new("two", &[A], &[B], &[]),
        Declared::new("three", &[B], &[MANY], &[]),
        Declared::new("goal", &[MANY], &[C], &[]),
    ];
    let error = request(&[], &[C], &[]).schedule(&registry(&passes)).err().expect("refused");
    assert!(matches!(&error, ScheduleError::Cycle { links } if links.len() == 3));
    insta::assert_snapshot!(error);
}

#[test]
fn a_property_that_cannot_be_had_again_is_refused() {
    let passes = [
        Declared::new("to-scf", &[STAGE_LINALG], &[STAGE_SCF], &[]),
        Declared::new("late", &[STAGE_LINALG, STAGE_SCF], &[A], &[]),
    ];
    let error = request(&[STAGE_LINALG], &[A], &[]).schedule(&registry(&passes)).err().expect("refused");
    assert!(matches!(&error, ScheduleError::Lost { property, .. } if *property == STAGE_LINALG));
    insta::assert_snapshot!(error);
}

#[test]
fn a_schedule_by_names() {
    let registry = registry(&miniature());
    let scheduled = |target: &str, from, to| {
        let schedule = numir_pipeline::named::schedule(&registry, target, 1, from, to);
        schedule.map_or_else(|error| error.to_string(), |schedule| schedule.pipeline())
    };
    assert_eq!(scheduled("cpu", Some("linalg"), Some("linalg")), "builtin.module(func.func(fuse))");
    insta::assert_snapshot!(
        [
            scheduled("tpu", None, None),
            scheduled("cpu", Some("lost"), None),
            scheduled("cpu", Some("scf"), Some("numeric")),
            scheduled("cpu", Some("llvm"), None),
        ]
        .join("\n")
    );
}

/// Not a test of time: it prints what a schedule costs (`--nocapture`).
#[test]
fn what_a_schedule_costs() {
    let registry = registry(&miniature());
    let request = Target::named("cpu").expect("it is built in").request(2);
    for _ in 0..3 {
        let start = std::time::Instant::now();
        let text = request.schedule(&registry).expect("schedules").pipeline();
        println!("a schedule of {} bytes: {:?}", text.len(), start.elapsed());
    }
}

/// Random passes over few properties, so that they interact.
fn any_passes() -> impl Strategy<Value = Vec<Declared>> {
    const PROPERTIES: [Property; 8] = [
        Property::stage("s0"),
        Property::stage("s1"),
        Property::stage("s2"),
        Property::exclusive("e0"),
        Property::exclusive("e1"),
        Property::exclusive("e2"),
        Property::shared("h0"),
        Property::shared("h1"),
    ];
    const NAMES: [&str; 12] = ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "pa", "pb"];
    let stages = |set: &BTreeSet<usize>| set.iter().filter(|index| **index < 3).count();
    let some = |most| proptest::collection::btree_set(0..PROPERTIES.len(), 0..=most);
    let hints = || proptest::collection::btree_set(0..NAMES.len(), 0..=2);
    let establishes = some(2).prop_filter("one stage at most", move |set| stages(set) < 2);
    let pass = (some(2), establishes, some(1), hints(), any::<bool>());
    proptest::collection::vec(pass, 1..=NAMES.len()).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        let properties =
            |set: BTreeSet<usize>| &*set.into_iter().map(|index| PROPERTIES[index]).collect::<Vec<_>>().leak();
        rows.map(|(index, (requires, establishes, invalidates, after, nested))| {
            let after = after.into_iter().map(|index| NAMES[index]).collect::<Vec<_>>().leak();
            let pass =
                Declared::new(NAMES[index], properties(requires), properties(establishes), properties(invalidates));
            let pass = Declared { after, ..pass };
            if nested { pass.on_functions() } else { pass }
        })
        .collect()
    })
}

proptest! {
    /// The order of registration makes no difference, and what comes out keeps every promise.
    #[test]
    fn any_registration_order_gives_the_same_schedule((passes, shuffled) in any_passes().prop_flat_map(|passes| {
        let shuffled = Just(passes.clone()).prop_shuffle();
        (Just(passes), shuffled)
    })) {
        let request = request(&[Property::stage("s0")], &[Property::stage("s2"), Property::exclusive("e0")], &[Property::shared("h0"), Property::exclusive("e2")]);
        let (one, other) = (request.schedule(&registry(&passes)), request.schedule(&registry(&shuffled)));
        prop_assert_eq!(one.as_ref().map(Schedule::pipeline).map_err(Clone::clone), other.as_ref().map(Schedule::pipeline).map_err(Clone::clone));
        if let Ok(schedule) = one {
            let mut holds = schedule.start.clone();
            for step in &schedule.steps {
                for needed in step.entry.requires() {
                    let shared = needed.kind() == numir_pipeline::property::Kind::Shared;
                    prop_assert!(holds.contains(needed) || shared, "{} before {}", needed, step.entry.name());
                }
                holds = step.holds.clone();
                let stages = holds.iter().filter(|property| property.kind() == numir_pipeline::property::Kind::Stage);
                prop_assert!(stages.count() <= 1);
            }
            prop_assert!(schedule.reach.is_subset(&holds));
        }
    }
}
