// Sums over a workgroup by its subgroups. Which invocations make a subgroup is the device's affair: each subgroup leaves its
// result in the place of its first invocation, and every subgroup then puts all of these together in the same order.

var<workgroup> results: array<f32, WORKGROUP>;
var<workgroup> results_i32: array<i32, WORKGROUP>;
var<workgroup> result: f32;
var<workgroup> result_i32: i32;

fn workgroup_sum(value: f32, lane: u32) -> f32 {
    let part = subgroupAdd(value);
    results[lane] = select(0.0, part, lane == subgroupMin(lane));
    workgroupBarrier();
    let size = subgroupAdd(1u);
    var rest = 0.0;
    for (var i = subgroupExclusiveAdd(1u); i < WORKGROUP; i += size) {
        rest += results[i];
    }
    let all = subgroupAdd(rest);
    if lane == 0u {
        result = all;
    }
    return workgroupUniformLoad(&result);
}

fn workgroup_max(value: f32, lane: u32) -> f32 {
    results[lane] = subgroupMax(value);
    workgroupBarrier();
    let size = subgroupAdd(1u);
    var rest = results[lane];
    for (var i = subgroupExclusiveAdd(1u); i < WORKGROUP; i += size) {
        rest = max(rest, results[i]);
    }
    let all = subgroupMax(rest);
    if lane == 0u {
        result = all;
    }
    return workgroupUniformLoad(&result);
}

fn workgroup_sum_i32(value: i32, lane: u32) -> i32 {
    let part = subgroupAdd(value);
    results_i32[lane] = select(0, part, lane == subgroupMin(lane));
    workgroupBarrier();
    let size = subgroupAdd(1u);
    var rest = 0;
    for (var i = subgroupExclusiveAdd(1u); i < WORKGROUP; i += size) {
        rest += results_i32[i];
    }
    let all = subgroupAdd(rest);
    if lane == 0u {
        result_i32 = all;
    }
    return workgroupUniformLoad(&result_i32);
}
