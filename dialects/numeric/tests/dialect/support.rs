//! What the tests share: a context with the dialect, parsing with its diagnostics, and MLIR's own passes.

use melior::Context;
use melior::dialect::DialectHandle;
use melior::ir::Module;
use melior::pass::{Pass, PassManager, transform};
use std::cell::RefCell;
use std::rc::Rc;

/// A context with func, scf and numeric.
pub fn context() -> Context {
    let context = Context::new();
    context.enable_multi_threading(false);
    for handle in [DialectHandle::func(), DialectHandle::scf()] {
        handle.register_dialect(&context);
        handle.load_dialect(&context);
    }
    numir_numeric::register(&context);
    context
}

/// Parses and verifies a module; the diagnostics if that fails, one per line, notes indented.
pub fn parse<'c>(context: &'c Context, source: &str) -> Result<Module<'c>, String> {
    let messages = Rc::new(RefCell::new(String::new()));
    let sink = Rc::clone(&messages);
    let handler = context.attach_diagnostic_handler(move |diagnostic| {
        let mut text = sink.borrow_mut();
        *text += &format!("{diagnostic}\n");
        for index in 0..diagnostic.note_count() {
            if let Ok(note) = diagnostic.note(index)
                && !note.to_string().starts_with("see current operation")
            {
                *text += &format!("  note: {note}\n");
            }
        }
        true
    });
    let module = Module::parse(context, source);
    context.detach_diagnostic_handler(handler);
    match module {
        Some(module) => Ok(module),
        None => Err(messages.take()),
    }
}

/// The text of a module after the passes, without the module around it and one level of indentation.
pub fn after(source: &str, passes: Vec<Pass>) -> String {
    let context = context();
    let mut module = parse(&context, source).unwrap();
    let manager = PassManager::new(&context);
    for pass in passes {
        manager.add_pass(pass);
    }
    manager.enable_verifier(true);
    manager.run(&mut module).unwrap();
    inner(&module.as_operation().to_string())
}

/// What `canonicalize` makes of a module.
pub fn canonicalized(source: &str) -> String {
    after(source, vec![transform::create_canonicalizer()])
}

fn inner(module: &str) -> String {
    let lines = module.lines().filter(|line| *line != "module {" && *line != "}");
    lines.map(|line| line.strip_prefix("  ").unwrap_or(line)).collect::<Vec<_>>().join("\n")
}
