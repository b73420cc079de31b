//! The settings as a page to read: `docs/settings.md` is made from the table, and a test holds it to that.

use std::fmt::Write;
use std::path::PathBuf;

use super::{Choice, ComparisonSettings, ExperimentName, Kind, Setting, Settings};

/// The environment variable with which the tests write the files that they otherwise compare.
const REWRITE: &str = "REWRITE_GENERATED";

const OPENING: &str = "# Settings

Made from the tables in `src/settings`; do not edit it. `REWRITE_GENERATED=1 cargo test --lib settings` writes it anew.

Every setting has one name in links and in settings objects, and one as an attribute of the element. Defaults are those of an
experiment’s own data set; another data set may bring others, which links need not name. What is out of range is brought into it,
with a notice. A change of what restarts begins the fit anew; the rest acts on the running one.
";

/// The name of a setting as an attribute: `learning-rate` of `learningRate`.
fn attribute(name: &str) -> String {
    name.chars().fold(String::new(), |mut kebab, letter| {
        if letter.is_ascii_uppercase() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
        kebab
    })
}

/// A number as links write it.
fn number(value: f64) -> String {
    let plain = value.to_string();
    if value != 0.0 && (value.abs() >= 1e6 || value.abs() < 1e-4) { format!("{value:e}") } else { plain }
}

/// The values that a setting may have, and where it starts.
fn values(kind: &Kind) -> (String, String) {
    match *kind {
        Kind::Integer { min, max, default } => (format!("whole number, {min} to {max}"), default.to_string()),
        Kind::Number { min, max, default, zero, .. } => {
            let or_zero = if zero { ", or 0" } else { "" };
            (format!("number, {} to {}{or_zero}", number(min), number(max)), number(default))
        }
        Kind::Choice { options, default } => {
            let names: Vec<String> = options.iter().map(|option| format!("`{}`", option.value)).collect();
            (names.join(", "), format!("`{default}`"))
        }
        Kind::Switch { default } => ("`true` or `false`".to_owned(), format!("`{default}`")),
        Kind::List { min, max, default } => {
            let default = if default.is_empty() { "none".to_owned() } else { format!("`{default}`") };
            (format!("numbers with commas between them, each {} to {}; or none", number(min), number(max)), default)
        }
        Kind::Seed { default } => (format!("seed, 0 to {}", u32::MAX), default.to_string()),
    }
}

/// The table of some settings in Markdown.
pub fn table(settings: &[Setting]) -> String {
    let mut text = "| In links | Attribute | Values | Default | Unit | Restarts | What it does |\n".to_owned();
    text += "| --- | --- | --- | --- | --- | --- | --- |\n";
    for setting in settings {
        let (values, default) = values(&setting.kind);
        let restarts = if setting.restarts { "yes" } else { "no" };
        let only = setting.only.map_or(String::new(), |only| {
            let values: Vec<String> = only.values.iter().map(|value| format!("`{value}`")).collect();
            format!(" Only where `{}` is {}.", only.setting, values.join(" or "))
        });
        let help = format!("{}: {}{only}", setting.label, setting.help).replace('|', "\\|");
        let Setting { name, unit, .. } = setting;
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| `{name}` | `{}` | {values} | {default} | {unit} | {restarts} | {help} |",
            attribute(name)
        );
    }
    text
}

/// The whole page.
fn page() -> String {
    let experiments = ExperimentName::ALL.iter().map(|&name| {
        let option = name.option();
        (option.label, option.value, Settings::new(name).schema())
    });
    // Many fits at once, so not an experiment that is open on a canvas.
    let all = experiments.chain([("Comparison", "comparison", ComparisonSettings::SCHEMA)]);
    all.fold(OPENING.to_owned(), |page, (label, name, settings)| {
        format!("{page}\n## {label}\n\n`{name}`\n\n{}", table(settings))
    })
}

/// Holds a file of the repository to a text; with the environment variable set, writes it.
pub fn check_file(path: &str, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os(REWRITE).is_some() {
        std::fs::write(&file, text).expect("the repository can be written to");
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == text,
        "{path} is not what the settings give. Run `{REWRITE}=1 cargo test --lib settings` and commit what it writes."
    );
}

#[test]
fn the_page_is_what_the_tables_give() {
    check_file("docs/settings.md", &page());
}
