//! A model that there is not, with one setting of each kind: what is declared for it has to turn up wherever settings do.

use serde_json::json;
use tsify::Tsify;

use super::documentation::{check_file, table};
use super::{Field, Group, Kind, NumberList, Setting, Value, choices, settings};

choices! {
    /// A choice that no model has.
    pub enum Flavour {
        /// The first.
        Sweet = "sweet", "Sweet";
        /// The second.
        VerySour = "very-sour", "Very sour";
    }
}

settings! {
    /// Settings that no model has.
    pub struct ImaginedSettings {
        flavour as "flavour": Flavour {
            group: Data, label: "Flavour", unit: "", restarts: true, lead: false,
            kind: Kind::choice::<Flavour>("very-sour"),
            help: "Chooses what it tastes of.",
        }
        scoop_count as "scoopCount": u32 {
            group: Model, label: "Scoops", unit: "scoops", restarts: true, lead: true,
            kind: Kind::Integer { min: 1, max: 12, default: 3 },
            help: "How many scoops there are.",
        }
        tilt as "tilt": f64 {
            group: Model, label: "Tilt", unit: "°", restarts: false, lead: false,
            kind: Kind::linear(-45.0, 45.0, 7.5),
            help: "How far it leans.",
        }
        melting_rate as "meltingRate": f64 {
            group: Fit, label: "Melting rate", unit: "", restarts: false, lead: false,
            kind: Kind::logarithmic(1e-6, 10.0, 0.25),
            help: "How fast it melts.",
            seldom: true,
        }
        sugar as "sugar": f64 {
            group: Fit, label: "Sugar", unit: "g", restarts: true, lead: false,
            kind: Kind::logarithmic_or_zero(0.1, 1_000.0, 0.0),
            help: "How much sugar is added; 0 adds none.",
            only: "flavour" = ["very-sour"],
        }
        cherry as "cherry": bool {
            group: View, label: "Cherry", unit: "", restarts: false, lead: false,
            kind: Kind::Switch { default: true },
            help: "Draws a cherry on top.",
        }
        stirring_seed as "stirringSeed": u32 {
            group: Fit, label: "Stirring seed", unit: "", restarts: true, lead: false,
            kind: Kind::Seed { default: 42 },
            help: "Draws how it is stirred.",
        }
        toppings as "toppings": NumberList {
            group: Model, label: "Toppings", unit: "", restarts: true, lead: false,
            kind: Kind::list(0.0, 9.0),
            help: "How much of each topping there is.",
        }
    }
}

