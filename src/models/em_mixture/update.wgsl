// The M-step, twin of update.rs, by one workgroup with an invocation a component.

struct Settings {
    fit: FitSettings,
    // 0 full, 1 tied, 2 diagonal, 3 spherical.
    covariance_type: u32,
    // Added to each variance.
    regularization: f32,
    // The smallest eigenvalue of a covariance; 0 for none.
    minimum_variance: f32,
    padding: f32,
}

const TIED: u32 = 1u;
const DIAGONAL: u32 = 2u;
const SPHERICAL: u32 = 3u;

// One Gaussian: how it fares is 0 for active, 1 for collapsed, 2 for empty.
struct Gaussian {
    mean: vec3<f32>,
    weight: f32,
    // The root of the covariance.
    diagonal: vec3<f32>,
    fares: f32,
    below: vec3<f32>,
    padding: f32,
}

const ACTIVE: f32 = 0.0;
const COLLAPSED: f32 = 1.0;
const EMPTY: f32 = 2.0;

@group(0) @binding(0) var<uniform> settings: Settings;
// The present Gaussians, then those of one iteration ago.
@group(0) @binding(3) var<storage, read_write> state: array<Gaussian, 2u * COMPONENTS>;

// A component that answers for less than this part of one point, or of all where their weights sum to less than 1, is empty.
const EMPTY_MASS: f32 = 1e-30;
// A scatter that is less than this part of the sums that it is the difference of has no digits left in single precision.
const LOST_TO_ROUNDING: f32 = 1e-5;

// One component as the sums take it.
fn kernel(gaussian: Gaussian) -> Component {
    let whitening = triangle_inverse(Triangle(gaussian.diagonal, gaussian.below));
    let diagonal = whitening.diagonal * OFFSET_SCALE;
    var log_scale = vec2<f32>(NOTHING, 0.0);
    if gaussian.weight > 0.0 {
        // The determinant of what offsets are multiplied by, rounded as they are: the two belong together.
        log_scale = log2_parts(gaussian.weight) + log2_determinant(diagonal) - vec2<f32>(0.0, LOG2_NORMALIZATION * f32(D));
    }
    return Component(gaussian.mean, log_scale.x, diagonal, 0.0, whitening.below * OFFSET_SCALE, log_scale.y);
}

// A component's share of the M-step, before its covariance takes its shape.
struct Centred {
    mass: f32,
    mean: vec3<f32>,
    // The scatter about the new mean, whitened by the old root; rows that do not count are those of a unit matrix.
    scatter: Triangle,
    // The mean square of the whitened offsets, of which the scatter is what is left.
    square: f32,
}

fn centred(gaussian: Gaussian, moments: ComponentMoments) -> Centred {
    let mass = moments.mass;
    let moved = moments.first / mass;
    var diagonal = moments.diagonal / mass;
    var below = moments.below / mass;
    let square = diagonal.x + diagonal.y + diagonal.z;
    diagonal -= moved * moved;
    below -= vec3<f32>(moved.y * moved.x, moved.z * moved.x, moved.z * moved.y);
    let mean = gaussian.mean + triangle_times(Triangle(gaussian.diagonal, gaussian.below), moved);
    return Centred(mass, mean, Triangle(counted(diagonal), below), square);
}

// The diagonal with 1 where a dimension does not count.
fn counted(diagonal: vec3<f32>) -> vec3<f32> {
    return select(vec3<f32>(1.0), diagonal, vec3<bool>(true, D > 1u, D > 2u));
}

// Variances along the axes as a root, each at least `minimum`.
fn axis_aligned(variances: vec3<f32>, minimum: f32) -> Root {
    let low = variances < vec3<f32>(minimum);
    let raised = low.x || (D > 1u && low.y) || (D > 2u && low.z);
    return checked(Triangle(counted(sqrt(max(variances, vec3<f32>(minimum)))), vec3<f32>()), raised);
}

// The likeliest covariance of the wanted shape for the whitened scatter about the mean.
fn shape(gaussian: Gaussian, scatter: Triangle, square: f32) -> Root {
    let minimum = settings.minimum_variance;
    let added = settings.regularization;
    if minimum <= 0.0 && added <= 0.0 {
        let rest = Triangle(scatter.diagonal - LOST_TO_ROUNDING * square, scatter.below);
        if !cholesky(rest).usable {
            return NO_ROOT;
        }
    }
    let lower = Triangle(gaussian.diagonal, gaussian.below);
    let covariance_type = settings.covariance_type;
    if covariance_type < DIAGONAL && added <= 0.0 {
        return rescaled(lower, scatter, minimum);
    }
    var covariance = congruence(lower, scatter);
    if covariance_type < DIAGONAL {
        covariance.diagonal = counted(covariance.diagonal + added);
        return rescaled(Triangle(vec3<f32>(1.0), vec3<f32>()), covariance, minimum);
    }
    if covariance_type == DIAGONAL {
        return axis_aligned(covariance.diagonal + added, minimum);
    }
    var trace = covariance.diagonal.x;
    if D > 1u {
        trace += covariance.diagonal.y;
    }
    if D > 2u {
        trace += covariance.diagonal.z;
    }
    return axis_aligned(vec3<f32>(trace / f32(D) + added), minimum);
}

