//! `mark-meetings`: what the threads of a kernel do together stays recognisable when code is copied. An array that a block shares gets a number,
//! which copies of the operation that makes it have too, so that all threads have one array whichever copy they come to; calls of functions in
//! which threads meet are marked, so that the loops around them are not copied.

use crate::support::call_graph::{DEVICE, callee, functions_reaching};
use crate::support::meetings::{MEETING, SHARED_NUMBER, is_meeting_itself, is_shared_array};
use numir_numeric::ir::Builder;
use numir_pipeline::properties::{MEETINGS_MARKED, STAGE_NUMERIC};
use numir_pipeline::{Op, Pass, PassContext, PassError, Property, register_pass};

/// The pass.
struct MarkMeetings;

register_pass!(MarkMeetings);

impl Pass for MarkMeetings {
    fn name(&self) -> &'static str {
        "mark-meetings"
    }

    fn summary(&self) -> &'static str {
        "number the arrays that blocks share, and mark the calls in which threads meet"
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC]
    }

    fn establishes(&self) -> &'static [Property] {
        &[MEETINGS_MARKED]
    }

    fn before(&self) -> &'static [&'static str] {
        &["inline-functions", "hoist-invariants", "version-loops"]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let Some(body) = module.body(0).filter(|_| module.attribute(DEVICE).is_some()) else { return Ok(()) };
        for (number, array) in module.collect(is_shared_array).into_iter().enumerate() {
            array.set_attribute(SHARED_NUMBER, Builder::before(array).i64_attribute(number as i64));
        }
        let meeting = functions_reaching(body, is_meeting_itself);
        if meeting.is_empty() {
            return Ok(());
        }
        for call in module.collect(|call| callee(call).is_some_and(|called| meeting.contains(&called))) {
            call.set_attribute(MEETING, Builder::before(call).unit());
        }
        Ok(())
    }
}
