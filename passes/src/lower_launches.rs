//! `lower-launches`: a launch becomes a call of the runtime. The arrays that a kernel gets are brought to the device, unless they are there
//! already, and their addresses there take the place of those on the host.
//!
//! ```text
//! gpu.launch_func @kernels::@f_kernel0 blocks in (…) threads in (…) args(%x : memref<?xf64>)
//!   ↓
//! %data = numir_device_array(@numir.kernel.f_kernel0, header of %x, its first byte, its bytes, read | written)
//! values = {null, %data, extent}: what the type of %x does not know
//! numir_launch(@numir.kernel.f_kernel0, geometry, addresses of values)
//! ```
//! `@numir.kernel.f_kernel0` is what the runtime knows of a kernel; the passes that come for the kernels fill it in.

mod fresh;

use crate::map_to_gpu::{SUFFIX, WRITTEN};
use crate::outline_kernels::KERNELS;
use crate::outline_parallel::PENDING;
use crate::support::byte_range::ByteRange;
use crate::support::globals::Globals;
use crate::support::kernels;
use crate::support::launches::shared_bytes;
use crate::support::llvm;
use crate::support::memref::{self, MemRef};
use crate::support::runtime::{Runtime, symbol};
use crate::support::scalars::compare;
use crate::support::sites::{Frame, Sites, frames};
use crate::support::storage::stored_type;
use melior::dialect::llvm::r#type::array;
use numir_numeric::KERNEL_LIMITS;
use numir_numeric::ir::{Blk, Builder, Op, Reg, Ty, Val};
use numir_pipeline::properties::{HOST_ACCESS_GUARDED, KERNELS_OUTLINED, LAUNCHES_LOWERED};
use numir_pipeline::{Pass, PassContext, PassError, Property, register_pass};
use numir_runtime::device::RECORD;

/// The pass.
struct LowerLaunches;

register_pass!(LowerLaunches);

impl Pass for LowerLaunches {
    fn name(&self) -> &'static str {
        "lower-launches"
    }

    fn summary(&self) -> &'static str {
        "turn launches into calls of the runtime, which get the arrays' addresses on the device"
    }

    fn requires(&self) -> &'static [Property] {
        &[KERNELS_OUTLINED, HOST_ACCESS_GUARDED]
    }

    fn after(&self) -> &'static [&'static str] {
        &["hoist-allocations"]
    }

    fn before(&self) -> &'static [&'static str] {
        &["lower-memory", "expand-strided-metadata", "convert-scf-to-cf", "lower-errors"]
    }

    fn establishes(&self) -> &'static [Property] {
        &[LAUNCHES_LOWERED]
    }

    fn dialects(&self) -> &'static [fn() -> melior::dialect::DialectHandle] {
        use numir_pipeline::dialects::{arith, llvm};
        &[arith, llvm, numir_numeric::handle]
    }

    fn run<'c>(&self, module: Op<'c>, _: &PassContext<'c>) -> Result<(), PassError> {
        let (Some(body), Some(runtime)) = (module.body(0), Runtime::of(module)) else { return Ok(()) };
        let Some(mut names) = Globals::of(module, "numir.kernel_name") else { return Ok(()) };
        let Some(mut sites) = Sites::of(module, "numir.kernel_site") else { return Ok(()) };
        let kernels = symbol(body, KERNELS).and_then(|kernels| kernels.body(0));
        for launch in module.collect(|operation| operation.is("gpu.launch_func")) {
            let name = kernel_of(launch).ok_or_else(|| PassError::compiler(launch.location(), "it names no kernel"))?;
            let kernel = kernels.and_then(|kernels| symbol(kernels, &name));
            let kernel = kernel.ok_or_else(|| PassError::compiler(launch.location(), "its kernel is missing"))?;
            let function = kernel.string_attribute(WRITTEN).zip(kernels);
            let function = function.and_then(|(written, kernels)| symbol(kernels, &format!("{written}{SUFFIX}")));
            let record = record(launch, function, body, (&name, kernel), (&mut names, &mut sites));
            lower(launch, kernel, &record, &runtime);
        }
        Ok(())
    }
}

/// The symbol of the kernel that is launched, within the kernels' module.
fn kernel_of(launch: Op<'_>) -> Option<String> {
    let text = launch.attribute("kernel")?.to_string();
    let (_, name) = text.split_once("::@")?;
    Some(name.trim_matches('"').to_owned())
}

/// What the runtime knows of a kernel: its code on the host for the simulator, the image and its bytes, its name in that, room for what has
/// been loaded of it, the bytes of shared memory that its arrays have on the simulator, the most threads that its blocks may have, the site that launches
/// it, and room for what is counted of it.
fn record_type<'c>(builder: &Builder<'c>) -> Ty<'c> {
    let (pointer, i64) = (builder.pointer(), builder.integer(64));
    llvm::struct_type(builder, &[pointer, pointer, i64, pointer, pointer, i64, i64, pointer, pointer])
}

