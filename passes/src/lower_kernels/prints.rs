//! What a kernel prints goes to CUDA's `vprintf`, a whole line at a time: parts that were written one by one would mix with those of other threads.
//!
//! ```text
//! numir_print_text("x = "), numir_print_float(%x), numir_print_text("\n"), numir_print_flush()
//!   ↓
//! vprintf("x = %.17g\n", {%x})
//! ```

use crate::lower_launches::frame;
use crate::support::globals::Globals;
use crate::support::llvm;
use crate::support::runtime::symbol;
use crate::support::scalars::compare;
use melior::dialect::llvm::r#type::{array, function};
use numir_numeric::ir::{Blk, Builder, Op, Reg, Val};
use numir_pipeline::PassError;

/// CUDA's function.
const VPRINTF: &str = "vprintf";

/// Before the names of the runtime's functions that print.
const PREFIX: &str = "numir_print_";

/// How the functions that print numbers have C write them: their names without the prefix, and the formats of the narrower and the widest of them.
const FORMATS: [(&str, &str, &str); 5] = [
    ("int", "%lld", "%lld"),
    ("uint", "%llu", "%llu"),
    ("float", "%.9g", "%.17g"),
    ("complex", "(%.9g%+.9gj)", "(%.17g%+.17gj)"),
    ("bool", "%s", "%s"),
];

/// The most numbers of a line: what CUDA takes.
const MOST: usize = 32;

/// What a call prints: the name of the runtime's function, without its prefix.
fn printed(operation: Op<'_>) -> Option<String> {
    let callee = operation.is("llvm.call").then(|| operation.string_attribute("callee")).flatten()?;
    callee.strip_prefix(PREFIX).map(str::to_owned)
}

/// Has the functions of a module of kernels print by CUDA's function.
pub(super) fn lower<'c>(kernels: Op<'c>, body: Blk<'c>) -> Result<(), PassError> {
    let calls = kernels.collect(|operation| printed(operation).is_some());
    let Some(mut texts) = Globals::of(kernels, "numir.format").filter(|_| !calls.is_empty()) else { return Ok(()) };
    let mut line = Line::default();
    for (place, call) in calls.iter().enumerate() {
        line.add(body, *call)?;
        let next = calls.get(place + 1).filter(|next| next.block() == call.block());
        if next.is_none() || printed(*call).as_deref() == Some("flush") {
            std::mem::take(&mut line).print(kernels, body, *call, &mut texts)?;
        }
    }
    calls.into_iter().for_each(Op::erase);
    for operation in body.operations() {
        if operation.is("llvm.func")
            && operation.string_attribute("sym_name").is_some_and(|name| name.starts_with(PREFIX))
        {
            operation.erase();
        }
    }
    Ok(())
}

/// A line while it grows.
#[derive(Default)]
struct Line<'c> {
    format: Vec<u8>,
    values: Vec<Val<'c>>,
}

impl<'c> Line<'c> {
    fn add(&mut self, body: Blk<'c>, call: Op<'c>) -> Result<(), PassError> {
        let name = printed(call).unwrap_or_default();
        match name.as_str() {
            "flush" => return Ok(()),
            "text" => {
                let text = text_at(body, call.operand(0));
                let text = text.ok_or_else(|| PassError::compiler(call.location(), "the text is no constant"))?;
                self.format
                    .extend(text.iter().flat_map(|byte| if *byte == b'%' { vec![b'%'; 2] } else { vec![*byte] }));
                return Ok(());
            }
            _ => {}
        }
        let found = FORMATS.iter().find(|(known, ..)| *known == name);
        let (_, narrow, wide) =
            found.ok_or_else(|| PassError::compiler(call.location(), format!("kernels do not print a `{name}`")))?;
        let numbers = if name == "complex" { 2 } else { 1 };
        let bits = llvm::known(call.operand(numbers)).unwrap_or(64);
        let is_wide = bits > 32 * numbers as i64;
        self.format.extend((if is_wide { wide } else { narrow }).bytes());
        self.values.extend(call.operands().into_iter().take(numbers));
        if self.values.len() > MOST {
            let text = format!("a kernel prints {MOST} numbers in a line at most: print them in several lines");
            return Err(PassError::program(call.location(), text));
        }
        Ok(())
    }

    fn print(self, kernels: Op<'c>, body: Blk<'c>, last: Op<'c>, texts: &mut Globals<'c>) -> Result<(), PassError> {
        if self.format.is_empty() {
            return Ok(());
        }
        declare(kernels, body);
        let (builder, start) = (Builder::before(last), frame(last));
        let mut constant =
            |text: &[u8]| llvm::address_of(&builder, &texts.bytes(&builder, "text", &[text, b"\0"].concat()));
        let format = constant(&self.format);
        let word = start.integer(64);
        let one = llvm::constant(&start, 1, word);
        let room = llvm::alloca(&start, array(word, self.values.len().max(1) as u32), one).result(0);
        for (place, value) in self.values.into_iter().enumerate() {
            let value = if value.ty() == builder.integer(32) {
                // A truth value, in Python's words.
                let zero = llvm::constant(&builder, 0, builder.integer(32));
                let holds = compare(&builder, "ne", value, zero);
                let words = [constant(b"True"), constant(b"False")];
                builder.value("llvm.select", &[holds, words[0], words[1]], builder.pointer(), &[])
            } else {
                value
            };
            llvm::store(&builder, value, llvm::field(&builder, room, word, &[place as i32]));
        }
        llvm::call(&builder, VPRINTF, &[format, room], Some(builder.integer(32)));
        Ok(())
    }
}

/// The bytes of a constant at an address.
fn text_at(body: Blk<'_>, address: Val<'_>) -> Option<Vec<u8>> {
    let name = address.definition()?.string_attribute("global_name")?;
    Some(symbol(body, &name)?.string_attribute("value")?.into_bytes())
}

fn declare<'c>(kernels: Op<'c>, body: Blk<'c>) {
    if symbol(body, VPRINTF).is_some() {
        return;
    }
    let builder = Builder::at_start(kernels.context(), body, kernels.location());
    let pointer = builder.pointer();
    let attributes = [
        ("sym_name", builder.string(VPRINTF)),
        ("function_type", builder.type_attribute(function(builder.integer(32), &[pointer, pointer], false))),
    ];
    builder.create("llvm.func", &[], &[], &attributes, &[Reg::new()]);
}
