//! `check-locations`: counts the operations that have lost their place in the Python source. Passes that merge or make
//! operations keep a primary location; where they do not, errors and debuggers point nowhere.

use melior::ir::Location;
use numir_numeric::ir::location::function_of;
use numir_pipeline::{Op, OptionSpec, Pass, PassContext, PassError, StatisticSpec, register_pass};

/// The pass.
struct CheckLocations;

register_pass!(CheckLocations);

impl Pass for CheckLocations {
    fn name(&self) -> &'static str {
        "check-locations"
    }

    fn summary(&self) -> &'static str {
        "count the operations without a place in the source, and fail if there are too many"
    }

    fn options(&self) -> &'static [OptionSpec] {
        const { &[OptionSpec::int("limit", 0, "how many are allowed")] }
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "without-place", summary: "operations without a place in the source" }] }
    }

    fn run<'c>(&self, module: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let mut lost = Vec::new();
        module.walk(&mut |operation| {
            if operation != module && !has_place(operation.location()) {
                lost.push(operation);
            }
        });
        context.count("without-place", lost.len() as u64);
        let Some(first) = lost.first().filter(|_| lost.len() as i64 > context.int("limit")) else { return Ok(()) };
        let message = format!("{} operations have no place in the source, the first is `{}`", lost.len(), first.name());
        Err(PassError::compiler(first.location(), message))
    }
}

/// Whether a location names a line of a file, and only one: debug information of several becomes line 0.
fn has_place(location: Location<'_>) -> bool {
    if location.is_call_site() {
        has_place(location.call_site_callee())
    } else if location.is_name() {
        has_place(location.name_child_location())
    } else if let Some((_, inside)) = function_of(location) {
        has_place(inside)
    } else {
        location.is_file_line_col_range() && location.file_line_col_range_start_line() > 0
    }
}