/// Says more of a kernel to the runtime: an address, and its place in what that knows.
pub(crate) fn tell(body: Blk<'_>, kernel: &str, address: &str, place: i64) -> Option<()> {
    let end = symbol(body, &format!("{RECORD}{kernel}"))?.body(0)?.terminator()?;
    let builder = Builder::before(end);
    let address = llvm::address_of(&builder, address);
    end.set_operands(&[llvm::insert(&builder, end.operand(0), address, &[place])]);
    Some(())
}

/// Says a number of a kernel to the runtime, and its place in what that knows.
pub(crate) fn tell_number(body: Blk<'_>, kernel: &str, number: i64, place: i64) -> Option<()> {
    if number == 0 {
        return Some(());
    }
    let end = symbol(body, &format!("{RECORD}{kernel}"))?.body(0)?.terminator()?;
    let builder = Builder::before(end);
    let number = llvm::constant(&builder, number, builder.integer(64));
    end.set_operands(&[llvm::insert(&builder, end.operand(0), number, &[place])]);
    Some(())
}

/// The place of the address of the simulator's code in what the runtime knows of a kernel.
pub(crate) const ENTRY: i64 = 0;
/// The place of the image's address.
pub(crate) const IMAGE: i64 = 1;
/// The place of its name.
const NAME: i64 = 3;
/// The place of the bytes of shared memory that its arrays have on the simulator.
pub(crate) const SHARED: i64 = 5;
/// The place of the most threads that its blocks may have; 0 where nothing is said.
const MOST_THREADS: i64 = 6;

/// The place of the site that launches it.
const SITE: i64 = 7;

/// The symbol of what the runtime knows of a kernel, which is made if it is not there yet.
/// `function` is what the program has written, of a kernel by hand.
fn record<'c>(
    launch: Op<'c>,
    function: Option<Op<'c>>,
    body: Blk<'c>,
    (called, kernel): (&str, Op<'c>),
    (names, sites): (&mut Globals<'c>, &mut Sites<'c>),
) -> String {
    let name = format!("{RECORD}{called}");
    if symbol(body, &name).is_none() {
        let location = body.parent().map_or(launch.location(), |module| module.location());
        let builder = Builder::at_end(launch.context(), body, location);
        let ty = record_type(&builder);
        let initial = Blk::new(&[], location);
        let inside = builder.into_block(initial);
        let text = names.bytes(&builder, called, &[called.as_bytes(), b"\0"].concat());
        let known = llvm::insert(&inside, llvm::zero(&inside, ty), llvm::address_of(&inside, &text), &[NAME]);
        let most =
            kernel.integer_attribute(KERNEL_LIMITS[1]).map(|most| llvm::constant(&inside, most, inside.integer(64)));
        let known = most.map_or(known, |most| llvm::insert(&inside, known, most, &[MOST_THREADS]));
        // The innermost line of the program's own that launches it, or where it is written.
        let places = std::iter::once(launch).chain(function).flat_map(|place| frames(place.location(), called));
        let known = match places.into_iter().find(Frame::is_of_a_file) {
            Some(frame) => llvm::insert(&inside, known, sites.address(&inside, "", "", &frame), &[SITE]),
            None => known,
        };
        inside.create("llvm.return", &[known], &[], &[], &[]);
        let attributes = [
            ("sym_name", builder.string(&name)),
            ("global_type", builder.type_attribute(ty)),
            ("linkage", llvm::internal(&builder)),
        ];
        builder.create("llvm.mlir.global", &[], &[], &attributes, &[Reg::with_block(initial)]);
    }
    name
}

