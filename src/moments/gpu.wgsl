// The sum on the device, twin of cpu.rs. Set ahead of this text, beside what gpu/common.wgsl needs: RESIDUAL, which weighting rule;
// ORDERED, whether samples are taken in an uploaded order; SUMS, the sums a component; index_of, point_of and value_of, which give
// the i-th sample's index, and a sample's coordinates and its weight or target.
//
// A workgroup takes a run of points, a tile at a time. First each invocation finds what a point's weights have in common: its
// log-density, or its residual. Then each invocation has one component, and one of the groups that share the tile's points out
// between them, and keeps that component's sums in registers. No weight of a point and a component is ever
// stored; sums between invocations are made once a workgroup.

const TILE: u32 = WORKGROUP;

var<workgroup> cached: array<Component, COMPONENTS>;
// Coordinates, and what is taken off each log-kernel; at the end, sums that are to be added up.
var<workgroup> tile: array<vec4<f32>, TILE>;
// What each kernel is multiplied by.
var<workgroup> tile_scale: array<f32, TILE>;
// Whether the fit goes on, and where its batch begins.
var<workgroup> beginning: vec2<u32>;

// The whitened offset, scaled.
fn offset(component: Component, x: vec3<f32>) -> vec3<f32> {
    let d = x - component.mean;
    var u = component.diagonal * d;
    if D > 1u {
        u.y += component.below.x * d.x;
    }
    if D > 2u {
        u.z += component.below.y * d.x + component.below.z * d.y;
    }
    return u;
}

fn squared(u: vec3<f32>) -> f32 {
    var sum = u.x * u.x;
    if D > 1u {
        sum += u.y * u.y;
    }
    if D > 2u {
        sum += u.z * u.z;
    }
    return sum;
}

// The points [x, y) of a pass over `count` that a workgroup takes, in whole tiles.
fn span_of(workgroup: u32, count: u32, workgroups: u32) -> vec2<u32> {
    let tiles = (count + TILE - 1u) / TILE;
    let each = (tiles + workgroups - 1u) / workgroups;
    return vec2<u32>(min(workgroup * each * TILE, count), min((workgroup + 1u) * each * TILE, count));
}

// Samples of the batch that begins at `place` among the uploaded orders; the last of an epoch may be smaller.
fn samples_at(place: u32) -> u32 {
    if ORDERED {
        return min(settings.fit.batch, settings.fit.count - place % settings.fit.count);
    }
    return settings.fit.count;
}

fn cache_components(lane: u32) {
    for (var k = lane; k < settings.fit.components; k += WORKGROUP) {
        cached[k] = components[k];
    }
    workgroupBarrier();
}

// What the kernels of a point at x are to be shifted and scaled by, and what it adds to the objective.
struct Share {
    shift: f32,
    scale: f32,
    objective: f32,
}

fn log_kernel_of(k: u32, x: vec3<f32>) -> f32 {
    return (cached[k].log_scale - squared(offset(cached[k], x))) + cached[k].log_scale_low;
}

fn share_of(x: vec3<f32>, i: u32) -> Share {
    if RESIDUAL {
        var prediction = 0.0;
        for (var k = 0u; k < settings.fit.components; k++) {
            prediction += cached[k].amplitude * exp2(-squared(offset(cached[k], x)));
        }
        let residual = prediction - value_of(i);
        return Share(0.0, residual, residual * residual);
    }
    // The largest log-kernel is taken out as the sum goes along: one exponential a component, and none overflows.
    var largest = log_kernel_of(0u, x);
    var sum = 1.0;
    for (var k = 1u; k < settings.fit.components; k++) {
        let log_kernel = log_kernel_of(k, x);
        let excess = log_kernel - largest;
        let smaller = exp2(-abs(excess));
        sum = select(sum + smaller, sum * smaller + 1.0, excess > 0.0);
        largest = max(largest, log_kernel);
    }
    let log_density = largest + log2_positive(sum);
    let weight = value_of(i);
    return Share(log_density, weight, weight * (log_density - settings.fit.reference));
}

