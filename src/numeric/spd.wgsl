// Small symmetric positive-definite matrices, kept as their lower-triangular roots: twin of spd.rs. All have three rows; of fewer
// dimensions the others are those of a unit matrix, which no operation here mixes with them.

// A lower triangle, or a symmetric matrix by it.
struct Triangle {
    diagonal: vec3<f32>,
    // (1, 0), (2, 0), (2, 1)
    below: vec3<f32>,
}

// A root and whether it is one, and whether an eigenvalue had to be raised.
struct Root {
    lower: Triangle,
    usable: bool,
    raised: bool,
}

const NO_ROOT: Root = Root(Triangle(vec3<f32>(1.0), vec3<f32>()), false, false);

fn triangle_product(a: Triangle, b: Triangle) -> Triangle {
    return Triangle(
        a.diagonal * b.diagonal,
        vec3<f32>(
            a.below.x * b.diagonal.x + a.diagonal.y * b.below.x,
            a.below.y * b.diagonal.x + a.below.z * b.below.x + a.diagonal.z * b.below.y,
            a.below.z * b.diagonal.y + a.diagonal.z * b.below.z,
        ),
    );
}

fn triangle_times(a: Triangle, v: vec3<f32>) -> vec3<f32> {
    return vec3<f32>(
        a.diagonal.x * v.x,
        a.below.x * v.x + a.diagonal.y * v.y,
        a.below.y * v.x + a.below.z * v.y + a.diagonal.z * v.z,
    );
}

fn triangle_inverse(a: Triangle) -> Triangle {
    let inverse = 1.0 / a.diagonal;
    let x = -a.below.x * inverse.x * inverse.y;
    let z = -a.below.z * inverse.y * inverse.z;
    let y = -(a.below.y * inverse.x + a.below.z * x) * inverse.z;
    return Triangle(inverse, vec3<f32>(x, y, z));
}

// The sum of the squares of the entries that count.
fn triangle_norm_squared(a: Triangle) -> f32 {
    var sum = a.diagonal.x * a.diagonal.x;
    if D > 1u {
        sum += a.diagonal.y * a.diagonal.y + a.below.x * a.below.x;
    }
    if D > 2u {
        sum += a.diagonal.z * a.diagonal.z + a.below.y * a.below.y + a.below.z * a.below.z;
    }
    return sum;
}

fn triangle_finite(a: Triangle) -> bool {
    return finite3(a.diagonal) && finite3(a.below);
}

// log₂ of the product of a diagonal's entries that count, in two parts.
fn log2_determinant(diagonal: vec3<f32>) -> vec2<f32> {
    var sum = log2_parts(diagonal.x);
    if D > 1u {
        sum += log2_parts(diagonal.y);
    }
    if D > 2u {
        sum += log2_parts(diagonal.z);
    }
    return sum;
}

fn full(a: Triangle) -> mat3x3<f32> {
    return mat3x3<f32>(
        vec3<f32>(a.diagonal.x, a.below.x, a.below.y),
        vec3<f32>(0.0, a.diagonal.y, a.below.z),
        vec3<f32>(0.0, 0.0, a.diagonal.z),
    );
}

// L Lᵀ.
fn squared_triangle(a: Triangle) -> Triangle {
    return Triangle(
        vec3<f32>(
            a.diagonal.x * a.diagonal.x,
            a.below.x * a.below.x + a.diagonal.y * a.diagonal.y,
            a.below.y * a.below.y + a.below.z * a.below.z + a.diagonal.z * a.diagonal.z,
        ),
        vec3<f32>(
            a.below.x * a.diagonal.x,
            a.below.y * a.diagonal.x,
            a.below.y * a.below.x + a.below.z * a.diagonal.y,
        ),
    );
}

// R S Rᵀ of a lower triangle and a symmetric matrix.
fn congruence(lower: Triangle, s: Triangle) -> Triangle {
    let r = full(lower);
    let m = r * symmetric(s) * transpose(r);
    return Triangle(vec3<f32>(m[0].x, m[1].y, m[2].z), vec3<f32>(m[0].y, m[0].z, m[1].z));
}

