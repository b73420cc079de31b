// The gradient and the step down it, twin of objective.rs, update.rs and parameters.rs, by one workgroup with an invocation a
// component.

struct Settings {
    fit: FitSettings,
    optimizer: Optimizer,
    // s.
    sparsity: f32,
    // A component whose weight is below counts as off.
    off_below: f32,
}

// A component's parameters, or a number for each of them. Of fewer than three dimensions the rest of the factor is that of a unit
// matrix.
struct Parameters {
    factor: mat3x3<f32>,
    mean: vec3<f32>,
    score: f32,
}

// A component's parameters with what the optimizer carries for them.
struct Carried {
    parameters: Parameters,
    first: Parameters,
    second: Parameters,
}

@group(0) @binding(0) var<uniform> settings: Settings;
// The present components, then those of one iteration ago.
@group(0) @binding(3) var<storage, read_write> state: array<Carried>;

fn finite_parameters(parameters: Parameters) -> bool {
    let factor = finite3(parameters.factor[0]) && finite3(parameters.factor[1]) && finite3(parameters.factor[2]);
    return factor && finite3(parameters.mean) && finite(parameters.score);
}

// A weight W of the softmax.
struct Weight {
    // log₂ W: its whole part, and the rest.
    log2: vec2<f32>,
    value: f32,
    root: f32,
    // Σ √W over all components.
    roots: f32,
}

fn weight_of(score: f32, lane: u32) -> Weight {
    let exists = lane < settings.fit.components;
    let largest = workgroup_max(select(NOTHING, score, exists), lane);
    let scaled = (score - largest) * LOG2_E;
    let all = workgroup_sum(select(0.0, exp2(scaled), exists), lane);
    let whole = floor(scaled + 0.5);
    let logarithm = vec2<f32>(whole, scaled - whole) - log2_parts(all);
    // √W from the logarithm: it has digits where W itself underflows.
    let root = exp2(0.5 * (logarithm.x + logarithm.y));
    let roots = workgroup_sum(select(0.0, root, exists), lane);
    return Weight(logarithm, root * root, root, roots);
}

// A precision A Aᵀ by Aᵀ = Q L.
struct Precision {
    // L, and its inverse.
    whitening: Triangle,
    root: Triangle,
    // Q.
    rotation: mat3x3<f32>,
    // Whether A can be inverted, in single precision.
    usable: bool,
}

// The diagonal of a singular matrix's triangle may come out as large as this part of its largest entry.
const ROUNDING: f32 = 4.8e-7;

fn precision_of(factor: mat3x3<f32>) -> Precision {
    let turned = lower_and_rotation(transpose(factor));
    let root = triangle_inverse(turned.lower);
    var diagonal = turned.lower.diagonal;
    var columns = factor;
    var largest = 0.0;
    var smallest = diagonal.x;
    for (var j = 0u; j < D; j++) {
        smallest = min(smallest, diagonal[j]);
        for (var i = 0u; i < D; i++) {
            largest = max(largest, abs(columns[j][i]));
        }
    }
    let usable = smallest > ROUNDING * largest && triangle_finite(turned.lower) && triangle_finite(root);
    return Precision(turned.lower, root, turned.rotation, usable);
}

// One component as the sums take it.
fn kernel(mean: vec3<f32>, whitening: Triangle, logarithm: vec2<f32>) -> Component {
    let diagonal = whitening.diagonal * OFFSET_SCALE;
    // The determinant of what offsets are multiplied by, rounded as they are: the two belong together.
    let log_scale = logarithm + log2_determinant(diagonal) - vec2<f32>(0.0, LOG2_NORMALIZATION * f32(D));
    return Component(mean, log_scale.x, diagonal, 0.0, whitening.below * OFFSET_SCALE, log_scale.y);
}

// s/M.
fn penalty_share() -> f32 {
    return settings.sparsity / f32(settings.fit.components);
}

// The derivatives of the cost by one component's parameters.
fn gradient_of(parameters: Parameters, weight: Weight, lane: u32) -> Parameters {
    let count = settings.fit.components;
    let moments = moments_of(min(lane, count - 1u));
    let part = 1.0 / settings.fit.total_weight;
    let turned = precision_of(parameters.factor);
    var gradient: Parameters;
    gradient.mean = transpose(full(turned.whitening)) * moments.first * -part;
    let counts = vec3<bool>(true, D > 1u, D > 2u);
    let rest = Triangle(select(vec3<f32>(), moments.diagonal - moments.mass, counts), moments.below);
    gradient.factor = full(turned.root) * symmetric(rest) * transpose(turned.rotation) * part;
    let by_penalty = 0.5 * penalty_share() * (weight.root - weight.value * weight.roots);
    let by_score = weight.value - moments.mass * part + by_penalty;
    // These derivatives add up to 0: what rounding makes of it would move all scores together.
    let excess = workgroup_sum(select(0.0, by_score, lane < count), lane) / f32(count);
    gradient.score = by_score - excess;
    return gradient;
}

