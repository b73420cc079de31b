// Sums over a workgroup by way of its memory, for devices without subgroups: sixteen invocations add up sixteen numbers each, then
// one adds up theirs. A tree would take twice as many barriers, which are what such sums cost.

var<workgroup> numbers: array<f32, WORKGROUP>;
var<workgroup> numbers_i32: array<i32, WORKGROUP>;

fn workgroup_sum(value: f32, lane: u32) -> f32 {
    numbers[lane] = value;
    workgroupBarrier();
    if lane < 16u {
        var part = numbers[lane];
        for (var i = lane + 16u; i < WORKGROUP; i += 16u) {
            part += numbers[i];
        }
        numbers[lane] = part;
    }
    workgroupBarrier();
    if lane == 0u {
        var all = numbers[0];
        for (var i = 1u; i < 16u; i++) {
            all += numbers[i];
        }
        numbers[0] = all;
    }
    return workgroupUniformLoad(&numbers[0]);
}

fn workgroup_max(value: f32, lane: u32) -> f32 {
    numbers[lane] = value;
    workgroupBarrier();
    if lane < 16u {
        var part = numbers[lane];
        for (var i = lane + 16u; i < WORKGROUP; i += 16u) {
            part = max(part, numbers[i]);
        }
        numbers[lane] = part;
    }
    workgroupBarrier();
    if lane == 0u {
        var all = numbers[0];
        for (var i = 1u; i < 16u; i++) {
            all = max(all, numbers[i]);
        }
        numbers[0] = all;
    }
    return workgroupUniformLoad(&numbers[0]);
}

fn workgroup_sum_i32(value: i32, lane: u32) -> i32 {
    numbers_i32[lane] = value;
    workgroupBarrier();
    if lane < 16u {
        var part = numbers_i32[lane];
        for (var i = lane + 16u; i < WORKGROUP; i += 16u) {
            part += numbers_i32[i];
        }
        numbers_i32[lane] = part;
    }
    workgroupBarrier();
    if lane == 0u {
        var all = numbers_i32[0];
        for (var i = 1u; i < 16u; i++) {
            all += numbers_i32[i];
        }
        numbers_i32[0] = all;
    }
    return workgroupUniformLoad(&numbers_i32[0]);
}
