//! What a setting is, and the macros that declare them.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::error::Error;

/// The part of the page where a setting is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// What is fitted to.
    Data,
    /// What is fitted.
    Model,
    /// How it is fitted.
    Fit,
    /// What of it is drawn; a change only redraws.
    View,
    /// How fast it plays.
    Transport,
}

/// How a slider spreads its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Evenly.
    Linear,
    /// Evenly in the logarithm.
    Logarithmic,
}

/// One of the values of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct ChoiceOption {
    /// The name in programs and links.
    pub value: &'static str,
    /// The name on the page.
    pub label: &'static str,
}

/// The values that a setting may have.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Tsify)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Kind {
    /// A whole number, both ends included.
    Integer {
        /// Smallest.
        min: u32,
        /// Largest.
        max: u32,
        /// Where it starts.
        default: u32,
    },
    /// A number, both ends included.
    Number {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
        /// Where it starts.
        default: f64,
        /// How a slider spreads it.
        scale: Scale,
        /// Whether 0 is allowed although it is below the smallest.
        zero: bool,
    },
    /// One of a few names.
    Choice {
        /// The names.
        options: &'static [ChoiceOption],
        /// Where it starts.
        default: &'static str,
    },
    /// On or off.
    Switch {
        /// Where it starts.
        default: bool,
    },
    /// The seed of a random stream, a whole number below 2³².
    Seed {
        /// Where it starts.
        default: u32,
    },
    /// Numbers with commas between them, as text; empty where there are none.
    List {
        /// Smallest of each.
        min: f64,
        /// Largest of each.
        max: f64,
        /// Where it starts.
        default: &'static str,
    },
}

impl Kind {
    /// Numbers of which there are none to begin with.
    #[must_use]
    pub const fn list(min: f64, max: f64) -> Self {
        Self::List { min, max, default: "" }
    }

    /// One of the names of `C`.
    #[must_use]
    pub const fn choice<C: Choice>(default: &'static str) -> Self {
        Self::Choice { options: C::OPTIONS, default }
    }

    /// A number whose slider is even.
    #[must_use]
    pub const fn linear(min: f64, max: f64, default: f64) -> Self {
        Self::Number { min, max, default, scale: Scale::Linear, zero: false }
    }

    /// A positive number whose slider is even in the logarithm.
    #[must_use]
    pub const fn logarithmic(min: f64, max: f64, default: f64) -> Self {
        Self::Number { min, max, default, scale: Scale::Logarithmic, zero: false }
    }

    /// The same, or 0.
    #[must_use]
    pub const fn logarithmic_or_zero(min: f64, max: f64, default: f64) -> Self {
        Self::Number { min, max, default, scale: Scale::Logarithmic, zero: true }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Tsify)]
pub struct Setting {
    /// The key in settings objects, links and attributes.
    pub name: &'static str,
    /// Where it is on the page.
    pub group: Group,
    /// What the page calls it.
    pub label: &'static str,
    /// One sentence of help.
    pub help: &'static str,
    /// The unit of its value, or empty.
    pub unit: &'static str,
    /// Whether a change restarts the fit instead of acting on the running one.
    pub restarts: bool,
    /// Whether this is the experiment's one lead control.
    pub lead: bool,
    /// Whether its default is good and seldom touched.
    pub seldom: bool,
    /// The only case in which it matters; `None` where it always does.
    pub only: Option<Only>,
    /// Its values.
    pub kind: Kind,
}

/// A choice on which it depends whether another setting matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Only {
    /// The name of the choice.
    pub setting: &'static str,
    /// The values of it for which the other matters.
    pub values: &'static [&'static str],
}

/// A value from outside: from a control, a link or a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Tsify)]
#[serde(untagged)]
pub enum Value {
    /// A switch.
    Switch(bool),
    /// A number.
    Number(f64),
    /// A name, or a number as text.
    Text(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Switch(value) => write!(formatter, "{value}"),
            Self::Number(value) => write!(formatter, "{value}"),
            Self::Text(value) => write!(formatter, "“{value}”"),
        }
    }
}

impl Value {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Switch(_) => None,
        }
        .filter(|value| !value.is_nan())
    }
}

/// A field of a settings struct.
pub trait Field: Sized {
    /// The kind's default.
    fn initial(kind: &Kind) -> Self;

