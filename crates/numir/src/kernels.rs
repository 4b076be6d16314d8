//! The kernels of a module at stage `nvvm`: taken out of it, made into PTX, and put back as an image that the program carries.

use crate::error::{Error, Origin};
use crate::module::{Module, registry};
use crate::options::CompileOptions;
use crate::session::Session;
use melior::ir::{Location, Module as MlirModule};
use numir_numeric::LINE_INFO;
use numir_numeric::ir::{Builder, Op, Reg};
use numir_passes::{DEVICE, IMAGE_SYMBOL, PARALLEL, launched_functions};
use numir_pipeline::Instrumentation;

/// Gives functions the scopes that their lines need, of the kind that becomes directives in PTX and nothing else.
const LINES: &str = "builtin.module(ensure-debug-info-scope-on-llvm-func{emission-kind=DebugDirectivesOnly})";

/// Says that a module's parallel loops are to become kernels, its operations on whole arrays among them.
pub(crate) fn ask_for(module: Op<'_>) {
    let Some(body) = module.body(0) else { return };
    let builder = Builder::at_end(module.context(), body, module.location());
    module.set_attribute(DEVICE, builder.unit());
    // What a kernel does with a whole array, each of its threads does.
    let launched = launched_functions(module);
    let is_launched =
        |function: &Op<'_>| function.string_attribute("sym_name").is_some_and(|symbol| launched.contains(&symbol));
    let functions = body.operations().into_iter().filter(|operation| operation.is("func.func"));
    functions
        .filter(|function| !is_launched(function))
        .for_each(|function| function.set_attribute(PARALLEL, builder.unit()));
}

impl Module {
    /// Takes the kernels out of the module, if there are any, and makes PTX of them.
    pub(crate) fn take_kernels(&mut self, options: &CompileOptions) -> Result<Option<String>, Error> {
        let Some(device) = options.target.device() else { return Ok(None) };
        let session = Session::global();
        let (guard, context) = session.enter();
        let Some(body) = self.operation().and_then(|module| module.body(0)) else { return Ok(None) };
        let Some(kernels) = body.operations().into_iter().find(|operation| operation.is("gpu.module")) else {
            return Ok(None);
        };
        let alone = MlirModule::new(Location::unknown(context));
        if let (Some(from), Some(to)) = (kernels.body(0), Op::of_module(&alone).body(0)) {
            for operation in from.operations() {
                operation.detach();
                to.append(operation);
            }
        }
        kernels.erase();
        let operations = Op::of_module(&alone);
        if !operations.collect(|operation| operation.attribute(LINE_INFO).is_some()).is_empty() {
            session.with_pipeline(&guard, LINES, registry()?, |pipeline| {
                let run = pipeline.run(operations, &mut Instrumentation::default());
                run.map_err(|error| Error::of_run(&Origin::FrontEnd, error))
            })??;
        }
        let made = session.with_generator(&guard, device, options, |generator| generator.assembly(&alone));
        let text = made.and_then(|text| text).map_err(|error| Error::of_codegen(&Origin::FrontEnd, error))?;
        Ok(Some(text))
    }

    /// Puts PTX into the module, where the host's code looks for it.
    pub(crate) fn put_image(&mut self, image: &str) -> Result<(), Error> {
        let (_guard, context) = Session::global().enter();
        let body =
            self.operation().and_then(|module| module.body(0)).ok_or_else(|| Error::bug("the module is gone"))?;
        let is_image =
            |operation: &Op<'_>| operation.string_attribute("sym_name").is_some_and(|name| name == IMAGE_SYMBOL);
        let Some(declared) = body.operations().into_iter().find(is_image) else { return Ok(()) };
        let builder = Builder::before(declared);
        let text = format!("{image}\0");
        let bytes = u32::try_from(text.len()).map_err(|_| Error::bug("the kernels are too large"))?;
        let ty = melior::dialect::llvm::r#type::array(builder.integer(8), bytes);
        let internal = melior::dialect::llvm::attributes::Linkage::Internal;
        let attributes = [
            ("sym_name", builder.string(IMAGE_SYMBOL)),
            ("global_type", builder.type_attribute(ty)),
            ("linkage", melior::dialect::llvm::attributes::linkage(context, internal)),
            ("constant", builder.unit()),
            ("value", builder.string(&text)),
        ];
        builder.create("llvm.mlir.global", &[], &[], &attributes, &[Reg::new()]);
        declared.erase();
        Ok(())
    }
}
