//! The one error type. Every sentence says what happened and what to do.

use thiserror::Error;

/// What can go wrong with data, settings or a fit.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Error {
    /// No rows at all.
    #[error("There is no data in it. Give one row a point, with one or two columns of numbers.")]
    EmptyData,
    /// Text that is not a table.
    #[error(
        "This does not look like a table: {reason}. Give a text file with one row a point and columns separated by commas, semicolons, tabs or spaces."
    )]
    NotATable {
        /// What gave it away.
        reason: String,
    },
    /// A table without a column of numbers.
    #[error("No column holds numbers. A fit needs one or two numeric columns.")]
    NoNumericColumn,
    /// A column that the table does not have, or a column twice.
    #[error("Choose one to three different columns of the table.")]
    ColumnChoice,
    /// Too few or too many columns for the experiment.
    #[error("Choose {wanted} columns: {meaning}.")]
    ColumnCount {
        /// How many, in words.
        wanted: &'static str,
        /// What they stand for.
        meaning: &'static str,
    },
    /// No row is left after those with problems are dropped.
    #[error("No row has a number in each chosen column, so nothing is left to fit. Choose other columns.")]
    NoUsableRows,
    /// A coordinate that is NaN or infinite.
    #[error("Point {point} is not a finite number. Remove it or replace it.")]
    NonFinite {
        /// Which point, counted from 1.
        point: usize,
    },
    /// A target that is NaN or infinite.
    #[error("The target of point {point} is not a finite number. Remove the point or correct its target.")]
    NonFiniteTarget {
        /// Which point, counted from 1.
        point: usize,
    },
    /// A weight that is negative, NaN, infinite, or so large that their sum is infinite.
    #[error("The weight of point {point} is not a number from 0 up. Correct it, or give 0 to leave the point out.")]
    Weight {
        /// Which point, counted from 1.
        point: usize,
    },
    /// Not one weight a point.
    #[error("There are {weights} weights for {points} points. Give one weight a point.")]
    WeightCount {
        /// Weights given.
        weights: usize,
        /// Points there are.
        points: usize,
    },
    /// Not one label a point.
    #[error("There are {labels} labels for {points} points. Give one label a point.")]
    LabelCount {
        /// Labels given.
        labels: usize,
        /// Points there are.
        points: usize,
    },
    /// Weights that are all 0.
    #[error("All weights are 0, so no point counts. Give at least two different points a weight above 0.")]
    NoWeight,
    /// Weights so large or so small that their sums leave the precision.
    #[error(
        "The largest weight is {largest:.0e}, outside what {precision} precision can hold. Multiply all weights by one number, so that it is about 1."
    )]
    WeightSpread {
        /// The largest weight.
        largest: f64,
        /// `single` or `double`.
        precision: &'static str,
    },
    /// A column of weights where the model has no use for them.
    #[error(
        "This experiment counts each point once. Choose no column of weights, or open the table in the EM or the sparse mixture."
    )]
    TakesNoWeights,
    /// An array whose length is not a multiple of the dimension.
    #[error("{length} numbers do not make whole points of {dimension} columns. Give one to three columns, row by row.")]
    Shape {
        /// Numbers given.
        length: usize,
        /// Columns named.
        dimension: usize,
    },
    /// Fewer than two points.
    #[error("One point is not enough: a Gaussian needs at least two different ones.")]
    OnePoint,
    /// All points at the same place.
    #[error("All points are equal, so there is no spread to fit. Give at least two different points.")]
    AllEqual,
    /// Numbers so large or so close together that their squares leave the precision.
    #[error(
        "The data spread over {spread:.0e}, outside what {precision} precision can hold. Rescale the columns, for example by changing their unit."
    )]
    Spread {
        /// Largest distance from the mean.
        spread: f64,
        /// `single` or `double`.
        precision: &'static str,
    },
    /// More components than points.
    #[error(
        "{components} components need at least as many points, and there are {points}. Choose fewer components or give more points."
    )]
    TooManyComponents {
        /// Components asked for.
        components: usize,
        /// Points there are.
        points: usize,
    },
    /// A setting that does not exist, or a value of the wrong kind.
    #[error("{name} cannot be {value}. {expected}")]
    Setting {
        /// The setting's name.
        name: String,
        /// The value given, as text.
        value: String,
        /// What it may be, as a sentence.
        expected: String,
    },
    /// An experiment that does not exist.
    #[error("There is no experiment “{name}”. Choose one of: {names}.")]
    NoSuchExperiment {
        /// The name given.
        name: String,
        /// Those there are.
        names: String,
    },
    /// An argument from JavaScript that is not what the declaration says.
    #[error("This argument cannot be read: {reason}. Pass plain objects as the type declarations say.")]
    Argument {
        /// What is wrong with it.
        reason: String,
    },
    /// The visitor's own data were asked for before any were given.
    #[error("There are no data of your own yet. Paste, drop or open a CSV first.")]
    NoOwnData,
    /// The visitor's own data where the experiment draws its own.
    #[error("This experiment draws its own points, so it cannot take yours. Open your data in another experiment.")]
    DrawsItsOwnData,
    /// Editing points by hand where each needs a number to predict.
    #[error(
        "Each point of this plane has a number to predict, so points cannot be drawn by hand. Paste or open a table, or draw in a mixture."
    )]
    PointsHaveTargets,
    /// A component's number that is not there.
    #[error("There is no component {component}. They are counted from 1 to {components}.")]
    NoSuchComponent {
        /// The component asked for, counted from 1.
        component: usize,
        /// Components there are.
        components: usize,
    },
    /// A component of a fit that has none, or that chooses its components by itself.
    #[error("{reason}")]
    Immovable {
        /// Why, and what to do, as sentences.
        reason: &'static str,
    },
    /// Points to be drawn from a model that is no distribution.
    #[error("Only a mixture is a distribution that points can be drawn from. Open one of the mixtures to draw points.")]
    NoDistribution,
    /// A component's covariance is no longer positive definite or finite.
    #[error(
        "The covariance of component {component} collapsed and has no density any more. Raise the minimum variance or choose fewer components."
    )]
    CollapsedCovariance {
        /// Which component, counted from 1.
        component: usize,
    },
    /// A likelihood that is not a finite number.
    #[error(
        "The log-likelihood stopped being a finite number. Use double precision, raise the minimum variance or rescale the data."
    )]
    NonFiniteObjective,
    /// A fit whose next iteration has no finite parameters.
    #[error(
        "After iteration {iteration}, {parameter} was no longer a finite number, so the fit went back to it and stopped. {advice}"
    )]
    Diverged {
        /// The last finite iteration.
        iteration: usize,
        /// What blew up first: `the loss`, `the centre of component 3`.
        parameter: String,
        /// What to do, as a sentence.
        advice: &'static str,
    },
    /// A fit of covariances themselves whose start has some that are none.
    #[error(
        "Σ of {components} is not positive definite from the start, so there is no such Gaussian and no loss. Train a factor A with Σ = A·Aᵀ + εI instead, from A = I."
    )]
    NoCovariance {
        /// Which components, counted from 1, in words: `components 1, 2 and 5`.
        components: String,
    },
    /// A fit of covariances themselves whose next step makes one of them none.
    #[error(
        "After iteration {iteration}, a step would leave Σ of component {component} not positive definite, so the fit stopped there. Train a factor A with Σ = A·Aᵀ + εI instead: no step can leave those."
    )]
    LostCovariance {
        /// The last iteration with covariances.
        iteration: usize,
        /// Which component, counted from 1.
        component: usize,
    },
    /// Parameters that do not fit together.
    #[error("These parameters are unusable: {reason}.")]
    Parameters {
        /// What is wrong.
        reason: String,
    },
    /// A snapshot that does not belong to the data in use.
    #[error("This saved state belongs to other data or settings. Start the fit anew.")]
    ForeignSnapshot,
}