    /// Reads a value from outside, with a notice where it had to be clamped.
    ///
    /// # Errors
    /// [`Error::Setting`] for a value of the wrong kind.
    fn read(setting: &Setting, value: &Value) -> Result<(Self, Option<String>), Error>;

    /// The value as it is given from outside.
    fn value(&self) -> Value;
}

fn refuse<T>(setting: &Setting, value: &Value, expected: String) -> Result<T, Error> {
    Err(Error::Setting { name: setting.label.to_owned(), value: value.to_string(), expected })
}

fn read_clamped(setting: &Setting, value: &Value, min: f64, max: f64) -> Result<(f64, Option<String>), Error> {
    let Some(number) = value.number() else {
        return refuse(setting, value, format!("Give a number from {min} to {max}."));
    };
    let clamped = number.clamp(min, max);
    let notice = (clamped != number)
        .then(|| format!("{} goes from {min} to {max}, so {number} became {clamped}.", setting.label));
    Ok((clamped, notice))
}

impl Field for u32 {
    fn initial(kind: &Kind) -> Self {
        match *kind {
            Kind::Integer { default, .. } | Kind::Seed { default } => default,
            _ => unreachable!("a whole number is declared as an integer or a seed"),
        }
    }

    fn read(setting: &Setting, value: &Value) -> Result<(Self, Option<String>), Error> {
        let (min, max) = match setting.kind {
            Kind::Integer { min, max, .. } => (min, max),
            _ => (0, u32::MAX),
        };
        let (number, notice) = read_clamped(setting, value, f64::from(min), f64::from(max))?;
        let rounded = number.round();
        let notice = notice.or_else(|| {
            (rounded != number).then(|| format!("{} is a whole number: {number} became {rounded}.", setting.label))
        });
        Ok((rounded as u32, notice))
    }

    fn value(&self) -> Value {
        Value::Number(f64::from(*self))
    }
}

impl Field for f64 {
    fn initial(kind: &Kind) -> Self {
        match *kind {
            Kind::Number { default, .. } => default,
            _ => unreachable!("a number is declared as a number"),
        }
    }

    fn read(setting: &Setting, value: &Value) -> Result<(Self, Option<String>), Error> {
        let Kind::Number { min, max, zero, .. } = setting.kind else {
            unreachable!("a number is declared as a number")
        };
        if zero && value.number() == Some(0.0) {
            return Ok((0.0, None));
        }
        read_clamped(setting, value, min, max)
    }

    fn value(&self) -> Value {
        Value::Number(*self)
    }
}

impl Field for bool {
    fn initial(kind: &Kind) -> Self {
        match *kind {
            Kind::Switch { default } => default,
            _ => unreachable!("a boolean is declared as a switch"),
        }
    }

    fn read(setting: &Setting, value: &Value) -> Result<(Self, Option<String>), Error> {
        match value {
            Value::Switch(on) => Ok((*on, None)),
            Value::Text(text) if text == "true" => Ok((true, None)),
            Value::Text(text) if text == "false" => Ok((false, None)),
            _ => refuse(setting, value, "Give true or false.".to_owned()),
        }
    }

    fn value(&self) -> Value {
        Value::Switch(*self)
    }
}

/// More numbers than this are no list that a visitor means.
pub const MOST_LISTED: usize = 64;

/// Numbers with commas between them, kept as links have them: `2,2,0.1`. A list that is empty says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Tsify)]
pub struct NumberList(String);

impl NumberList {
    /// The list of some numbers.
    #[must_use]
    pub fn new(numbers: &[f64]) -> Self {
        Self(numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(","))
    }

    /// The numbers.
    #[must_use]
    pub fn numbers(&self) -> Vec<f64> {
        self.0.split(',').filter_map(|number| number.parse().ok()).collect()
    }
}

impl Field for NumberList {
    fn initial(kind: &Kind) -> Self {
        match *kind {
            Kind::List { default, .. } => Self(default.to_owned()),
            _ => unreachable!("a list is declared as a list"),
        }
    }

