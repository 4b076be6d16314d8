//! Arguments that share memory get one owner: a device has one copy of what an owner has, and each of several copies would go its own way.

use crate::support::byte_range::ByteRange;
use crate::support::memref::{self, MemRef, Parts};
use numir_numeric::ir::{Builder, Val};

/// The arguments, of which each array that overlaps one before it has the owner of that.
pub(super) fn with_common_owners<'c>(builder: &Builder<'c>, arguments: &[Val<'c>]) -> Vec<Val<'c>> {
    let mut known: Vec<Known<'c>> = Vec::new();
    let own = |argument: &Val<'c>| {
        let Some(shape) = MemRef::of(argument.ty()) else { return *argument };
        let parts = memref::parts(builder, &shape, *argument);
        let range = ByteRange::of(builder, &shape, &parts);
        let i64 = builder.integer(64);
        let start = builder.value("llvm.ptrtoint", &[range.first(builder, &parts)], i64, &[]);
        let end = builder.value("llvm.add", &[start, range.bytes], i64, &[]);
        let mut header = parts.header;
        // The first that it overlaps is asked last.
        for other in known.iter().rev() {
            let overlaps = other.overlaps(builder, start, end);
            header = builder.value("llvm.select", &[overlaps, other.header, header], builder.pointer(), &[]);
        }
        known.push(Known { header, start, end });
        memref::assemble(builder, &shape, &Parts { header, ..parts })
    };
    arguments.iter().map(own).collect()
}

/// An array that came before.
struct Known<'c> {
    header: Val<'c>,
    start: Val<'c>,
    end: Val<'c>,
}

impl<'c> Known<'c> {
    fn overlaps(&self, builder: &Builder<'c>, start: Val<'c>, end: Val<'c>) -> Val<'c> {
        let less = |left, right| {
            // Unsigned, as addresses are.
            let predicate = [("predicate", builder.i64_attribute(6))];
            builder.value("llvm.icmp", &[left, right], builder.integer(1), &predicate)
        };
        let (before, behind) = (less(self.start, end), less(start, self.end));
        builder.value("llvm.and", &[before, behind], builder.integer(1), &[])
    }
}
