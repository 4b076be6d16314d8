//! `numir names`: what compiled code knows of a module.

use crate::arguments::Names;
use crate::failure::Failure;
use crate::output;

pub fn names(arguments: &Names) -> Result<(), Failure> {
    let known = numir::catalogue(&arguments.module);
    if known.is_empty() {
        return Err(Failure::usage(format!("compiled code knows no module `{}`", arguments.module)));
    }
    let lines: Vec<_> = known.iter().map(|one| format!("{}({})\n", one.name, one.parameters)).collect();
    output::print(lines.concat()).map_err(Failure::output)
}
