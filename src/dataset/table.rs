//! Tables that a visitor pastes, drops or opens.
//!
//! The reader is forgiving about form (commas, semicolons, tabs or spaces; quotes; a header or none; decimal commas beside
//! semicolons) and strict about content: a cell that is not a finite number is reported with its line.

use serde::Serialize;
use tsify::Tsify;

use crate::error::Error;

/// Problems listed at most; all are counted.
const LISTED_PROBLEMS: usize = 200;
/// Characters of a cell that are shown.
const SHOWN_CHARACTERS: usize = 24;
/// Columns read at most.
const LARGEST_WIDTH: usize = 1000;
/// A column with at least this share of numbers counts as numeric.
const NUMERIC_SHARE: f64 = 0.5;

/// One column, as a chooser shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct TableColumn {
    /// Its place, counted from 0.
    pub index: usize,
    /// Its header, or `Column 3`.
    pub name: String,
    /// Whether at least half of its cells are numbers.
    pub numeric: bool,
    /// Cells that are finite numbers.
    pub numbers: usize,
    /// Its first cells.
    pub examples: Vec<String>,
}

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct TableSummary {
    /// Its name: the file's, or what the page calls it.
    pub name: String,
    /// Rows of data.
    pub rows: usize,
    /// Whether the first row holds names.
    pub header: bool,
    /// What separates the columns.
    pub delimiter: String,
    /// Its columns.
    pub columns: Vec<TableColumn>,
    /// The one or two columns to fit, unless the visitor chooses others.
    pub suggested: Vec<usize>,
}

/// A cell that is not a finite number.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
pub struct Problem {
    /// The line of the file, counted from 1.
    pub line: u64,
    /// The column's name.
    pub column: String,
    /// The cell, shortened.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
}

/// What choosing some columns would give.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ColumnCheck {
    /// Rows of data.
    pub rows: usize,
    /// Rows with a number in each chosen column.
    pub kept: usize,
    /// The first cells that are not.
    pub problems: Vec<Problem>,
    /// Rows with such a cell.
    pub problem_count: usize,
}

/// A table as read: every cell as text.
#[derive(Clone, Debug)]
pub struct Table {
    name: String,
    header: Vec<String>,
    has_header: bool,
    separator: Separator,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// What stands between columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    Comma,
    Semicolon,
    Tab,
    Spaces,
}

impl Separator {
    fn name(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Spaces => "space",
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Spaces => b' ',
        }
    }

    /// The separator of the first lines: the one that they all have; spaces only where nothing else separates.
    fn detect(text: &str) -> Self {
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
        let everywhere = |separator: Self| {
            let byte = separator.byte() as char;
            !lines.is_empty() && lines.iter().all(|line| line.contains(byte))
        };
        [Self::Tab, Self::Semicolon, Self::Comma]
            .into_iter()
            .find(|&separator| everywhere(separator))
            .unwrap_or(if lines.iter().any(|line| line.contains(',')) { Self::Comma } else { Self::Spaces })
    }

    /// A cell as a number, finite or not. Beside semicolons, 3,5 is 3.5.
    fn number(self, cell: &str) -> Option<f64> {
        let cell = cell.trim();
        // Rust also reads words such as "infinity" and "nan": they are numbers, but not finite ones.
        cell.parse().ok().or_else(|| {
            (self == Self::Semicolon || self == Self::Tab).then(|| cell.replacen(',', ".", 1).parse().ok()).flatten()
        })
    }

    /// A cell as a finite number.
    fn finite(self, cell: &str) -> Option<f64> {
        self.number(cell).filter(|value| value.is_finite())
    }
}

/// What is wrong with a cell that is not a finite number.
fn reason(separator: Separator, cell: &str) -> &'static str {
    let trimmed = cell.trim();
    if trimmed.is_empty() {
        "empty"
    } else if matches!(trimmed.to_ascii_lowercase().as_str(), "na" | "n/a" | "nan" | "null" | "none" | "-" | "?") {
        "missing"
    } else if separator.number(trimmed).is_some() {
        "not a finite number"
    } else {
        "not a number"
    }
}

/// The start of a cell, for showing.
fn shortened(cell: &str) -> String {
    let mut start: String = cell.trim().chars().take(SHOWN_CHARACTERS).collect();
    if start.len() < cell.trim().len() {
        start.push('…');
    }
    start
}