fn row(name: &str) -> &'static Setting {
    ImaginedSettings::SCHEMA.iter().find(|setting| setting.name == name).unwrap()
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// One value a setting that differs from the default, as a link and as a program gives it.
fn others() -> [(&'static str, Value, Value); 8] {
    [
        ("flavour", text("sweet"), text("sweet")),
        ("scoopCount", text("5"), Value::Number(5.0)),
        ("tilt", text("-12.5"), Value::Number(-12.5)),
        ("meltingRate", text("1e-3"), Value::Number(1e-3)),
        ("sugar", text("20"), Value::Number(20.0)),
        ("cherry", text("false"), Value::Switch(false)),
        ("stirringSeed", text("7"), Value::Number(7.0)),
        ("toppings", text("2, 0.5"), text("2,0.5")),
    ]
}

#[test]
fn the_table_has_a_row_a_setting_with_all_that_was_declared() {
    let names: Vec<&str> = ImaginedSettings::SCHEMA.iter().map(|setting| setting.name).collect();
    assert_eq!(names, others().map(|(name, ..)| name));
    assert_eq!(names.iter().filter(|name| row(name).lead).collect::<Vec<_>>(), [&"scoopCount"]);
    assert_eq!(names.iter().filter(|name| row(name).seldom).collect::<Vec<_>>(), [&"meltingRate"]);
    let scoops = row("scoopCount");
    assert_eq!((scoops.group, scoops.label, scoops.unit), (Group::Model, "Scoops", "scoops"));
    let only = row("sugar").only.unwrap();
    assert_eq!((only.setting, only.values), ("flavour", &["very-sour"][..]));
    assert!(row("tilt").only.is_none());
    // The page mounts its controls from this file.
    let schema = serde_json::to_string_pretty(ImaginedSettings::SCHEMA).unwrap() + "\n";
    check_file("tests/reference/test_schema.json", &schema);
}

#[test]
fn the_default_is_the_one_declared() {
    let settings = ImaginedSettings::default();
    assert_eq!((settings.flavour, settings.scoop_count, settings.tilt), (Flavour::VerySour, 3, 7.5));
    assert_eq!((settings.melting_rate, settings.sugar), (0.25, 0.0));
    assert_eq!((settings.cherry, settings.stirring_seed), (true, 42));
    assert_eq!(u32::initial(&row("scoopCount").kind), 3);
}

#[test]
fn it_is_set_by_name_from_links_and_programs_and_knows_whether_it_restarts() {
    let start = ImaginedSettings::default();
    for (name, link, program) in others() {
        let (mut one, mut other) = (start.clone(), start.clone());
        assert_eq!((one.set(name, &link), other.set(name, &program)), (Ok(None), Ok(None)), "{name}");
        assert_eq!(one, other, "{name}");
        assert_ne!(one, start, "{name}");
        assert_eq!(one.get(name), Some(program), "{name} is read as it is given");
        assert_eq!(one.restarts_from(&start), row(name).restarts, "{name}");
    }
    let error = start.clone().set("topping", &Value::Number(1.0)).unwrap_err();
    assert!(error.to_string().contains("topping"), "{error}");
    assert_eq!(start.get("topping"), None);
}

#[test]
fn groups_are_taken_over_whole() {
    let (start, mut other) = (ImaginedSettings::default(), ImaginedSettings::default());
    for (name, link, _) in others() {
        other.set(name, &link).unwrap();
    }
    let mut taken = start.clone();
    taken.take(&other, Group::Model);
    let toppings = NumberList::new(&[2.0, 0.5]);
    assert_eq!(taken, ImaginedSettings { scoop_count: 5, tilt: -12.5, toppings, ..start });
}

#[test]
fn what_is_out_of_range_is_brought_into_it_with_a_notice_and_the_wrong_kind_is_refused() {
    let mut settings = ImaginedSettings::default();
    for (name, value, what) in [
        ("scoopCount", 99.0, "Scoops goes from 1 to 12, so 99 became 12."),
        ("scoopCount", 2.4, "Scoops is a whole number: 2.4 became 2."),
        ("tilt", -90.0, "Tilt goes from -45 to 45, so -90 became -45."),
        ("meltingRate", 0.0, "Melting rate goes from 0.000001 to 10, so 0 became 0.000001."),
        ("sugar", -1.0, "Sugar goes from 0.1 to 1000, so -1 became 0.1."),
        ("stirringSeed", -3.0, "Stirring seed goes from 0 to 4294967295, so -3 became 0."),
    ] {
        assert_eq!(settings.set(name, &Value::Number(value)).unwrap().as_deref(), Some(what));
    }
    assert_eq!(settings.set("sugar", &Value::Number(0.0)), Ok(None));
    for (name, value) in [
        ("flavour", text("bitter")),
        ("cherry", Value::Number(1.0)),
        ("tilt", text("left")),
        ("toppings", text("some")),
    ] {
        assert!(settings.set(name, &value).is_err(), "{name}");
    }
}

#[test]
fn it_crosses_to_the_page_under_its_name_and_type() {
    let object = serde_json::to_value(ImaginedSettings::default()).unwrap();
    let expected = json!({
        "flavour": "very-sour", "scoopCount": 3, "tilt": 7.5, "meltingRate": 0.25, "sugar": 0.0, "cherry": true,
        "stirringSeed": 42, "toppings": "",
    });
    assert_eq!(object, expected);
    let back: ImaginedSettings = serde_json::from_value(object).unwrap();
    assert_eq!(back, ImaginedSettings::default());
    for line in [
        "flavour: Flavour",
        "scoopCount: number",
        "tilt: number",
        "cherry: boolean",
        "stirringSeed: number",
        "toppings: NumberList",
    ] {
        assert!(ImaginedSettings::DECL.contains(line), "{}", ImaginedSettings::DECL);
    }
    assert!(Flavour::DECL.contains(r#""sweet" | "very-sour""#), "{}", Flavour::DECL);
}

#[test]
fn it_is_documented() {
    let table = table(ImaginedSettings::SCHEMA);
    for line in [
        "| `flavour` | `flavour` | `sweet`, `very-sour` | `very-sour` |  | yes | Flavour: Chooses what it tastes of. |",
        "| `scoopCount` | `scoop-count` | whole number, 1 to 12 | 3 | scoops | yes | Scoops: How many scoops there are. |",
        "| `tilt` | `tilt` | number, -45 to 45 | 7.5 | ° | no | Tilt: How far it leans. |",
        "| `meltingRate` | `melting-rate` | number, 1e-6 to 10 | 0.25 |  | no | Melting rate: How fast it melts. |",
        "| `sugar` | `sugar` | number, 0.1 to 1000, or 0 | 0 | g | yes | Sugar: How much sugar is added; 0 adds none. Only where `flavour` is `very-sour`. |",
        "| `cherry` | `cherry` | `true` or `false` | `true` |  | no | Cherry: Draws a cherry on top. |",
        "| `stirringSeed` | `stirring-seed` | seed, 0 to 4294967295 | 42 |  | yes | Stirring seed: Draws how it is stirred. |",
        "| `toppings` | `toppings` | numbers with commas between them, each 0 to 9; or none | none |  | yes | Toppings: How much of each topping there is. |",
    ] {
        assert!(table.lines().any(|found| found == line), "{line}\n{table}");
    }
}
