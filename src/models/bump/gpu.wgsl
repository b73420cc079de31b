// Σ r ∂f of the forms over a batch, twin of objective.rs. The form as asked has no gradient: it never comes here.
//
// A workgroup takes a run of rows, a tile at a time; an invocation has one entry of each tile, always of the same feature, and so
// of the same set of parameters. Where a number overflows is found before it does, or by bounds on what leads to it: comparisons
// may assume that there is neither NaN nor infinity.

struct Settings {
    // Its points are rows.
    fit: FitSettings,
    // Entries a row.
    features: u32,
    // Sets of parameters: one for all features, or one a feature.
    sets: u32,
    // Iterations between two records.
    interval: u32,
    padding: u32,
    optimizer: Optimizer,
}

// Forms: single where, double where, safe, squared, Gaussian.
const FORMS: u32 = 5u;
const SINGLE_WHERE: u32 = 0u;
const DOUBLE_WHERE: u32 = 1u;
const SAFE: u32 = 2u;
const SQUARED: u32 = 3u;
const GAUSSIAN: u32 = 4u;
// A set's parameters: σ of each form that has one; then a, b, c.
const PARAMETERS: u32 = 7u;
const MOST: u32 = 28u;

struct Bumps {
    // Set by set, and what rounding took off each parameter: short steps would get lost without it.
    parameters: array<f32, MOST>,
    rests: array<f32, MOST>,
    // What the optimizer carries for each, in units of gradients and their squares: 1, or LARGE_UNIT.
    first: array<f32, MOST>,
    second: array<f32, MOST>,
    units: array<f32, MOST>,
    // Steps that the optimizer has done, form by form.
    steps: array<u32, FORMS>,
    // Whether the form learns.
    learns: array<u32, FORMS>,
    // Iterations since the last record.
    since: u32,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(3) var<storage, read_write> state: Bumps;

// The largest number, and the largest whose exponential is finite.
const LARGEST: f32 = 3.4028234663852886e38;
const LARGEST_EXPONENT: f32 = 88.72283172607422;
// The square root of the largest number.
const LARGEST_ROOT: f32 = 1.8446743e19;

// r ∂f of one entry, and whether the processor has infinity or NaN there.
struct Term {
    product: f32,
    broken: bool,
}

const BROKEN = Term(0.0, true);
const NO_TERM = Term(0.0, false);

fn overflows(a: f32, b: f32) -> bool {
    return abs(b) > 1.0 && abs(a) > LARGEST / abs(b);
}

// |x| < σ, as the source's condition has it.
fn within(sigma: f32, x: f32) -> bool {
    return x < sigma && x > -sigma;
}

// For exp(−σ/(σ − x²)), wherever x is. Its derivative is 0 · ∞ where σ = x², and the value overflows where x² is just above.
fn core_term(sigma: f32, x: f32, y: f32) -> Term {
    let difference = sigma - x * x;
    if difference == 0.0 {
        return BROKEN;
    }
    let exponent = -(sigma / difference);
    if exponent > LARGEST_EXPONENT {
        return BROKEN;
    }
    let value = exp(exponent);
    let ratio = x / difference;
    let slope = value * ratio;
    let d_sigma = slope * ratio;
    let residual = value - y;
    if overflows(value, ratio) || overflows(slope, ratio) || overflows(residual, d_sigma) {
        return BROKEN;
    }
    return Term(residual * d_sigma, false);
}

fn single_where(sigma: f32, x: f32, y: f32) -> Term {
    if within(sigma, x) {
        return core_term(sigma, x, y);
    }
    if sigma == 0.0 {
        return NO_TERM;
    }
    // The branch that is not used gets a 0 sent back, which is NaN where its exponential is infinite (0 · ∞), where σ = x²
    // (0/0), and where its quotient, divided once more, is infinite.
    let difference = sigma - x * x;
    if difference == 0.0 {
        return BROKEN;
    }
    let quotient = sigma / difference;
    if -quotient > LARGEST_EXPONENT || (abs(difference) < 1.0 && abs(quotient) > LARGEST * abs(difference)) {
        return BROKEN;
    }
    return NO_TERM;
}

fn double_where(sigma: f32, x: f32, y: f32) -> Term {
    if within(sigma, x) {
        return core_term(sigma, x, y);
    }
    return NO_TERM;
}

fn safe_term(sigma: f32, x: f32, y: f32) -> f32 {
    let difference = sigma - x * x;
    if sigma <= 0.0 || difference <= 0.0 {
        return 0.0;
    }
    let value = exp(-(sigma / difference));
    // Where the value has underflown the derivative has too, whatever the powers that multiply it.
    if value <= 0.0 {
        return 0.0;
    }
    let ratio = x / difference;
    return (value - y) * (value * ratio * ratio);
}

fn squared_term(sigma: f32, x: f32, y: f32) -> f32 {
    if !within(sigma, x) {
        return 0.0;
    }
    let scale = sigma / (sigma - x);
    let value = exp(-(scale * (sigma / (sigma + x))));
    if value <= 0.0 {
        return 0.0;
    }
    let ratio = (x / (sigma - x)) / (sigma + x);
    let half_slope = value * sigma * ratio * ratio;
    return (value - y) * (half_slope + half_slope);
}

// r ∂f/∂a, r ∂f/∂b, r ∂f/∂c.
struct GaussianTerm {
    products: vec3<f32>,
    broken: bool,
}

fn gaussian_term(a: f32, b: f32, c: f32, x: f32, y: f32) -> GaussianTerm {
    let offset = x - c;
    // A square that overflows meets a value of 0 or infinity; an exponential that does makes the residual infinite, or 0 · ∞.
    if abs(offset) > LARGEST_ROOT {
        return GaussianTerm(vec3<f32>(), true);
    }
    let square = offset * offset;
    let exponent = -(b * square);
    if exponent > LARGEST_EXPONENT {
        return GaussianTerm(vec3<f32>(), true);
    }
    let d_a = exp(exponent);
    let value = a * d_a;
    let slope = value * b * offset;
    return GaussianTerm((value - y) * vec3<f32>(d_a, -(value * square), slope + slope), false);
}

var<workgroup> present_place: u32;

// The first row of the present batch among the uploaded orders; uniform over the workgroup.
fn place_of_batch(lane: u32) -> u32 {
    if lane == 0u {
        present_place = control.place;
    }
    return workgroupUniformLoad(&present_place);
}

// Rows of the batch that begins there: the last one of an epoch may be smaller.
fn rows_from(place: u32) -> u32 {
    return min(settings.fit.batch, settings.fit.count - place % settings.fit.count);
}

@compute @workgroup_size(WORKGROUP)
fn sum(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    if !running(lane) {
        return;
    }
    let workgroup = piece.first + group.x;
    let width = settings.fit.workgroups;
    let place = place_of_batch(lane);
    let rows = rows_from(place);
    // Whole rows, so that an invocation keeps its feature.
    let features = settings.features;
    let tile = WORKGROUP / features;
    let tiles = (rows + tile - 1u) / tile;
    let each = (tiles + width - 1u) / width;
    let end = min((workgroup + 1u) * each * tile, rows);
    let feature = lane % features;
    let own_set = feature % settings.sets;
    let at = own_set * PARAMETERS;
    let sigmas = vec4<f32>(
        state.parameters[at],
        state.parameters[at + 1u],
        state.parameters[at + 2u],
        state.parameters[at + 3u],
    );
    let gaussian = vec3<f32>(state.parameters[at + 4u], state.parameters[at + 5u], state.parameters[at + 6u]);
    var products: array<f32, PARAMETERS>;
    var broken = 0;
    if lane < tile * features {
        for (var row = workgroup * each * tile + lane / features; row < end; row += tile) {
            let entry = index_of(place + row) * features + feature;
            let x = point_of(entry).x;
            let y = value_of(entry);
            if state.learns[SINGLE_WHERE] != 0u {
                let term = single_where(sigmas.x, x, y);
                products[0] += term.product;
                broken += select(0, 1, term.broken);
            }
            if state.learns[DOUBLE_WHERE] != 0u {
                let term = double_where(sigmas.y, x, y);
                products[1] += term.product;
                broken += select(0, 1, term.broken);
            }
            if state.learns[SAFE] != 0u {
                products[2] += safe_term(sigmas.z, x, y);
            }
            if state.learns[SQUARED] != 0u {
                products[3] += squared_term(sigmas.w, x, y);
            }
            if state.learns[GAUSSIAN] != 0u {
                let term = gaussian_term(gaussian.x, gaussian.y, gaussian.z, x, y);
                products[4] += term.products.x;
                products[5] += term.products.y;
                products[6] += term.products.z;
                broken += select(0, 1, term.broken);
            }
        }
    }
    for (var row = 0u; row < settings.sets * PARAMETERS; row++) {
        let own = row / PARAMETERS == own_set;
        let all = workgroup_sum(select(0.0, products[row % PARAMETERS], own), lane);
        if lane == 0u {
            partials[row * width + workgroup] = all;
        }
    }
    // The last row says whether any entry broke.
    let any = workgroup_sum_i32(broken, lane);
    if lane == 0u {
        partials[settings.sets * PARAMETERS * width + workgroup] = select(0.0, 1.0, any > 0);
    }
}