/// The line of a record. The reader's own position is before the empty lines that it skips.
fn first_line(text: &str, position: &csv::Position) -> u64 {
    let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
    let skipped = rest.iter().take_while(|&&byte| byte == b'\n' || byte == b'\r');
    position.line() + skipped.filter(|&&byte| byte == b'\n').count() as u64
}

impl Table {
    /// Reads text as a table.
    ///
    /// # Errors
    /// [`Error::EmptyData`], [`Error::NotATable`] or [`Error::NoNumericColumn`].
    pub fn read(text: &str, name: &str) -> Result<Self, Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return Err(Error::EmptyData);
        }
        let not_a_table = |reason: &str| Error::NotATable { reason: reason.to_owned() };
        let start: Vec<char> = text.chars().take(4096).collect();
        let odd =
            start.iter().filter(|c| **c == '\u{fffd}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))).count();
        if odd * 50 > start.len() {
            return Err(not_a_table("it holds bytes that are not text"));
        }
        let separator = Separator::detect(text);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator.byte())
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let mut record = record.map_err(|error| not_a_table(&error.to_string()))?;
            let line = record.position().map_or(0, |position| first_line(text, position));
            if separator == Separator::Spaces {
                record = record.iter().filter(|cell| !cell.is_empty()).collect();
            }
            if record.len() > LARGEST_WIDTH {
                return Err(not_a_table(&format!("line {line} has {} columns", record.len())));
            }
            if record.iter().any(|cell| !cell.is_empty()) {
                rows.push((line, record));
            }
        }
        let Some((_, first)) = rows.first() else {
            return Err(Error::EmptyData);
        };
        // A header is a first row that has words only: no number and no missing one.
        let has_header =
            first.iter().all(|cell| separator.number(cell).is_none() && reason(separator, cell) != "missing");
        let named: Vec<String> = if has_header { first.iter().map(shortened).collect() } else { Vec::new() };
        if has_header {
            rows.remove(0);
        }
        let width = rows.iter().map(|(_, row)| row.len()).chain([named.len()]).max().unwrap_or(0);
        let header = (0..width)
            .map(|index| match named.get(index) {
                Some(name) if !name.is_empty() => name.clone(),
                _ => format!("Column {}", index + 1),
            })
            .collect();
        let table = Self { name: name.to_owned(), header, has_header, separator, rows };
        if table.summary().suggested.is_empty() {
            return Err(if table.rows.is_empty() && has_header && width > 1 {
                Error::EmptyData
            } else {
                Error::NoNumericColumn
            });
        }
        Ok(table)
    }

    /// What the table is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The index of the column with this header.
    #[must_use]
    pub fn column(&self, header: &str) -> Option<usize> {
        self.header.iter().position(|name| name == header)
    }

    /// The header of a column, or `Column 3`.
    #[must_use]
    pub fn column_name(&self, index: usize) -> &str {
        &self.header[index]
    }

    /// What the table holds, and which columns to fit.
    #[must_use]
    pub fn summary(&self) -> TableSummary {
        let columns: Vec<TableColumn> = (0..self.header.len())
            .map(|index| {
                let cells = || self.rows.iter().map(move |(_, row)| row.get(index).unwrap_or(""));
                let numbers = cells().filter(|cell| self.separator.finite(cell).is_some()).count();
                TableColumn {
                    index,
                    name: self.header[index].clone(),
                    numeric: numbers > 0 && numbers as f64 >= NUMERIC_SHARE * self.rows.len() as f64,
                    numbers,
                    examples: cells().take(3).map(shortened).collect(),
                }
            })
            .collect();
        let suggested = columns.iter().filter(|column| column.numeric).map(|column| column.index).take(2).collect();
        TableSummary {
            name: self.name.clone(),
            rows: self.rows.len(),
            header: self.has_header,
            delimiter: self.separator.name().to_owned(),
            columns,
            suggested,
        }
    }

    fn check_columns(&self, columns: &[usize], weight: Option<usize>) -> Result<(), Error> {
        let different: Vec<usize> = columns.iter().copied().chain(weight).collect();
        let usable = (1..=3).contains(&columns.len())
            && different.iter().enumerate().all(|(i, one)| *one < self.header.len() && !different[..i].contains(one));
        if usable { Ok(()) } else { Err(Error::ColumnChoice) }
    }

    /// What choosing these one or two columns, and another of weights, would give, with the line of each cell that is not a
    /// number, or as a weight below 0.
    ///
    /// # Errors
    /// [`Error::ColumnChoice`].
    pub fn check(&self, columns: &[usize], weight: Option<usize>) -> Result<ColumnCheck, Error> {
        self.check_columns(columns, weight)?;
        let mut check = ColumnCheck { rows: self.rows.len(), kept: 0, problems: Vec::new(), problem_count: 0 };
        for (line, row) in &self.rows {
            let mut kept = true;
            for column in columns.iter().copied().chain(weight) {
                let cell = row.get(column).unwrap_or("");
                let problem = match self.separator.finite(cell) {
                    None => Some(reason(self.separator, cell)),
                    Some(value) if value < 0.0 && weight == Some(column) => Some("a weight below 0"),
                    Some(_) => None,
                };
                if let Some(reason) = problem {
                    kept = false;
                    if check.problems.len() < LISTED_PROBLEMS {
                        check.problems.push(Problem {
                            line: *line,
                            column: self.header[column].clone(),
                            value: shortened(cell),
                            reason: reason.to_owned(),
                        });
                    }
                }
            }
            if kept {
                check.kept += 1;
            } else {
                check.problem_count += 1;
            }
        }
        Ok(check)
    }

    /// What group each row is of: rows with the same text in column `of` are of one, counted from 0 in the order in which they are
    /// first seen. Rows with a problem in one of the other `columns` are left out, as [`Table::numbers`] does.
    ///
    /// # Errors
    /// [`Error::ColumnChoice`].
    pub fn groups(&self, of: usize, columns: &[usize]) -> Result<Vec<u32>, Error> {
        self.check_columns(columns, Some(of))?;
        let mut names: Vec<&str> = Vec::new();
        let number = |column: &usize, row: &csv::StringRecord| self.separator.finite(row.get(*column).unwrap_or(""));
        let kept = self.rows.iter().filter(|(_, row)| columns.iter().all(|column| number(column, row).is_some()));
        Ok(kept
            .map(|(_, row)| {
                let name = row.get(of).unwrap_or("");
                let place = names.iter().position(|known| *known == name).unwrap_or_else(|| {
                    names.push(name);
                    names.len() - 1
                });
                u32::try_from(place).unwrap_or(u32::MAX)
            })
            .collect())
    }

    /// The numbers of the chosen columns, row by row; rows with a problem are left out.
    ///
    /// # Errors
    /// [`Error::ColumnChoice`] or [`Error::NoUsableRows`].
    pub fn numbers(&self, columns: &[usize]) -> Result<Vec<f64>, Error> {
        Ok(self.weighted_numbers(columns, None)?.0)
    }

    /// The same, with the weights of the rows, where a column of them is chosen.
    ///
    /// # Errors
    /// The same.
    pub fn weighted_numbers(&self, columns: &[usize], weight: Option<usize>) -> Result<WeightedNumbers, Error> {
        self.check_columns(columns, weight)?;
        let mut numbers = Vec::with_capacity(self.rows.len() * columns.len());
        let mut weights = weight.map(|_| Vec::with_capacity(self.rows.len()));
        for (_, row) in &self.rows {
            let cell = |column: usize| self.separator.finite(row.get(column).unwrap_or(""));
            let heavy = weight.map_or(Some(1.0), |column| cell(column).filter(|weight| *weight >= 0.0));
            let cells = columns.iter().map(|&column| cell(column)).collect::<Option<Vec<f64>>>();
            if let (Some(mut row), Some(weight)) = (cells, heavy) {
                numbers.append(&mut row);
                weights.iter_mut().for_each(|weights| weights.push(weight));
            }
        }
        if numbers.is_empty() { Err(Error::NoUsableRows) } else { Ok((numbers, weights)) }
    }
}

