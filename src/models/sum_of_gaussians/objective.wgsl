// The loss, term by term, with its gradient: twin of objective.rs. One workgroup with an invocation a component; those that were
// removed do not exist.

// What the authors add to every coordinate of the difference of two centres before they take its length.
const SPREAD_OFFSET: f32 = 1e-9;
// The largest absolute value of a parameter: `LARGEST` of the lanes of four, and its root.
const LARGEST: f32 = 1e30;
const LARGEST_ROOT: f32 = 1e15;

// The centres, and 1 for those that exist.
var<workgroup> centres: array<vec4<f32>, COMPONENTS>;

fn note_centre(gaussian: Gaussian, lane: u32) {
    if lane < settings.fit.components {
        centres[lane] = vec4<f32>(gaussian.now.mean, gaussian.in_use);
    }
    workgroupBarrier();
}

// |v|, also where its square leaves single precision.
fn long(v: vec3<f32>) -> f32 {
    let largest = max(abs(v.x), max(abs(v.y), abs(v.z)));
    if largest < VANISHING {
        return 0.0;
    }
    return largest * length(v / largest);
}

// From centre i to centre j, of which i comes first.
fn difference(i: u32, j: u32) -> vec3<f32> {
    return centres[j].xyz - centres[i].xyz + of_dimension(SPREAD_OFFSET);
}

// The mean distance of two centres, and how many pairs of them there are: 0 where there is no penalty. For all invocations.
struct Apart {
    mean: f32,
    pairs: f32,
}

fn apart(lane: u32) -> Apart {
    if settings.spread == 0.0 {
        return Apart(0.0, 0.0);
    }
    let exists = lane < settings.fit.components && centres[min(lane, COMPONENTS - 1u)].w > 0.0;
    var sum = 0.0;
    if exists {
        for (var i = 0u; i < lane; i++) {
            if centres[i].w > 0.0 {
                sum += long(difference(i, lane));
            }
        }
    }
    let count = workgroup_sum(select(0.0, 1.0, exists), lane);
    // The distances of centres from themselves are in the sum, too.
    let all = workgroup_sum(sum, lane) + count * long(of_dimension(SPREAD_OFFSET));
    let pairs = 0.5 * count * (count - 1.0);
    return Apart(all / max(pairs, 1.0), pairs);
}

// The gradient of the spread penalty by centre `k`.
fn spread_gradient(k: u32, distances: Apart) -> vec3<f32> {
    if distances.pairs == 0.0 {
        return vec3<f32>();
    }
    let scale = settings.spread / distances.mean / distances.mean / distances.pairs;
    var gradient = vec3<f32>();
    for (var other = 0u; other < settings.fit.components; other++) {
        if other == k || centres[other].w == 0.0 {
            continue;
        }
        let along = difference(min(other, k), max(other, k));
        let distance = long(along);
        if distance > 0.0 {
            let pull = along / distance * scale;
            gradient += select(pull, -pull, other < k);
        }
    }
    return gradient;
}

// A row's sum. Of a batch that one workgroup takes it is that workgroup's, and no kernel adds it up.
fn summed(row: u32) -> f32 {
    if settings.fit.workgroups == 1u {
        return partials[row];
    }
    return sums[row];
}

// The gradient of the loss by the parameters of component `k`, from the sums over `count` samples.
fn gradient_of(gaussian: Gaussian, k: u32, count: f32, distances: Apart) -> Numbers {
    let row = k * SUMS;
    var first = vec3<f32>();
    var second: Triangle;
    first.x = summed(row + 1u);
    second.diagonal.x = summed(row + 1u + D);
    if D > 1u {
        first.y = summed(row + 2u);
        second.below.x = summed(row + 2u + D);
        second.diagonal.y = summed(row + 3u + D);
    }
    if D > 2u {
        first.z = summed(row + 3u);
        second.below.y = summed(row + 4u + D);
        second.below.z = summed(row + 5u + D);
        second.diagonal.z = summed(row + 6u + D);
    }
    // With u = R⁻¹ (x − μ) and dΣ = dA Aᵀ + A dAᵀ: ∂q/∂μ = R⁻ᵀ u and ∂q/∂A = R⁻ᵀ u uᵀ R⁻¹ A.
    let whitened = whitening(gaussian.now.factor);
    let unwhitening = transpose(full(whitened.matrix));
    let scale = 2.0 / count;
    let by_offset = scale * gaussian.now.amplitude / OFFSET_SCALE;
    var gradient: Numbers;
    gradient.amplitude = scale * summed(row) + settings.amplitude_l1 * sign(gaussian.now.amplitude);
    gradient.mean = unwhitening * first * by_offset + spread_gradient(k, distances);
    gradient.factor = counted(unwhitening * (symmetric(second) * whitened.factor) * (by_offset / OFFSET_SCALE));
    return gradient;
}

fn within(value: f32, largest: f32) -> bool {
    return finite(value) && abs(value) <= largest;
}

fn within3(value: vec3<f32>, largest: f32) -> bool {
    return within(value.x, largest) && within(value.y, largest) && within(value.z, largest);
}

// Whether a fit can go on from these parameters: they are finite, none is so large that its square leaves single precision, and
// the covariance is not singular.
fn usable(numbers: Numbers, whitened: Whitening) -> bool {
    let mean = abs(numbers.mean);
    let farthest = max(1.0, max(mean.x, max(mean.y, mean.z)));
    var diagonal = whitened.matrix.diagonal;
    // Rows that do not count.
    diagonal = select(vec3<f32>(), diagonal, vec3<bool>(true, D > 1u, D > 2u));
    return within(numbers.amplitude, LARGEST_ROOT / f32(settings.fit.components))
        && within3(numbers.mean, LARGEST)
        && within3(numbers.factor[0], LARGEST)
        && within3(numbers.factor[1], LARGEST)
        && within3(numbers.factor[2], LARGEST)
        && whitened.usable
        && within3(diagonal * farthest, LARGEST)
        && within3(whitened.matrix.below * farthest, LARGEST);
}

// At the end of an epoch: the loss over all samples, term by term, into the history.
@compute @workgroup_size(WORKGROUP)
fn record(@builtin(local_invocation_index) lane: u32) {
    if !running(lane) {
        return;
    }
    let width = settings.evaluation_workgroups;
    let squared = exact_sum(0u, width, lane, 0.0);
    var held_back = Exact(0, 0.0, -1.0);
    if settings.held_back > 0u {
        held_back = exact_sum(1u, width, lane, 0.0);
    }
    var present: Gaussian;
    if lane < settings.fit.components {
        present = state[lane];
    }
    note_centre(present, lane);
    let amplitudes = workgroup_sum(abs(present.now.amplitude), lane);
    let distances = apart(lane);
    if lane != 0u {
        return;
    }
    if squared.unit < 0.0 {
        // The host finds the same, and says so.
        control.stopped = ATTENTION;
        return;
    }
    let row = control.rows * 9u;
    history[row] = i32(control.iteration);
    history[row + 1u] = squared.high;
    history[row + 2u] = bitcast<i32>(squared.low);
    history[row + 3u] = bitcast<i32>(squared.unit);
    history[row + 4u] = held_back.high;
    history[row + 5u] = bitcast<i32>(held_back.low);
    history[row + 6u] = bitcast<i32>(held_back.unit);
    history[row + 7u] = bitcast<i32>(settings.amplitude_l1 * amplitudes);
    var spread = 0.0;
    if distances.pairs > 0.0 {
        spread = settings.spread / distances.mean;
    }
    history[row + 8u] = bitcast<i32>(spread);
    control.rows += 1u;
}
