//! Walks over the tree.

use super::{Blk, Op};

impl<'c> Op<'c> {
    /// Calls `visit` on all operations below this one and on itself, inner before outer. `visit` may change or erase the operation it is
    /// given, but none that it has not seen yet.
    pub fn walk(self, visit: &mut impl FnMut(Op<'c>)) {
        for block in self.nested_blocks() {
            let mut next = block.first();
            while let Some(operation) = next {
                next = operation.next();
                operation.walk(visit);
            }
        }
        visit(self);
    }

    /// All operations below this one and itself, inner before outer, collected up front: the caller may rewrite freely.
    pub fn collect(self, wanted: impl Fn(Op<'c>) -> bool) -> Vec<Op<'c>> {
        let mut found = Vec::new();
        self.walk(&mut |operation| {
            if wanted(operation) {
                found.push(operation);
            }
        });
        found
    }

    /// All operations of that name below this one, inner before outer.
    pub fn collect_named(self, name: &str) -> Vec<Op<'c>> {
        self.collect(|operation| operation.is(name))
    }

    /// The blocks directly in its regions.
    pub fn nested_blocks(self) -> Vec<Blk<'c>> {
        self.regions().into_iter().flat_map(|region| region.blocks()).collect()
    }

    /// Whether it stands inside `ancestor` (or is it).
    pub fn is_inside(self, ancestor: Op<'c>) -> bool {
        std::iter::successors(Some(self), |operation| operation.parent()).any(|operation| operation == ancestor)
    }
}