/// Numbers row by row, and where there is a column for it the weight of each row.
pub type WeightedNumbers = (Vec<f64>, Option<Vec<f64>>);

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Table {
        Table::read(text, "test").unwrap()
    }

    #[test]
    fn separators_and_headers_are_found() {
        for (text, delimiter, header) in [
            ("a,b\n1,2\n3,4\n", "comma", true),
            ("1;2,5\n3;4\n", "semicolon", false),
            ("x\ty\n1\t2\n3\t4", "tab", true),
            ("1  2\n 3 4\n", "space", false),
            ("value\n1\n2\n", "space", true),
            ("\u{feff}1,2\r\n3,4\r\n", "comma", false),
        ] {
            let table = read(text);
            let summary = table.summary();
            assert_eq!((summary.delimiter.as_str(), summary.header), (delimiter, header), "{text:?}");
            assert_eq!(summary.rows, 2, "{text:?}");
        }
        assert_eq!(read("1;2,5\n3;4\n").numbers(&[0, 1]).unwrap(), [1.0, 2.5, 3.0, 4.0]);
        assert_eq!(read("1  2\n 3 4\n").numbers(&[0, 1]).unwrap(), [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn problems_are_reported_by_line() {
        let table = read("name,size,mass\nann,1.5,NA\n\nbob,,3\ncy,x,4\ndi,inf,5\n\"e\ne\",7,8\nshort\n");
        let summary = table.summary();
        assert_eq!(summary.columns.iter().map(|c| c.numbers).collect::<Vec<_>>(), [0, 2, 4]);
        let check = table.check(&[1, 2], None).unwrap();
        let found: Vec<_> = check.problems.iter().map(|p| (p.line, p.column.as_str(), p.reason.as_str())).collect();
        assert_eq!(
            found,
            [
                (2, "mass", "missing"),
                (4, "size", "empty"),
                (5, "size", "not a number"),
                (6, "size", "not a finite number"),
                (9, "size", "empty"),
                (9, "mass", "empty"),
            ]
        );
        assert_eq!((check.rows, check.kept, check.problem_count), (6, 1, 5));
        assert_eq!(table.numbers(&[1, 2]).unwrap(), [7.0, 8.0]);
    }

    #[test]
    fn weights_come_from_a_column_of_their_own() {
        let table = read("x,y,n\n1,2,3\n4,5,-1\n6,7,0\n8,9,\n10,11,0.5\n");
        let check = table.check(&[0, 1], Some(2)).unwrap();
        let found: Vec<_> = check.problems.iter().map(|p| (p.line, p.column.as_str(), p.reason.as_str())).collect();
        assert_eq!(found, [(3, "n", "a weight below 0"), (5, "n", "empty")]);
        assert_eq!((check.kept, check.problem_count), (3, 2));
        let (numbers, weights) = table.weighted_numbers(&[0, 1], Some(2)).unwrap();
        assert_eq!((numbers, weights.unwrap()), (vec![1.0, 2.0, 6.0, 7.0, 10.0, 11.0], vec![3.0, 0.0, 0.5]));
        assert_eq!(table.check(&[0, 2], None).unwrap().problem_count, 1, "as a coordinate it may be below 0");
        for (columns, weight) in [(&[0, 1][..], 1), (&[0], 3), (&[], 0)] {
            assert_eq!(table.check(columns, Some(weight)).unwrap_err(), Error::ColumnChoice);
        }
    }

    #[test]
    fn rows_with_the_same_word_are_of_one_group() {
        let table = read("kind,x,y\nb,1,2\na,3,4\nc,NA,5\nb,6,7\na,8,9\n");
        assert_eq!(table.groups(0, &[1, 2]).unwrap(), [0, 1, 0, 1], "the row of c has no number");
        assert_eq!(table.groups(0, &[2]).unwrap(), [0, 1, 2, 0, 1]);
        assert_eq!(table.groups(3, &[1]).unwrap_err(), Error::ColumnChoice);
        assert_eq!(table.groups(1, &[1]).unwrap_err(), Error::ColumnChoice);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for (text, code) in [
            ("", "empty-data"),
            (" \n\n", "empty-data"),
            ("a,b\n", "empty-data"),
            ("only words\nand more words\n", "no-numeric-column"),
            ("x\nred\ngreen\n", "no-numeric-column"),
            ("\u{0}\u{1}\u{2}PNG\u{fffd}\u{fffd}\n1,2", "not-a-table"),
        ] {
            assert_eq!(Table::read(text, "test").unwrap_err().code(), code, "{text:?}");
        }
        let table = read("a,b\n1,NA\n2,NA\n3,4\nNA,5\nNA,6\n");
        assert_eq!(table.check(&[0, 0], None).unwrap_err(), Error::ColumnChoice);
        assert_eq!(table.check(&[], None).unwrap_err(), Error::ColumnChoice);
        assert_eq!(table.check(&[0, 7], None).unwrap_err(), Error::ColumnChoice);
        assert_eq!(read("a,b\n1,NA\nNA,2\n").numbers(&[0, 1]).unwrap_err(), Error::NoUsableRows);
    }

    #[test]
    fn ten_megabytes_of_garbage_are_read_quickly_and_refused() {
        let noise: String =
            (0..10_000_000u32).map(|i| char::from((i.wrapping_mul(2_654_435_761) >> 24) as u8)).collect();
        assert!(Table::read(&noise, "test").is_err());
        let words = "lorem ipsum \"dolor, sit\n".repeat(400_000);
        assert!(Table::read(&words, "test").is_err());
    }
}
