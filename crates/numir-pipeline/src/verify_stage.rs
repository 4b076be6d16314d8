//! The pass `verify-stage{stage=scf}`: fails unless the module keeps the promise of that stage.

use crate::error::PassError;
use crate::option::OptionSpec;
use crate::pass::{Pass, PassContext};
use crate::register_pass;
use crate::shim::from_string_ref;
use crate::stages::{STAGES, Stage};
use melior::ir::TypeLike;
use mlir_sys::*;
use numir_numeric::ir::{Op, Ty};

/// Checks a stage's promise. It changes nothing and is no part of a schedule: it is put in where verification is asked for.
struct VerifyStage;

register_pass!(VerifyStage);

/// How many violations one error shows.
const SHOWN: usize = 5;

impl Pass for VerifyStage {
    fn name(&self) -> &'static str {
        "verify-stage"
    }

    fn summary(&self) -> &'static str {
        "Fail unless the module keeps the promise of a stage"
    }

    fn options(&self) -> &'static [OptionSpec] {
        const OPTIONS: &[OptionSpec] = &[OptionSpec::text("stage", "", "The stage: numeric, linalg, scf or llvm")];
        OPTIONS
    }

    fn run<'c>(&self, module: Op<'c>, context: &PassContext<'c>) -> Result<(), PassError> {
        let name = context.text("stage");
        let Some(stage) = Stage::named(name) else {
            let known: Vec<_> = STAGES.iter().map(Stage::name).collect();
            let message = format!("there is no stage `{name}`; the stages are {}", known.join(", "));
            return Err(PassError::compiler(module.location(), message));
        };
        let mut found: Vec<(Op<'c>, String)> = Vec::new();
        module.walk(&mut |operation| found.extend(violation(stage, operation).map(|message| (operation, message))));
        let Some(((first, message), rest)) = found.split_first() else {
            return Ok(());
        };
        let error = PassError::compiler(first.location(), format!("the module is not at stage `{name}`: {message}"));
        let error =
            rest.iter().take(SHOWN - 1).fold(error, |error, (place, message)| error.note(place.location(), message));
        Err(match rest.len().saturating_sub(SHOWN - 1) {
            0 => error,
            more => error.note(module.location(), format!("and {more} more")),
        })
    }
}

/// How `operation` breaks the promise, if it does.
fn violation(stage: &Stage, operation: Op<'_>) -> Option<String> {
    let name = operation.name();
    if !stage.allows(name) {
        return Some(format!("`{name}` may not occur"));
    }
    let inside_llvm = || std::iter::successors(Some(operation), |at| at.parent()).any(|at| at.is("llvm.func"));
    if stage.structured && operation.regions().iter().any(|region| region.blocks().len() > 1) && !inside_llvm() {
        return Some(format!("`{name}` has a region of several blocks"));
    }
    let arguments = operation.nested_blocks().into_iter().flat_map(|block| block.arguments());
    let values = operation.results().into_iter().chain(arguments).map(|value| value.ty());
    let signature = operation.attribute("function_type").and_then(|attribute| {
        // SAFETY: the value is asked for only where the attribute holds a type.
        unsafe {
            use melior::ir::AttributeLike;
            mlirAttributeIsAType(attribute.to_raw()).then(|| Ty::from_raw(mlirTypeAttrGetValue(attribute.to_raw())))
        }
    });
    values
        .chain(signature)
        .find_map(|ty| foreign_type(stage, ty))
        .map(|ty| format!("`{name}` has a value of type {ty}"))
}

/// The part of `ty` that the stage does not allow.
fn foreign_type<'c>(stage: &Stage, ty: Ty<'c>) -> Option<Ty<'c>> {
    let raw = ty.to_raw();
    // SAFETY: each accessor is called on a type of the kind that was just tested, with indices below the counts.
    let (dialect, parts): (String, Vec<Ty<'c>>) = unsafe {
        let dialect = from_string_ref(mlirDialectGetNamespace(mlirTypeGetDialect(raw)));
        let parts: Vec<MlirType> = if mlirTypeIsAFunction(raw) {
            let inputs = (0..mlirFunctionTypeGetNumInputs(raw)).map(|index| mlirFunctionTypeGetInput(raw, index));
            let results = (0..mlirFunctionTypeGetNumResults(raw)).map(|index| mlirFunctionTypeGetResult(raw, index));
            inputs.chain(results).collect()
        } else if mlirTypeIsAShaped(raw) {
            vec![mlirShapedTypeGetElementType(raw)]
        } else {
            Vec::new()
        };
        (dialect, parts.into_iter().map(|part| Ty::from_raw(part)).collect())
    };
    if stage.without_types_of.contains(&dialect.as_str()) {
        return Some(ty);
    }
    parts.into_iter().find_map(|part| foreign_type(stage, part))
}
