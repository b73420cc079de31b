// Sums over a workgroup by a tree in its memory, for devices without subgroups.

var<workgroup> tree: array<f32, WORKGROUP>;
var<workgroup> tree_i32: array<i32, WORKGROUP>;

fn workgroup_sum(value: f32, lane: u32) -> f32 {
    tree[lane] = value;
    for (var span = WORKGROUP / 2u; span > 0u; span /= 2u) {
        workgroupBarrier();
        if lane < span {
            tree[lane] += tree[lane + span];
        }
    }
    return workgroupUniformLoad(&tree[0]);
}

fn workgroup_max(value: f32, lane: u32) -> f32 {
    tree[lane] = value;
    for (var span = WORKGROUP / 2u; span > 0u; span /= 2u) {
        workgroupBarrier();
        if lane < span {
            tree[lane] = max(tree[lane], tree[lane + span]);
        }
    }
    return workgroupUniformLoad(&tree[0]);
}

fn workgroup_sum_i32(value: i32, lane: u32) -> i32 {
    tree_i32[lane] = value;
    for (var span = WORKGROUP / 2u; span > 0u; span /= 2u) {
        workgroupBarrier();
        if lane < span {
            tree_i32[lane] += tree_i32[lane + span];
        }
    }
    return workgroupUniformLoad(&tree_i32[0]);
}