    fn read(setting: &Setting, value: &Value) -> Result<(Self, Option<String>), Error> {
        let Kind::List { min, max, .. } = setting.kind else { unreachable!("a list is declared as a list") };
        let expected = || "Give numbers with commas between them, or nothing.".to_owned();
        let text = match value {
            Value::Text(text) => text.replace('\u{2212}', "-"),
            Value::Number(number) => number.to_string(),
            Value::Switch(_) => return refuse(setting, value, expected()),
        };
        let words = text.split([',', ';', ' ', '\t', '\n']).filter(|word| !word.is_empty());
        let mut numbers = Vec::new();
        for word in words {
            match word.parse::<f64>() {
                Ok(number) if !number.is_nan() => numbers.push(number),
                _ => return refuse(setting, value, expected()),
            }
        }
        if numbers.len() > MOST_LISTED {
            return refuse(setting, value, format!("Give at most {MOST_LISTED} numbers."));
        }
        let outside: Vec<f64> = numbers.iter().copied().filter(|number| *number < min || *number > max).collect();
        let notice = outside.first().map(|first| {
            let became = first.clamp(min, max);
            let others = if outside.len() > 1 { ", and others likewise" } else { "" };
            format!("{} go from {min} to {max}, so {first} became {became}{others}.", setting.label)
        });
        let clamped: Vec<f64> = numbers.into_iter().map(|number| number.clamp(min, max)).collect();
        Ok((Self::new(&clamped), notice))
    }

    fn value(&self) -> Value {
        Value::Text(self.0.clone())
    }
}

/// An enum that stands for the names of a choice.
pub trait Choice: Copy + PartialEq + 'static {
    /// The values in the page's order.
    const ALL: &'static [Self];
    /// Their names, in the same order.
    const OPTIONS: &'static [ChoiceOption];

    /// The names of this value.
    fn option(self) -> &'static ChoiceOption {
        let position = Self::ALL.iter().position(|value| *value == self);
        &Self::OPTIONS[position.expect("every value is among all")]
    }
}

/// Reads a choice by name.
///
/// # Errors
/// [`Error::Setting`] for a name that is not among them.
pub fn read_choice<C: Choice>(setting: &Setting, value: &Value) -> Result<(C, Option<String>), Error> {
    let position = match value {
        Value::Text(text) => C::OPTIONS.iter().position(|option| option.value == text),
        _ => None,
    };
    match position {
        Some(position) => Ok((C::ALL[position], None)),
        None => {
            let names: Vec<_> = C::OPTIONS.iter().map(|option| option.value).collect();
            refuse(setting, value, format!("Give one of: {}.", names.join(", ")))
        }
    }
}

/// Declares an enum whose values have a name in programs and a label on the page.
macro_rules! choices {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $value:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, tsify::Tsify)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $value)] $variant,)+
        }

        impl $crate::settings::schema::Choice for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const OPTIONS: &'static [$crate::settings::schema::ChoiceOption] =
                &[$($crate::settings::schema::ChoiceOption { value: $value, label: $label }),+];
        }

        impl $crate::settings::schema::Field for $name {
            fn initial(kind: &$crate::settings::Kind) -> Self {
                use $crate::settings::schema::Choice;
                let $crate::settings::Kind::Choice { default, .. } = *kind else {
                    unreachable!("a choice is declared as a choice")
                };
                let position = Self::OPTIONS.iter().position(|option| option.value == default);
                Self::ALL[position.expect("the default is one of the options")]
            }

            fn read(
                setting: &$crate::settings::Setting,
                value: &$crate::settings::Value,
            ) -> Result<(Self, Option<String>), $crate::error::Error> {
                $crate::settings::schema::read_choice(setting, value)
            }

            fn value(&self) -> $crate::settings::Value {
                use $crate::settings::schema::Choice;
                $crate::settings::Value::Text(self.option().value.to_owned())
            }
        }
    };
}
pub(crate) use choices;

