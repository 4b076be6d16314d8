//! The schedules that the passes' declarations lead to.

use numir_passes as _;
use numir_pipeline::Registry;
use numir_pipeline::target::Target;

fn steps(level: u8) -> Vec<&'static str> {
    let registry = Registry::global().expect("names are unique");
    let request = Target::named("cpu").expect("declared").request(level);
    let schedule = request.schedule(registry).unwrap_or_else(|error| panic!("{error}"));
    schedule.steps.iter().map(|step| step.entry.name()).collect()
}

/// A name that no pass and no property has would be a hint that never counts.
#[test]
fn every_hint_names_something() {
    assert_eq!(Registry::global().expect("names are unique").unknown_hints(), []);
}

/// Without optimisation only the passes run without which there is no code.
#[test]
fn the_least_schedule_has_no_optimisation() {
    let least = [
        "split-random-streams",
        "expand-axis-reductions",
        "release-values",
        "lower-numeric",
        "hold-owners",
        "lower-linalg",
        "outline-parallel",
        "lower-foreign",
        "lower-print",
        "lower-services",
        "poll-interrupts",
        "lower-memory",
        "expand-strided-metadata",
        "lower-affine",
        "convert-scf-to-cf",
        "lower-errors",
        "lower-strided-access",
        "wrap-host-calls",
        "export-entries",
        "convert-to-llvm",
        "reconcile-unrealized-casts",
        "ensure-debug-info-scope-on-llvm-func",
    ];
    assert_eq!(steps(0), least);
}

/// Optimising adds passes and leaves the others in their order.
#[test]
fn optimisations_come_in_between() {
    let (least, all) = (steps(0), steps(3));
    let kept: Vec<_> = all.iter().copied().filter(|name| least.contains(name)).collect();
    assert_eq!(kept, least);
    let place = |name: &str| all.iter().position(|step| *step == name).unwrap_or_else(|| panic!("no {name}: {all:?}"));
    assert!(place("cse-numeric") < place("release-values"), "{all:?}");
    assert!(place("cse-scf") < place("outline-parallel"), "{all:?}");
    assert!(place("outline-parallel") < place("hoist-allocations"), "{all:?}");
    assert!(place("hoist-allocations") < place("lower-memory"), "{all:?}");
    assert!(place("convert-to-llvm") < place("cse-llvm"), "{all:?}");
}
