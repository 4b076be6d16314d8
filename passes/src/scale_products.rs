//! `scale-products`: a matrix that is multiplied by a number to be a factor of a product is multiplied within the product.
//!
//! ```text
//! t = alpha * a; r = t @ b    →    r = (alpha * a) @ b, by a routine that multiplies block by block
//! ```
//! In Python `alpha * a @ b` means `(alpha * a) @ b`, so the front end makes an array of `alpha * a`, as large as `a`, for the product alone. The
//! library computes small products in loops and has the runtime compute large ones (`library/_numpy_matmul.py`). Here the loops
//! multiply the items that they load, and the runtime gets the array before and the number: it multiplies blocks, in memory that stays in
//! the caches. An item is multiplied and rounded once, and then taken as a factor, as it would be in the array: nothing changes to the bit.
//!
//! The result of a `numeric.map` goes if it is one array times a number, or its negative, and one product is all that reads it. From where it
//! was made to the product, nothing may write to the array that it was made of.
//!
//! Cost: linear in the uses of the maps, with a bounded search for writes.

mod factor;

use crate::fuse_elementwise::targets;
use crate::support::aliases::{may_overlap, owner};
use crate::support::products::{FACTORS, scaled_routine};
use factor::Factor;
use numir_numeric::ir::{Builder, Op, Val};
use numir_numeric::types::{ArrayType, Layout};
use numir_pipeline::properties::{FUSION_PLANNED, PRODUCTS_SCALED, STAGE_NUMERIC};
use numir_pipeline::{Anchor, Pass, PassContext, PassError, Property, StatisticSpec, register_pass};

/// More operations than this between an array and the product are not looked at.
const MOST_OPERATIONS: usize = 256;

/// The pass.
struct ScaleProducts;

register_pass!(ScaleProducts);

impl Pass for ScaleProducts {
    fn name(&self) -> &'static str {
        "scale-products"
    }

    fn summary(&self) -> &'static str {
        "multiply factors of products of matrices by numbers within the product"
    }

    fn anchor(&self) -> Anchor {
        Anchor::Function
    }

    fn requires(&self) -> &'static [Property] {
        &[STAGE_NUMERIC, FUSION_PLANNED]
    }

    fn establishes(&self) -> &'static [Property] {
        &[PRODUCTS_SCALED]
    }

    fn before(&self) -> &'static [&'static str] {
        &[
            "fuse-rows",
            "expand-axis-reductions",
            "hoist-invariants",
            "canonicalize-numeric",
            "cse-numeric",
            "release-values",
        ]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        const { &[StatisticSpec { name: "scaled", summary: "arrays that are multiplied within a product" }] }
    }

    fn run<'c>(&self, function: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        for map in function.collect_named("numeric.map") {
            let Some((factor, product)) = Factor::of(map).zip(Product::of(map)) else { continue };
            if is_written_before(map, &product, factor.array) {
                context.missed(map, || {
                    "an array is made of this: what it is computed from may be overwritten before the product"
                        .to_owned()
                });
                continue;
            }
            context.count("scaled", 1);
            context.remark(map, || "multiplied within the product, block by block: no array is made".to_owned());
            rewrite(map, &factor, &product);
        }
        Ok(())
    }
}

/// What reads the result of a map, if that is one product alone.
struct Product<'c> {
    /// The call of the runtime for large products.
    call: Op<'c>,
    routine: &'static str,
    /// The result is the factor on the right, else that on the left.
    is_right: bool,
    /// The loads of its items, by the loops for small products.
    loads: Vec<Op<'c>>,
    strides: Vec<Op<'c>>,
    dims: Vec<Op<'c>>,
}

impl<'c> Product<'c> {
    fn of(map: Op<'c>) -> Option<Self> {
        let (mut loads, mut strides, mut dims, mut addresses) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (user, _) in map.result(0).uses() {
            match user.name() {
                "numeric.load" => loads.push(user),
                "numeric.stride" => strides.push(user),
                "numeric.dim" => dims.push(user),
                "numeric.address" => addresses.push(user),
                _ => return None,
            }
        }
        let [address] = addresses[..] else { return None };
        let [(call, place)] = address.result(0).uses()[..] else { return None };
        let routine = scaled_routine(call)?;
        let is_right = FACTORS.iter().position(|factor| *factor == place)? == 1;
        Some(Self { call, routine, is_right, loads, strides, dims })
    }
}

/// Whether anything between a map and the end of a product may write to an array. What is allocated there lies apart from it.
fn is_written_before<'c>(map: Op<'c>, product: &Product<'c>, array: Val<'c>) -> bool {
    let Some(block) = map.block() else { return true };
    let within = |inner: Op<'c>| {
        std::iter::successors(Some(inner), |inner| inner.parent()).find(|outer| outer.block() == Some(block))
    };
    let Some(last) = within(product.call) else { return true };
    let mut between: Vec<Op<'c>> = Vec::new();
    let mut next = map.next();
    while let Some(operation) = next {
        if between.len() == MOST_OPERATIONS {
            return true;
        }
        between.push(operation);
        next = if operation == last { None } else { operation.next() };
    }
    let is_inside = |operation: Op<'c>| within(operation).is_some_and(|outer| between.contains(&outer));
    let is_fresh = |target: Val<'c>| {
        owner(target)
            .definition()
            .is_some_and(|made| matches!(made.name(), "numeric.alloc" | "numeric.map") && is_inside(made))
    };
    !product.loads.iter().all(|load| is_inside(*load))
        || between.iter().flat_map(|operation| targets(*operation)).any(|target| match target {
            Some(target) => !is_fresh(target) && may_overlap(target, array),
            None => true,
        })
}

/// Has a product multiply a factor itself; the map goes.
fn rewrite<'c>(map: Op<'c>, factor: &Factor<'c>, product: &Product<'c>) {
    let array = factor.array;
    let number = factor.number(&Builder::before(map));
    for load in &product.loads {
        load.set_operand(0, array);
        factor.multiply(*load, number);
    }
    for dim in &product.dims {
        dim.set_operand(0, array);
    }
    let dim = |builder: &Builder<'c>, name: &str, axis: i64| {
        builder.value(name, &[array], builder.index(), &[("axis", builder.i64_attribute(axis))])
    };
    let is_fortran = ArrayType::try_from(map.result(0).ty()).is_ok_and(|made| made.layout() == Layout::F);
    for stride in &product.strides {
        let builder = Builder::before(*stride);
        // Along one of the two axes, items lie side by side.
        let is_outer = (stride.integer_attribute("axis") == Some(0)) != is_fortran;
        let distance =
            if is_outer { dim(&builder, "numeric.dim", i64::from(!is_fortran)) } else { factor::index(&builder, 1) };
        stride.replace(&[distance]);
    }

    let (call, builder) = (product.call, Builder::before(product.call));
    let place = FACTORS[usize::from(product.is_right)];
    let old = call.operand(place).definition();
    let mut operands = call.operands();
    operands[place] = builder.value("numeric.address", &[array], operands[place].ty(), &[]);
    operands.push(factor::index(&builder, i64::from(product.is_right)));
    operands.extend([0, 1].map(|axis| dim(&builder, "numeric.stride", axis)));
    operands.extend(factor.parts(&builder, number));
    let routine = [("routine", builder.string(product.routine))];
    let scaled = builder.value("numeric.call_runtime", &operands, call.result(0).ty(), &routine);
    call.replace(&[scaled]);
    if let Some(address) = old {
        address.erase();
    }
    map.erase();
}