/// Declares a settings struct and its table. Each field is `name as "jsName": Type { row }`; a row may end with
/// `seldom: true,` and with `only: "choice" = ["value", …],`.
macro_rules! settings {
    ($(#[$doc:meta])* pub struct $name:ident {
        $($field:ident as $key:literal: $type:ty {
            group: $group:ident, label: $label:literal, unit: $unit:literal, restarts: $restarts:literal,
            lead: $lead:literal, kind: $kind:expr, help: $help:literal,
            $(seldom: $seldom:literal,)? $(only: $choice:literal = [$($value:literal),+],)?
        })+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, tsify::Tsify)]
        pub struct $name {
            $(#[doc = $help] #[serde(rename = $key)] pub $field: $type,)+
        }

        impl $name {
            /// The table: one row a setting, in the page's order.
            pub const SCHEMA: &'static [$crate::settings::Setting] = &[$(
                $crate::settings::Setting {
                    name: $key,
                    group: $crate::settings::Group::$group,
                    label: $label,
                    help: $help,
                    unit: $unit,
                    restarts: $restarts,
                    lead: $lead,
                    seldom: false $(|| $seldom)?,
                    only: [
                        $(Some($crate::settings::Only { setting: $choice, values: &[$($value),+] }),)?
                        None,
                    ][0],
                    kind: $kind,
                },
            )+];

            /// The row of a setting, by its name.
            fn row(name: &str) -> Option<&'static $crate::settings::Setting> {
                Self::SCHEMA.iter().find(|setting| setting.name == name)
            }

            /// Sets one setting from outside; returns a notice where the value had to be clamped.
            ///
            /// # Errors
            /// [`Error::Setting`](crate::error::Error::Setting) for an unknown name or a value of the wrong kind.
            pub fn set(
                &mut self,
                name: &str,
                value: &$crate::settings::Value,
            ) -> Result<Option<String>, $crate::error::Error> {
                use $crate::settings::schema::Field;
                let Some(setting) = Self::row(name) else {
                    return Err($crate::error::Error::Setting {
                        name: name.to_owned(),
                        value: value.to_string(),
                        expected: "There is no such setting.".to_owned(),
                    });
                };
                match name {
                    $($key => {
                        let (value, notice) = <$type as Field>::read(setting, value)?;
                        self.$field = value;
                        Ok(notice)
                    })+
                    _ => unreachable!("every row has its field"),
                }
            }

            /// Takes over from other settings those of one group.
            pub fn take(&mut self, other: &Self, group: $crate::settings::Group) {
                $(if group == $crate::settings::Group::$group {
                    self.$field.clone_from(&other.$field);
                })+
            }

            /// The value of a setting, by its name.
            #[must_use]
            pub fn get(&self, name: &str) -> Option<$crate::settings::Value> {
                use $crate::settings::schema::Field;
                match name {
                    $($key => Some(self.$field.value()),)+
                    _ => None,
                }
            }

            /// Whether the two differ in a setting that restarts the fit.
            #[must_use]
            pub fn restarts_from(&self, other: &Self) -> bool {
                $(($restarts && self.$field != other.$field))||+
            }
        }

        impl Default for $name {
            fn default() -> Self {
                use $crate::settings::schema::Field;
                Self { $($field: <$type as Field>::initial(&$kind),)+ }
            }
        }
    };
}
pub(crate) use settings;

#[cfg(test)]
mod tests {
    use super::*;

    const PRIORS: Setting = Setting {
        name: "priors",
        group: Group::Model,
        label: "Priors",
        help: "",
        unit: "",
        restarts: true,
        lead: false,
        seldom: true,
        only: None,
        kind: Kind::list(0.001, 10.0),
    };

    #[test]
    fn lists_are_read_as_visitors_write_them() {
        let read = |text: &str| NumberList::read(&PRIORS, &Value::Text(text.to_owned()));
        for text in ["2, 2, 0.1", "2 2 .1", "2;2;1e-1", " 2,2,0.1, "] {
            let (list, notice) = read(text).unwrap();
            assert_eq!((list.value(), notice), (Value::Text("2,2,0.1".to_owned()), None), "{text}");
            assert_eq!(list.numbers(), [2.0, 2.0, 0.1]);
        }
        assert_eq!(read("").unwrap(), (NumberList::default(), None));
        assert_eq!(NumberList::read(&PRIORS, &Value::Number(2.0)).unwrap().0.numbers(), [2.0]);
        let (list, notice) = read("2,0,30").unwrap();
        assert_eq!(list.numbers(), [2.0, 0.001, 10.0]);
        assert_eq!(notice.unwrap(), "Priors go from 0.001 to 10, so 0 became 0.001, and others likewise.");
        for text in ["two", "1,NaN", "1,,x"] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains("Give numbers with commas between them"), "{error}");
        }
        assert!(read(&vec!["1"; MOST_LISTED + 1].join(",")).unwrap_err().to_string().contains("at most 64"));
        assert!(NumberList::read(&PRIORS, &Value::Switch(true)).is_err());
    }
}
