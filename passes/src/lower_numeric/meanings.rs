//! The meaning of an operation as MLIR text: the files in `meaning/` hold functions over type aliases, which are parsed once per
//! type and then put in the operation's place, or into the module to be called.

use melior::Context;
use melior::ir::Module;
use numir_numeric::ir::Op;
use numir_pipeline::PassError;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A file of functions over the same aliases.
pub struct Family {
    /// Its name, for error messages.
    pub name: &'static str,
    /// Its text. Lines that start with `!` or `#` are the aliases it stands on, replaced for each use.
    pub text: &'static str,
}

macro_rules! families {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {$(
        $(#[$doc])*
        pub static $name: Family = Family { name: $file, text: include_str!(concat!("meaning/", $file, ".mlir")) };
    )*};
}

families! {
    /// Integers: `!T`, `#width`, `#last_bit`.
    INTEGER = "integer";
    /// Floats: `!T`, `#inf`.
    FLOAT = "float";
    /// Complex numbers: `!T`, `!C`.
    COMPLEX = "complex";
    /// Casts from floats: `!F`, `!I`, `#limit`, `#minus_limit`, `#least`.
    CAST = "cast";
}

/// The functions parsed so far, by family, aliases and name.
pub struct Meanings<'c> {
    context: &'c Context,
    parsed: HashMap<(&'static str, String, String), Module<'c>>,
}

impl<'c> Meanings<'c> {
    /// None parsed yet.
    pub fn new(context: &'c Context) -> Self {
        Self { context, parsed: HashMap::new() }
    }

    /// The function `name` of `family` under `aliases` (lines of alias definitions).
    pub fn function(
        &mut self,
        family: &'static Family,
        aliases: &str,
        name: &str,
        user: Op<'c>,
    ) -> Result<Op<'c>, PassError> {
        let context = self.context;
        let module = match self.parsed.entry((family.name, aliases.to_owned(), name.to_owned())) {
            Entry::Occupied(known) => Some(&*known.into_mut()),
            Entry::Vacant(place) => function_text(family, name)
                .and_then(|text| Module::parse(context, &format!("{aliases}\n{text}")))
                .map(|module| &*place.insert(module)),
        };
        module.and_then(|module| Op::of_module(module).body(0)?.first()).ok_or_else(|| {
            let message = format!("meaning/{}.mlir has no @{name} that parses under\n{aliases}", family.name);
            PassError::compiler(user.location(), message)
        })
    }
}

/// The text of one function: from its first line to the next line that is a closing brace.
fn function_text(family: &Family, name: &str) -> Option<&'static str> {
    const END: &str = "\n}\n";
    let start = family.text.find(&format!("func.func private @{name}("))?;
    let text = &family.text[start..];
    Some(&text[..text.find(END)? + END.len()])
}
