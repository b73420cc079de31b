//! Tables of any text: nothing that a visitor pastes may panic.

use gaussian_playground::dataset::Table;
use proptest::prelude::*;

proptest! {
    #[test]
    fn no_text_panics(text in "[ -~\n\t;,\"éß\u{0}]{0,200}") {
        if let Ok(table) = Table::read(&text, "test") {
            let summary = table.summary();
            let check = table.check(&summary.suggested, None).unwrap();
            prop_assert_eq!(check.kept + check.problem_count, check.rows);
            if let Ok(numbers) = table.numbers(&summary.suggested) {
                prop_assert_eq!(numbers.len(), check.kept * summary.suggested.len());
                prop_assert!(numbers.iter().all(|number| number.is_finite()));
            }
        }
    }
}
