//! `print`.

use super::Meaning;
use crate::function_ir::Attribute;
use crate::specialize::{Evaluated, Frame};
use crate::value::Value;

pub(super) static MEANINGS: &[Meaning] = &[Meaning {
    name: "builtins.print",
    parameters: "*args, sep=' ', end='\\n', flush=False",
    doc: "Writes its arguments as Python does.",
    evaluate: print,
}];

fn print(frame: &mut Frame<'_, '_>, arguments: &[Option<Value>]) -> Evaluated {
    let constant = |frame: &Frame<'_, '_>, value: &Option<Value>, default: &str| match value {
        None | Some(Value::None) => Ok(default.to_owned()),
        Some(Value::Text(text)) => Ok(text.to_string()),
        Some(_) => Err(frame.typing("sep and end must be constant strings")),
    };
    let separator = constant(frame, &arguments[1], " ")?;
    let end = constant(frame, &arguments[2], "\n")?;
    let parts = match &arguments[0] {
        Some(Value::Tuple(parts)) => parts.to_vec(),
        _ => Vec::new(),
    };
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text.push_str(&separator);
        }
        write(frame, part, "str", &mut text)?;
    }
    text.push_str(&end);
    flush_text(frame, &mut text);
    frame.emit_effect("numeric.print_flush", &[], Vec::new());
    Ok(Value::None)
}

/// Writes what has been gathered of constant text.
fn flush_text(frame: &mut Frame<'_, '_>, text: &mut String) {
    if !text.is_empty() {
        frame.emit_effect("numeric.print_text", &[], vec![("text", Attribute::Text(std::mem::take(text)))]);
    }
}

fn write(frame: &mut Frame<'_, '_>, value: &Value, style: &'static str, text: &mut String) -> Evaluated<()> {
    match value {
        Value::None => text.push_str("None"),
        Value::Ellipsis => text.push_str("Ellipsis"),
        Value::Formatted(parts) => parts.iter().try_for_each(|part| write(frame, part, "str", text))?,
        Value::Text(constant) if style == "str" => text.push_str(constant),
        Value::Text(constant) => numir_runtime::format::push_str_repr(text, constant),
        Value::Number(scalar, _) | Value::Scalar(scalar, _) if scalar.time().is_none() => {
            flush_text(frame, text);
            let id = frame.materialize(value)?;
            let numpy = !scalar.is_python() && style == "repr";
            let attributes = vec![("style", Attribute::Text(style.into())), ("np", Attribute::Bool(numpy))];
            frame.emit_effect("numeric.print_value", &[id], attributes);
        }
        Value::Tuple(elements) => {
            text.push_str(elements.class.as_ref().map_or("", |class| &class.name));
            text.push('(');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                if let Some(class) = &elements.class {
                    text.push_str(&class.fields[index]);
                    text.push('=');
                }
                write(frame, element, "repr", text)?;
            }
            text.push_str(if elements.len() == 1 && elements.class.is_none() { ",)" } else { ")" });
        }
        Value::Optional(flag, inner) => {
            flush_text(frame, text);
            let inner = inner.clone();
            let piece = |frame: &mut Frame<'_, '_>, value: &Value| {
                let mut text = String::new();
                write(frame, value, style, &mut text)?;
                flush_text(frame, &mut text);
                Ok(Value::None)
            };
            frame.conditional(*flag, &[], |frame| piece(frame, &inner), |frame| piece(frame, &Value::None))?;
        }
        Value::Range(bounds) => {
            text.push_str("range(");
            write(frame, &bounds[0], "repr", text)?;
            text.push_str(", ");
            write(frame, &bounds[1], "repr", text)?;
            if bounds[2].known_integer() != Some(1) {
                text.push_str(", ");
                write(frame, &bounds[2], "repr", text)?;
            }
            text.push(')');
        }
        Value::Array(ty, id) if ty.rank == 0 => {
            let item = super::load_item(frame, *ty, *id, &[])?;
            write(frame, &item, "str", text)?;
        }
        other => {
            let seen = frame.describe(other);
            return Err(frame.unsupported(format!("printing {seen}")));
        }
    }
    Ok(())
}