fn symmetric(s: Triangle) -> mat3x3<f32> {
    return mat3x3<f32>(
        vec3<f32>(s.diagonal.x, s.below.x, s.below.y),
        vec3<f32>(s.below.x, s.diagonal.y, s.below.z),
        vec3<f32>(s.below.y, s.below.z, s.diagonal.z),
    );
}

fn cholesky(s: Triangle) -> Root {
    var lower: Triangle;
    if !(s.diagonal.x > 0.0) {
        return NO_ROOT;
    }
    lower.diagonal.x = sqrt(s.diagonal.x);
    lower.below.x = s.below.x / lower.diagonal.x;
    lower.below.y = s.below.y / lower.diagonal.x;
    let second = s.diagonal.y - lower.below.x * lower.below.x;
    if !(second > 0.0) {
        return NO_ROOT;
    }
    lower.diagonal.y = sqrt(second);
    lower.below.z = (s.below.z - lower.below.y * lower.below.x) / lower.diagonal.y;
    let third = s.diagonal.z - lower.below.y * lower.below.y - lower.below.z * lower.below.z;
    if !(third > 0.0) {
        return NO_ROOT;
    }
    lower.diagonal.z = sqrt(third);
    return Root(lower, triangle_finite(lower), false);
}

// A root whose diagonal is positive and which is finite together with its inverse.
fn checked(lower: Triangle, raised: bool) -> Root {
    let usable = all(lower.diagonal > vec3<f32>()) && triangle_finite(lower) && triangle_finite(triangle_inverse(lower));
    return Root(lower, usable, raised);
}

// B V for the rotation V that makes its columns orthogonal, by one-sided Jacobi rotations.
fn orthogonalized(matrix: mat3x3<f32>) -> mat3x3<f32> {
    var columns = matrix;
    for (var sweep = 0u; sweep < 12u; sweep++) {
        var rotated = false;
        for (var a = 0u; a + 1u < D; a++) {
            for (var b = a + 1u; b < D; b++) {
                let x = columns[a];
                let y = columns[b];
                let xx = dot(x, x);
                let yy = dot(y, y);
                let xy = dot(x, y);
                if abs(xy) <= 1.2e-7 * sqrt(xx) * sqrt(yy) {
                    continue;
                }
                rotated = true;
                let zeta = (yy - xx) / (2.0 * xy);
                let tangent = select(-1.0, 1.0, zeta >= 0.0) / (abs(zeta) + sqrt(1.0 + zeta * zeta));
                let cosine = 1.0 / sqrt(1.0 + tangent * tangent);
                columns[a] = (x - y * tangent) * cosine;
                columns[b] = (x * tangent + y) * cosine;
            }
        }
        if !rotated {
            break;
        }
    }
    return columns;
}

// A direction across columns `first` and `second`; columns from D on do not count.
fn across(columns: mat3x3<f32>, vector: vec3<f32>, first: u32, second: u32) -> vec3<f32> {
    var rest = vector;
    if first < D {
        let direction = normalize(columns[first]);
        rest -= direction * dot(direction, rest);
    }
    if second < D {
        let direction = normalize(columns[second]);
        rest -= direction * dot(direction, rest);
    }
    return rest;
}

// Lengthened columns and whether one had to be.
struct Raised {
    columns: mat3x3<f32>,
    any: bool,
}