impl Error {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyData => "empty-data",
            Self::NotATable { .. } => "not-a-table",
            Self::NoNumericColumn => "no-numeric-column",
            Self::ColumnChoice | Self::ColumnCount { .. } => "column-choice",
            Self::NoUsableRows => "no-usable-rows",
            Self::NonFinite { .. } => "non-finite-point",
            Self::NonFiniteTarget { .. } => "non-finite-target",
            Self::Weight { .. } => "weight",
            Self::WeightCount { .. } => "weight-count",
            Self::LabelCount { .. } => "label-count",
            Self::NoWeight => "no-weight",
            Self::WeightSpread { .. } => "weight-spread",
            Self::TakesNoWeights => "takes-no-weights",
            Self::Shape { .. } => "shape",
            Self::OnePoint => "one-point",
            Self::AllEqual => "all-equal",
            Self::Spread { .. } => "spread",
            Self::TooManyComponents { .. } => "too-many-components",
            Self::Setting { .. } => "setting",
            Self::NoSuchExperiment { .. } => "no-such-experiment",
            Self::Argument { .. } => "argument",
            Self::NoOwnData => "no-own-data",
            Self::DrawsItsOwnData => "draws-its-own-data",
            Self::PointsHaveTargets => "points-have-targets",
            Self::NoSuchComponent { .. } => "no-such-component",
            Self::Immovable { .. } => "immovable",
            Self::NoDistribution => "no-distribution",
            Self::CollapsedCovariance { .. } => "collapsed-covariance",
            Self::NonFiniteObjective => "non-finite-objective",
            Self::Diverged { .. } => "diverged",
            Self::NoCovariance { .. } => "no-covariance",
            Self::LostCovariance { .. } => "lost-covariance",
            Self::Parameters { .. } => "parameters",
            Self::ForeignSnapshot => "foreign-snapshot",
        }
    }
}