var<workgroup> objective_is_finite: u32;

@compute @workgroup_size(WORKGROUP)
fn update(@builtin(local_invocation_index) lane: u32) {
    if !running(lane) {
        return;
    }
    if lane == 0u {
        objective_is_finite = select(0u, 1u, settle(settings.fit.tolerance, settings.fit.objective_scale));
    }
    let usable = workgroupUniformLoad(&objective_is_finite) == 1u;
    let count = settings.fit.components;
    let exists = lane < count;
    if !usable {
        restore(lane);
        return;
    }
    if !running(lane) {
        return;
    }
    let present = state[min(lane, count - 1u)];
    let moments = moments_of(min(lane, count - 1u));
    let mass = select(0.0, moments.mass, exists);
    let all_mass = workgroup_sum(mass, lane);
    let takes_part = exists && mass > 0.0 && mass >= EMPTY_MASS * min(all_mass, 1.0);
    let total = workgroup_sum(select(0.0, mass, takes_part), lane);

    var next = present;
    var failed = 0;
    var part = Centred(0.0, present.mean, Triangle(vec3<f32>(1.0), vec3<f32>()), 0.0);
    if takes_part {
        part = centred(present, moments);
        next.mean = part.mean;
    }
    next.weight = select(0.0, mass / total, takes_part);
    next.fares = select(EMPTY, ACTIVE, takes_part);
    if settings.covariance_type == TIED {
        // All roots are the same, so the whitened scatters may be pooled.
        let share = next.weight;
        var pooled = Triangle(
            vec3<f32>(workgroup_sum(part.scatter.diagonal.x * share, lane), 1.0, 1.0),
            vec3<f32>(),
        );
        if D > 1u {
            pooled.diagonal.y = workgroup_sum(part.scatter.diagonal.y * share, lane);
            pooled.below.x = workgroup_sum(part.scatter.below.x * share, lane);
        }
        if D > 2u {
            pooled.diagonal.z = workgroup_sum(part.scatter.diagonal.z * share, lane);
            pooled.below.y = workgroup_sum(part.scatter.below.y * share, lane);
            pooled.below.z = workgroup_sum(part.scatter.below.z * share, lane);
        }
        let square = workgroup_sum(part.square * share, lane);
        // Every invocation makes the same root.
        let root = shape(state[0], pooled, square);
        failed = select(1, 0, root.usable);
        next.diagonal = root.lower.diagonal;
        next.below = root.lower.below;
        if takes_part && root.raised {
            next.fares = COLLAPSED;
        }
    } else if takes_part {
        let root = shape(present, part.scatter, part.square);
        failed = select(1, 0, root.usable);
        next.diagonal = root.lower.diagonal;
        next.below = root.lower.below;
        if root.raised {
            next.fares = COLLAPSED;
        }
    }
    if exists && !(finite3(next.mean) && finite(next.weight)) {
        failed = 1;
    }
    if workgroup_sum_i32(failed, lane) > 0 {
        if lane == 0u {
            control.stopped = ATTENTION;
        }
        return;
    }
    if exists {
        state[COMPONENTS + lane] = present;
        state[lane] = next;
        components[lane] = kernel(next);
    }
    if lane == 0u {
        control.iteration += 1u;
    }
}

// Takes the last step back: the objective that it led to is not finite.
fn restore(lane: u32) {
    if lane < settings.fit.components {
        state[lane] = state[COMPONENTS + lane];
        components[lane] = kernel(state[lane]);
    }
    if lane == 0u {
        control.iteration -= min(control.iteration, 1u);
    }
}

// Judges the objective after the last iteration of a submission.
@compute @workgroup_size(WORKGROUP)
fn finish(@builtin(local_invocation_index) lane: u32) {
    if !running(lane) {
        return;
    }
    if lane == 0u {
        objective_is_finite = select(0u, 1u, settle(settings.fit.tolerance, settings.fit.objective_scale));
    }
    if workgroupUniformLoad(&objective_is_finite) == 0u {
        restore(lane);
    }
}
