// The sum of squared residuals over a whole set of points, twin of `squared_residuals` in cpu.rs. Set ahead of this text, beside
// what gpu.wgsl needs: `settings.evaluation_workgroups`, which a pass over either set is divided among, and `settings.held_back`, the
// points of the second set. The sums of the points that are fitted to make the first row of the partial sums, those of the points
// that are held back the second.

fn squares_of(row: u32, count: u32, workgroup: u32, lane: u32) {
    let width = settings.evaluation_workgroups;
    let span = span_of(workgroup, count, width);
    cache_components(lane);
    var squared = 0.0;
    for (var start = span.x; start < span.y; start += TILE) {
        let i = start + lane;
        if i < span.y {
            squared += share_of(point_of(i), i).objective;
        }
    }
    let all = workgroup_sum(squared, lane);
    if lane == 0u {
        partials[row * width + workgroup] = all;
    }
}

@compute @workgroup_size(WORKGROUP)
fn squares(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    if running(lane) {
        squares_of(0u, settings.fit.count, piece.first + group.x, lane);
    }
}

@compute @workgroup_size(WORKGROUP)
fn squares_held_back(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    if running(lane) {
        squares_of(1u, settings.held_back, piece.first + group.x, lane);
    }
}
