// One projected step of every form that learns, twin of update.rs, by one workgroup with an invocation a parameter.

// 2⁶⁴: squares of gradients just below where a bump overflows would overflow themselves in units of 1.
const LARGE_UNIT: f32 = 18446744073709551616.0;

// The unit that a parameter's moments are to have next. They go back to 1 when they are small enough for it by far.
fn unit_of(before: Moved, unit: f32, gradient: f32) -> f32 {
    let large = unit > 1.0 && (before.second > 1e-8 || abs(before.first) > 1e-4);
    // The other rules square nothing.
    return select(1.0, LARGE_UNIT, settings.optimizer.rule >= ADAM_KERAS && (large || abs(gradient) > 1e15));
}

// Whether the parameter at present is not 0.
var<workgroup> present_parts: array<u32, MOST>;

// The sum of row `row` of the partial sums.
fn sum_of_row(row: u32, lane: u32) -> f32 {
    let width = settings.fit.workgroups;
    var part = 0.0;
    for (var i = lane; i < width; i += WORKGROUP) {
        part += partials[row * width + i];
    }
    return workgroup_sum(part, lane);
}

@compute @workgroup_size(WORKGROUP)
fn update(@builtin(local_invocation_index) lane: u32) {
    if !running(lane) {
        return;
    }
    let rows = rows_from(place_of_batch(lane));
    let count = settings.sets * PARAMETERS;
    var product = 0.0;
    for (var row = 0u; row < count; row++) {
        let all = sum_of_row(row, lane);
        if lane == row {
            product = all;
        }
    }
    let broken = sum_of_row(count, lane);
    let gradient = product * (2.0 / f32(rows * settings.features));

    let exists = lane < count;
    let own = min(lane, MOST - 1u);
    let form = min(lane % PARAMETERS, GAUSSIAN);
    let moves = exists && state.learns[form] != 0u;
    var parameter = state.parameters[own];
    var rest = state.rests[own];
    var next = Moved(0.0, state.first[own], state.second[own]);
    var unit = state.units[own];
    var failed = 0;
    if moves {
        // Adam's step is the same in any unit, where ε is in it too.
        let present_unit = unit;
        unit = unit_of(next, present_unit, gradient);
        let change = present_unit / unit;
        next.first *= change;
        next.second = next.second * change * change;
        var optimizer = settings.optimizer;
        optimizer.epsilon /= unit;
        // What the parameter moves by; parameter and rest then take it in without losing its digits.
        next = stepped(optimizer, state.steps[form] + 1u, next, gradient / unit);
        let moved = parameter + next.parameter;
        let taken = moved - parameter;
        let lost = rest + ((parameter - (moved - taken)) + (next.parameter - taken));
        parameter = moved + lost;
        rest = lost - (parameter - moved);
        let usable = finite(gradient) && finite(next.first) && finite(next.second) && finite(parameter) && finite(rest);
        failed = select(1, 0, usable);
        // Below 0 there is no bump. The Gaussian is free.
        if form != GAUSSIAN && parameter <= 0.0 {
            parameter = 0.0;
            rest = 0.0;
        }
    }
    if broken > 0.0 || workgroup_sum_i32(failed, lane) > 0 {
        if lane == 0u {
            control.stopped = ATTENTION;
        }
        return;
    }
    if moves {
        state.parameters[lane] = parameter;
        state.rests[lane] = rest;
        state.first[lane] = next.first;
        state.second[lane] = next.second;
        state.units[lane] = unit;
    }
    let due = state.since + 1u >= settings.interval;
    let history_row = control.rows * (1u + count);
    if exists {
        present_parts[lane] = select(0u, 1u, parameter != 0.0);
        if due {
            history[history_row + 1u + lane] = bitcast<i32>(parameter);
        }
    }
    workgroupBarrier();
    var learning = 0;
    if lane < FORMS && state.learns[lane] != 0u {
        state.steps[lane] += 1u;
        // A form whose every σ is 0 has vanished.
        var present = lane == GAUSSIAN;
        for (var i = 0u; i < settings.sets; i++) {
            present = present || present_parts[i * PARAMETERS + lane] != 0u;
        }
        if present {
            learning = 1;
        } else {
            state.learns[lane] = 0u;
        }
    }
    let left = workgroup_sum_i32(learning, lane);
    if lane == 0u {
        control.iteration += 1u;
        if ORDERED {
            control.place += rows;
        }
        state.since += 1u;
        if due {
            history[history_row] = i32(control.iteration);
            control.rows += 1u;
            state.since = 0u;
        }
        if left == 0 {
            // Nothing learns any more.
            control.stopped = CONVERGED;
        }
    }
}