@compute @workgroup_size(WORKGROUP)
fn sum(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    if lane == 0u {
        beginning = vec2<u32>(control.stopped, control.place);
    }
    let begun = workgroupUniformLoad(&beginning);
    if begun.x != RUNNING {
        return;
    }
    let workgroup = piece.first + group.x;
    let count = settings.fit.components;
    let place = begun.y;
    let span = span_of(workgroup, samples_at(place), settings.fit.workgroups);
    cache_components(lane);

    let k = lane % count;
    let group_of_points = lane / count;
    let groups = WORKGROUP / count;
    var objective = 0.0;
    // The mass and first, then the diagonal of the second and its entries below.
    var mass = 0.0;
    var first = vec3<f32>();
    var diagonal = vec3<f32>();
    var below = vec3<f32>();
    for (var start = span.x; start < span.y; start += TILE) {
        let i = start + lane;
        var x = vec3<f32>();
        var share = Share(0.0, 0.0, 0.0);
        if i < span.y {
            let index = index_of(place + i);
            x = point_of(index);
            share = share_of(x, index);
        }
        tile[lane] = vec4<f32>(x, share.shift);
        tile_scale[lane] = share.scale;
        objective += share.objective;
        workgroupBarrier();
        if group_of_points < groups {
            let component = cached[k];
            // Sums of one tile are added up on their own: long sums would lose digits.
            var tile_mass = 0.0;
            var tile_first = vec3<f32>();
            var tile_diagonal = vec3<f32>();
            var tile_below = vec3<f32>();
            let filled = min(TILE, span.y - start);
            for (var j = group_of_points; j < filled; j += groups) {
                let point = tile[j];
                let u = offset(component, point.xyz);
                var exponent = -squared(u);
                if !RESIDUAL {
                    exponent += (component.log_scale - point.w) + component.log_scale_low;
                }
                let weight = tile_scale[j] * exp2(exponent);
                let weighted = weight * u;
                tile_mass += weight;
                tile_first += weighted;
                tile_diagonal += weighted * u;
                if D > 1u {
                    tile_below.x += weighted.y * u.x;
                }
                if D > 2u {
                    tile_below.y += weighted.z * u.x;
                    tile_below.z += weighted.z * u.y;
                }
            }
            mass += tile_mass;
            first += tile_first;
            diagonal += tile_diagonal;
            below += tile_below;
        }
        workgroupBarrier();
    }

    // Groups are added up for each component, two or three vectors at a time.
    let width = settings.fit.workgroups;
    let row = k * SUMS;
    var block = vec4<f32>(mass, first);
    if D == 1u {
        block.z = diagonal.x;
    }
    block = add_groups(block, lane, group_of_points, groups, count);
    let writes = lane < count;
    if writes {
        partials[row * width + workgroup] = block.x;
        partials[(row + 1u) * width + workgroup] = block.y;
        partials[(row + 2u) * width + workgroup] = block.z;
        if D > 2u {
            partials[(row + 3u) * width + workgroup] = block.w;
        }
    }
    if D > 1u {
        block = add_groups(vec4<f32>(diagonal, below.x), lane, group_of_points, groups, count);
        if writes {
            let second = (row + 1u + D) * width + workgroup;
            partials[second] = block.x;
            partials[second + width] = block.w;
            partials[second + 2u * width] = block.y;
            if D > 2u {
                partials[second + 5u * width] = block.z;
            }
        }
    }
    if D > 2u {
        block = add_groups(vec4<f32>(below.yz, 0.0, 0.0), lane, group_of_points, groups, count);
        if writes {
            let second = (row + 1u + D) * width + workgroup;
            partials[second + 3u * width] = block.x;
            partials[second + 4u * width] = block.y;
        }
    }
    objective = workgroup_sum(objective, lane);
    if lane == 0u {
        partials[count * SUMS * width + workgroup] = objective;
    }
}

// The sums over the groups that have the same component; those of component k are returned to invocation k. First eight groups
// add up what the others have, then the first adds up these eight.
fn add_groups(value: vec4<f32>, lane: u32, group: u32, groups: u32, count: u32) -> vec4<f32> {
    tile[lane] = value;
    workgroupBarrier();
    var part = value;
    if group < 8u {
        for (var other = group + 8u; other < groups; other += 8u) {
            part += tile[other * count + lane % count];
        }
        tile[lane] = part;
    }
    workgroupBarrier();
    if group == 0u {
        for (var other = 1u; other < min(groups, 8u); other++) {
            part += tile[other * count + lane];
        }
    }
    workgroupBarrier();
    return part;
}

// Invocations that add up one row of partial sums.
const SHARERS: u32 = 32u;
const ROWS: u32 = WORKGROUP / SHARERS;

var<workgroup> row_parts: array<f32, WORKGROUP>;
var<workgroup> present_unit: f32;

// Adds up the workgroups' sums: a workgroup takes some rows of them, the last one the objective.
@compute @workgroup_size(WORKGROUP)
fn reduce(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) all_groups: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    if !running(lane) {
        return;
    }
    let width = settings.fit.workgroups;
    let rows = settings.fit.components * SUMS;
    if group.x == all_groups.x - 1u {
        if lane == 0u {
            present_unit = control.last.unit;
        }
        let exact = exact_sum(rows, width, lane, workgroupUniformLoad(&present_unit));
        if lane == 0u {
            control.total = exact;
            control.pending = 1u;
        }
        return;
    }
    let row = group.x * ROWS + lane / SHARERS;
    var part = 0.0;
    if row < rows {
        for (var i = lane % SHARERS; i < width; i += SHARERS) {
            part += partials[row * width + i];
        }
    }
    row_parts[lane] = part;
    workgroupBarrier();
    if lane % SHARERS == 0u && row < rows {
        for (var i = 1u; i < SHARERS; i++) {
            part += row_parts[lane + i];
        }
        sums[row] = part;
    }
}

// The sums of one component, twin of `moments::ComponentMoments`: in whitened units, the second by its lower triangle.
struct ComponentMoments {
    mass: f32,
    first: vec3<f32>,
    diagonal: vec3<f32>,
    below: vec3<f32>,
}

fn moments_of(k: u32) -> ComponentMoments {
    let row = k * SUMS;
    var moments: ComponentMoments;
    moments.mass = sums[row];
    moments.first.x = sums[row + 1u];
    moments.diagonal.x = sums[row + 1u + D];
    if D > 1u {
        moments.first.y = sums[row + 2u];
        moments.below.x = sums[row + 2u + D];
        moments.diagonal.y = sums[row + 3u + D];
    }
    if D > 2u {
        moments.first.z = sums[row + 3u];
        moments.below.y = sums[row + 4u + D];
        moments.below.z = sums[row + 5u + D];
        moments.diagonal.z = sums[row + 6u + D];
    }
    moments.first /= OFFSET_SCALE;
    moments.diagonal /= OFFSET_SCALE * OFFSET_SCALE;
    moments.below /= OFFSET_SCALE * OFFSET_SCALE;
    return moments;
}