fn lower<'c>(launch: Op<'c>, kernel: Op<'c>, record: &str, runtime: &Runtime<'c>) {
    let builder = Builder::before(launch);
    let i64 = builder.integer(64);
    let record = llvm::address_of(&builder, record);
    let geometry: Vec<_> = (0..6).map(|place| llvm::cast(&builder, launch.operand(place), i64)).collect();
    let shared = shared_bytes(launch);
    let operands: Vec<_> = launch.operands().into_iter().skip(6 + usize::from(shared.is_some())).collect();
    let shared = match shared {
        Some(bytes) => builder.value("arith.extsi", &[bytes], i64, &[]),
        None => llvm::constant(&builder, 0, i64),
    };
    let is_array = |operand: &&Val<'c>| MemRef::of(operand.ty()).is_some();
    let all_values = || {
        let mut values = Vec::new();
        for (place, operand) in operands.iter().enumerate() {
            match MemRef::of(operand.ty()) {
                Some(shape) => {
                    let mode = match mode_of(kernel, place) {
                        WRITE if fresh::is_fresh(launch, *operand) => WRITE | FRESH,
                        mode => mode,
                    };
                    values.extend(on_device(&builder, runtime, record, (&shape, *operand), mode));
                }
                None => values.push(llvm::cast(&builder, *operand, stored_type(&builder, operand.ty()))),
            }
        }
        values
    };
    let mut values = all_values();
    if operands.iter().filter(is_array).count() > 1 {
        // Parts of one array may have moved when another part was asked for. Asking again copies nothing.
        values = all_values();
    }
    let geometry: Vec<_> = geometry.into_iter().chain([shared]).collect();
    let geometry = in_frame(launch, &geometry, i64);
    let types: Vec<_> = values.iter().map(|value| value.ty()).collect();
    let fields = llvm::struct_type(&builder, &types);
    let start = frame(launch);
    let one = llvm::constant(&start, 1, i64);
    let room = llvm::alloca(&start, fields, one).result(0);
    let addresses: Vec<_> =
        (0..values.len()).map(|place| llvm::field(&builder, room, fields, &[0, place as i32])).collect();
    values.iter().zip(&addresses).for_each(|(value, address)| llvm::store(&builder, *value, *address));
    let addresses = in_frame(launch, &addresses, builder.pointer());
    let status = runtime.value(&builder, "numir_launch", &[record, geometry, addresses]);
    check(&builder, status);
    launch.erase();
}

/// The parts of an array on the device that its type does not know.
fn on_device<'c>(
    builder: &Builder<'c>,
    runtime: &Runtime<'c>,
    record: Val<'c>,
    (shape, value): (&MemRef<'c>, Val<'c>),
    mode: i64,
) -> Vec<Val<'c>> {
    let (i32, i64) = (builder.integer(32), builder.integer(64));
    let mut parts = memref::parts(builder, shape, value);
    let range = ByteRange::of(builder, shape, &parts);
    let mode = llvm::constant(builder, mode, i32);
    let there = runtime.value(
        builder,
        "numir_device_array",
        &[record, parts.header, range.first(builder, &parts), range.bytes, mode],
    );
    let address = builder.value("llvm.ptrtoint", &[there], i64, &[]);
    let zero = llvm::constant(builder, 0, i64);
    let is_there = compare(builder, "ne", address, zero);
    pending(builder, is_there);
    parts.data =
        llvm::item(builder, there, builder.integer(8), builder.value("llvm.sub", &[zero, range.lowest], i64, &[]));
    kernels::flat_array(shape, &parts)
}

/// What a kernel does with an array.
fn mode_of(kernel: Op<'_>, place: usize) -> i64 {
    let mode = kernel
        .attribute(MODES)
        .and_then(|modes| melior::ir::attribute::DenseI64ArrayAttribute::try_from(modes).ok()?.element(place).ok());
    mode.unwrap_or(READ | WRITE)
}

/// Reading an array, as the runtime counts it.
pub(crate) const READ: i64 = 1;
/// Writing it.
pub(crate) const WRITE: i64 = 2;
/// Nobody has written to it before.
const FRESH: i64 = 4;

/// On a kernel: what it does with each of its arguments.
pub(crate) const MODES: &str = "numir.modes";

/// Goes on if the runtime's status is 0.
fn check<'c>(builder: &Builder<'c>, status: Val<'c>) {
    let fine = compare(builder, "eq", status, builder.constant_integer(0, builder.integer(32)));
    pending(builder, fine);
}

/// Goes on if all is well; if it is not, the runtime has made the error pending.
pub(crate) fn pending<'c>(builder: &Builder<'c>, fine: Val<'c>) {
    let [kind, message] = ["RuntimeError", "the device has failed"].map(|text| builder.string(text));
    let attributes = [("kind", kind), ("message", message), (PENDING, builder.unit())];
    builder.create("numeric.check", &[fine], &[], &attributes, &[]);
}

/// A builder at the start of the function that an operation is in.
pub(crate) fn frame<'c>(operation: Op<'c>) -> Builder<'c> {
    let mut around = std::iter::successors(operation.parent(), |outer| outer.parent());
    let start = around.find(|outer| outer.is("func.func")).and_then(|function| function.body(0));
    start.map_or_else(
        || Builder::before(operation),
        |block| Builder::at_start(operation.context(), block, operation.location()),
    )
}

/// Values of one type one after the other in the frame of the function that an operation is in, written before it.
fn in_frame<'c>(operation: Op<'c>, values: &[Val<'c>], ty: Ty<'c>) -> Val<'c> {
    let (builder, start) = (Builder::before(operation), frame(operation));
    let one = llvm::constant(&start, 1, start.integer(64));
    let room = llvm::alloca(&start, array(ty, values.len().max(1) as u32), one).result(0);
    for (place, value) in values.iter().enumerate() {
        llvm::store(&builder, *value, llvm::field(&builder, room, ty, &[place as i32]));
    }
    room
}
