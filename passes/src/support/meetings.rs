//! Where the threads of a kernel do something together. A copy of such a place in another branch would be another place: some threads
//! might come to the one, some to the other.

use super::call_graph::callee;
use numir_numeric::ir::Op;

/// Operations that threads do together.
const MEETINGS: [&str; 3] = ["numeric.barrier", "numeric.load_matrix", "numeric.warp"];

/// On a call: threads meet in what it calls. `mark-meetings` puts it there.
pub(crate) const MEETING: &str = "numir.meeting";

/// On an array that the threads of a block share: its number. Copies of the operation that makes it have the same.
pub(crate) const SHARED_NUMBER: &str = "numir.shared_number";

/// Whether threads do an operation together.
pub(crate) fn is_meeting(operation: Op<'_>) -> bool {
    is_meeting_itself(operation) || callee(operation).is_some() && operation.attribute(MEETING).is_some()
}

/// Whether threads do an operation together that is none but a call by itself.
pub(crate) fn is_meeting_itself(operation: Op<'_>) -> bool {
    MEETINGS.contains(&operation.name())
}

/// Whether an operation makes an array that the threads of a block share, whose extents are known.
pub(crate) fn is_shared_array(operation: Op<'_>) -> bool {
    operation.is("numeric.device_array") && operation.string_attribute("memory").as_deref() == Some("shared")
}
