// A step against the gradient, twin of update.rs, by one workgroup with an invocation a component.

struct Settings {
    fit: FitSettings,
    optimizer: Optimizer,
    // Times Σ |a|.
    amplitude_l1: f32,
    // Divided by the mean distance between two centres.
    spread: f32,
    // √ε, or √(D ε) where it goes into every entry.
    floor: f32,
    // 0 full, 1 the upper triangle, 2 the same with ε in every entry.
    shape: u32,
    // Whether amplitudes below 0 are set to 0 after each step.
    non_negative: u32,
    // Points that are held back.
    held_back: u32,
    // Workgroups that a pass over all points, or over those that are held back, is divided among.
    evaluation_workgroups: u32,
    padding: u32,
}

// A component's parameters with what the optimizer carries for them.
struct Gaussian {
    now: Numbers,
    first: Numbers,
    second: Numbers,
    // 0 for a component that was removed, else 1.
    in_use: f32,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(3) var<storage, read_write> state: array<Gaussian>;

var<workgroup> present_place: u32;
var<workgroup> present_step: u32;

// One step of all of a component's parameters.
fn moved(before: Gaussian, step: u32, gradient: Numbers) -> Gaussian {
    let optimizer = settings.optimizer;
    var next = before;
    let amplitude = stepped(
        optimizer,
        step,
        Moved(before.now.amplitude, before.first.amplitude, before.second.amplitude),
        gradient.amplitude,
    );
    next.now.amplitude = amplitude.parameter;
    next.first.amplitude = amplitude.first;
    next.second.amplitude = amplitude.second;
    // Of what is not finite nothing may be hidden.
    if settings.non_negative != 0u && finite(amplitude.parameter) && amplitude.parameter < 0.0 {
        next.now.amplitude = 0.0;
    }
    for (var d = 0u; d < D; d++) {
        let mean =
            stepped(optimizer, step, Moved(next.now.mean[d], next.first.mean[d], next.second.mean[d]), gradient.mean[d]);
        next.now.mean[d] = mean.parameter;
        next.first.mean[d] = mean.first;
        next.second.mean[d] = mean.second;
    }
    var slopes = gradient.factor;
    for (var j = 0u; j < D; j++) {
        for (var i = 0u; i < D; i++) {
            let carried = Moved(next.now.factor[j][i], next.first.factor[j][i], next.second.factor[j][i]);
            let entry = stepped(optimizer, step, carried, slopes[j][i]);
            next.now.factor[j][i] = entry.parameter;
            next.first.factor[j][i] = entry.first;
            next.second.factor[j][i] = entry.second;
        }
    }
    return next;
}

fn all_finite(numbers: Numbers) -> bool {
    return finite3(numbers.mean)
        && finite(numbers.amplitude)
        && finite3(numbers.factor[0])
        && finite3(numbers.factor[1])
        && finite3(numbers.factor[2]);
}

@compute @workgroup_size(WORKGROUP)
fn update(@builtin(local_invocation_index) lane: u32) {
    if !running(lane) {
        return;
    }
    if lane == 0u {
        present_place = control.place;
        present_step = control.step;
    }
    let taken = samples_at(workgroupUniformLoad(&present_place));
    let step = workgroupUniformLoad(&present_step) + 1u;
    var present: Gaussian;
    if lane < settings.fit.components {
        present = state[lane];
    }
    note_centre(present, lane);
    let distances = apart(lane);
    var next = present;
    var whitened: Whitening;
    var failed = 0;
    if present.in_use > 0.0 {
        next = moved(present, step, gradient_of(present, lane, f32(taken), distances));
        whitened = whitening(next.now.factor);
        let whole = usable(next.now, whitened) && all_finite(next.first) && all_finite(next.second);
        failed = select(1, 0, whole);
    }
    if workgroup_sum_i32(failed, lane) > 0 {
        if lane == 0u {
            control.stopped = ATTENTION;
        }
        return;
    }
    if present.in_use > 0.0 {
        state[lane] = next;
        let matrix = whitened.matrix;
        components[lane] = Component(
            next.now.mean,
            0.0,
            matrix.diagonal * OFFSET_SCALE,
            next.now.amplitude,
            matrix.below * OFFSET_SCALE,
            0.0,
        );
    }
    if lane == 0u {
        control.iteration += 1u;
        control.step = step;
        if ORDERED {
            control.place += taken;
        }
    }
}
