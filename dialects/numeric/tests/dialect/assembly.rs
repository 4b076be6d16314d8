//! What is printed reads back as the same: in the pretty form, the generic form and as attributes of foreign makers.

use crate::support::{context, parse};
use melior::ir::operation::{OperationLike, OperationPrintingFlags};

const SAMPLE: &str = include_str!("sample.mlir");

/// Value names are the printer's, so that only what they refer to is compared.
fn printed(source: &str) -> String {
    parse(&context(), source).unwrap().as_operation().to_string()
}

#[test]
fn pretty_form_is_a_fixed_point() {
    let once = printed(SAMPLE);
    assert_eq!(printed(&once), once);
}

#[test]
fn sample_has_every_operation() {
    let reference = include_str!(concat!(env!("OUT_DIR"), "/numeric.md"));
    let headings = reference.lines().filter_map(|line| line.strip_prefix("#### `")?.split_once('`'));
    let used: Vec<_> = SAMPLE.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '_').collect();
    let missing: Vec<_> = headings.map(|(name, _)| name).filter(|name| !used.contains(name)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn generic_form_reads_back() {
    let context = context();
    let module = parse(&context, SAMPLE).unwrap();
    let flags = OperationPrintingFlags::new().print_generic_operation_form();
    let generic = module.as_operation().to_string_with_flags(flags).unwrap();
    assert!(generic.contains("\"numeric.parallel\""));
    assert_eq!(printed(&generic), printed(SAMPLE));
}

#[test]
fn default_attributes_need_not_be_written() {
    let source = r#"func.func @f(%n: index, %x: f64) {
      %0 = "numeric.alloc"(%n) : (index) -> !numeric.array<1xf64, C>
      "numeric.print_value"(%x) : (f64) -> ()
      return
    }"#;
    let printed = printed(source);
    assert!(printed.contains("numeric.alloc(%arg0) : "), "{printed}");
    assert!(printed.contains("numeric.print_value str %arg1 : f64"), "{printed}");
}