var<workgroup> finite_here: u32;

// Judges cost and gradient at the present parameters and records them; takes the last step back where one of them is not finite.
// Returns whether the fit goes on.
fn judge(gradient: Parameters, weight: Weight, lane: u32) -> bool {
    let count = settings.fit.components;
    let exists = lane < count;
    let broken = workgroup_sum_i32(select(0, 1, exists && !finite_parameters(gradient)), lane) > 0;
    let on = workgroup_sum_i32(select(0, 1, exists && weight.value >= settings.off_below), lane);
    if lane == 0u {
        if broken {
            control.total.unit = -1.0;
        }
        let row = control.rows;
        finite_here = select(0u, 1u, settle(settings.fit.tolerance, settings.fit.objective_scale));
        if control.rows > row {
            history[row * ROW + 4u] = bitcast<i32>(penalty_share() * weight.roots);
            history[row * ROW + 5u] = on;
        }
    }
    if workgroupUniformLoad(&finite_here) == 1u {
        return true;
    }
    if exists {
        state[lane] = state[count + lane];
    }
    if lane == 0u && control.iteration > 0u {
        control.iteration -= 1u;
        control.step -= 1u;
    }
    return false;
}

// A component one step down the gradient.
fn moved(before: Carried, gradient: Parameters, number: u32) -> Carried {
    var next = before;
    var slope = gradient;
    for (var j = 0u; j < D; j++) {
        for (var i = 0u; i < D; i++) {
            let entry = Moved(next.parameters.factor[j][i], next.first.factor[j][i], next.second.factor[j][i]);
            let after = stepped(settings.optimizer, number, entry, slope.factor[j][i]);
            next.parameters.factor[j][i] = after.parameter;
            next.first.factor[j][i] = after.first;
            next.second.factor[j][i] = after.second;
        }
        let place = Moved(next.parameters.mean[j], next.first.mean[j], next.second.mean[j]);
        let after = stepped(settings.optimizer, number, place, slope.mean[j]);
        next.parameters.mean[j] = after.parameter;
        next.first.mean[j] = after.first;
        next.second.mean[j] = after.second;
    }
    let score = Moved(next.parameters.score, next.first.score, next.second.score);
    let after = stepped(settings.optimizer, number, score, slope.score);
    next.parameters.score = after.parameter;
    next.first.score = after.first;
    next.second.score = after.second;
    return next;
}

@compute @workgroup_size(WORKGROUP)
fn update(@builtin(local_invocation_index) lane: u32) {
    if !running(lane) {
        return;
    }
    let count = settings.fit.components;
    let exists = lane < count;
    let present = state[min(lane, count - 1u)];
    let weight = weight_of(present.parameters.score, lane);
    let gradient = gradient_of(present.parameters, weight, lane);
    if !judge(gradient, weight, lane) {
        return;
    }
    let next = moved(present, gradient, control.step + 1u);
    let turned = precision_of(next.parameters.factor);
    let next_weight = weight_of(next.parameters.score, lane);
    let sound = finite_parameters(next.parameters) && finite_parameters(next.first) && finite_parameters(next.second);
    if workgroup_sum_i32(select(0, 1, exists && !(sound && turned.usable)), lane) > 0 {
        if lane == 0u {
            control.stopped = ATTENTION;
        }
        return;
    }
    if exists {
        state[count + lane] = present;
        state[lane] = next;
        components[lane] = kernel(next.parameters.mean, turned.whitening, next_weight.log2);
    }
    if lane == 0u {
        control.iteration += 1u;
        control.step += 1u;
    }
}

// Judges cost and gradient after the last iteration of a submission.
@compute @workgroup_size(WORKGROUP)
fn finish(@builtin(local_invocation_index) lane: u32) {
    if !running(lane) {
        return;
    }
    let present = state[min(lane, settings.fit.components - 1u)].parameters;
    let weight = weight_of(present.score, lane);
    let gradient = gradient_of(present, weight, lane);
    _ = judge(gradient, weight, lane);
}