// Lengthens orthogonal columns to at least `shortest`. One that is too short to have a direction takes one across the others.
fn raise_columns(given: mat3x3<f32>, shortest: f32) -> Raised {
    var columns = given;
    var any = false;
    // Longest first.
    var order = array<u32, 3>(0u, 1u, 2u);
    for (var round = 0u; round + 1u < D; round++) {
        for (var a = 0u; a + 1u < D; a++) {
            if length(columns[order[a + 1u]]) > length(columns[order[a]]) {
                let swapped = order[a];
                order[a] = order[a + 1u];
                order[a + 1u] = swapped;
            }
        }
    }
    for (var place = 0u; place < D; place++) {
        let column = columns[order[place]];
        let long = length(column);
        if long >= shortest {
            continue;
        }
        any = true;
        let first = select(3u, order[0], place > 0u);
        let second = select(3u, order[1], place > 1u);
        var direction = vec3<f32>();
        if long > 1e-30 {
            direction = across(columns, column / long, first, second);
        }
        for (var axis = 0u; axis < D; axis++) {
            if length(direction) > 1e-3 {
                break;
            }
            var unit = vec3<f32>();
            unit[axis] = 1.0;
            direction = across(columns, unit, first, second);
        }
        columns[order[place]] = normalize(direction) * shortest;
    }
    return Raised(columns, any);
}

// L with L Lᵀ = B Bᵀ: the rows of B are made orthogonal one after the other.
fn lower_of(given: mat3x3<f32>) -> Triangle {
    let rows = transpose(given);
    var lower: Triangle;
    lower.diagonal.x = length(rows[0]);
    let e0 = rows[0] / lower.diagonal.x;
    lower.below.x = dot(e0, rows[1]);
    var rest = rows[1] - e0 * lower.below.x;
    // Once more: what rounding left over along e0.
    rest -= e0 * dot(e0, rest);
    lower.diagonal.y = length(rest);
    let e1 = rest / lower.diagonal.y;
    lower.below.y = dot(e0, rows[2]);
    lower.below.z = dot(e1, rows[2]);
    rest = rows[2] - e0 * lower.below.y - e1 * lower.below.z;
    rest -= e0 * dot(e0, rest);
    rest -= e1 * dot(e1, rest);
    lower.diagonal.z = length(rest);
    return lower;
}

// The root of R S Rᵀ, with every eigenvalue of the product raised to at least `minimum`.
fn rescaled(lower: Triangle, s: Triangle, minimum: f32) -> Root {
    let root = cholesky(s);
    if root.usable {
        let product = checked(triangle_product(lower, root.lower), false);
        if product.usable && (minimum <= 0.0 || triangle_norm_squared(triangle_inverse(product.lower)) * minimum <= 1.0) {
            return product;
        }
    }
    if minimum <= 0.0 || !triangle_finite(s) {
        return NO_ROOT;
    }
    var columns = orthogonalized(symmetric(s));
    for (var a = 0u; a < D; a++) {
        let norm = length(columns[a]);
        if norm > 0.0 {
            columns[a] /= sqrt(norm);
        }
    }
    let raised = raise_columns(orthogonalized(full(lower) * columns), sqrt(minimum));
    return checked(lower_of(raised.columns), raised.any);
}

// M = Q L.
struct Turned {
    lower: Triangle,
    rotation: mat3x3<f32>,
}

// L, lower triangular with a diagonal of at least 0, and the orthogonal Q of M = Q L: the columns of M are made orthogonal one after
// the other, the last one first.
fn lower_and_rotation(matrix: mat3x3<f32>) -> Turned {
    var lower: Triangle;
    lower.diagonal.z = length(matrix[2]);
    let q2 = matrix[2] / lower.diagonal.z;
    lower.below.z = dot(q2, matrix[1]);
    var rest = matrix[1] - q2 * lower.below.z;
    // Once more: what rounding left over along q2.
    rest -= q2 * dot(q2, rest);
    lower.diagonal.y = length(rest);
    let q1 = rest / lower.diagonal.y;
    lower.below.y = dot(q2, matrix[0]);
    lower.below.x = dot(q1, matrix[0]);
    rest = matrix[0] - q2 * lower.below.y - q1 * lower.below.x;
    rest -= q2 * dot(q2, rest);
    rest -= q1 * dot(q1, rest);
    lower.diagonal.x = length(rest);
    return Turned(lower, mat3x3<f32>(rest / lower.diagonal.x, q1, q2));
}
