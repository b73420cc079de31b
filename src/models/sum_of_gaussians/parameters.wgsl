// Amplitudes, centres and factors, and how a factor is whitened: twin of parameters.rs. Of fewer than three dimensions the others
// are those of a unit matrix.

// The parameters of a Gaussian, or as many numbers that belong to them.
struct Numbers {
    mean: vec3<f32>,
    amplitude: f32,
    // A, column by column.
    factor: mat3x3<f32>,
}

// Shapes of a factor: 1, the upper triangle, is the one that needs no name.
const FULL: u32 = 0u;
const UPPER_EVERYWHERE: u32 = 2u;

// The unit of rounding: what the rounding of nearly equal columns leaves where there should be nothing.
const LOST_TO_ROUNDING: f32 = 1.1920929e-7;
// Numbers that are as good as 0.
const VANISHING: f32 = 1e-30;

// What offsets and factors are multiplied by, and whether they are finite.
struct Whitening {
    // R⁻¹
    matrix: Triangle,
    // R⁻¹ A, a block of the decomposition's orthogonal matrix: multiplied out it would lose digits.
    factor: mat3x3<f32>,
    usable: bool,
}

// A QR decomposition that grows row by row, by Givens rotations. Columns here are its rows.
struct Decomposition {
    // U, with Uᵀ U the sum of the outer products of the rows so far. Its diagonal is at or above 0.
    upper: mat3x3<f32>,
    // What each row of U has of some rows: their part of Qᵀ.
    shares: mat3x3<f32>,
}

// Adds a row; `part` is a unit vector for a row whose part of Qᵀ is wanted, else 0.
fn with_row(before: Decomposition, added: vec3<f32>, part: vec3<f32>) -> Decomposition {
    var next = before;
    var row = added;
    var share = part;
    for (var d = 0u; d < D; d++) {
        let x = next.upper[d][d];
        let y = row[d];
        let largest = max(abs(x), abs(y));
        if y == 0.0 || largest < VANISHING {
            continue;
        }
        // Squares may leave single precision where their roots do not.
        let scaled = vec2<f32>(x, y) / largest;
        let direction = scaled / sqrt(scaled.x * scaled.x + scaled.y * scaled.y);
        let above = next.upper[d];
        next.upper[d] = direction.x * above + direction.y * row;
        row = direction.x * row - direction.y * above;
        row[d] = 0.0;
        let share_above = next.shares[d];
        next.shares[d] = direction.x * share_above + direction.y * share;
        share = direction.x * share - direction.y * share_above;
    }
    return next;
}

fn unit(d: u32, value: f32) -> vec3<f32> {
    var row = vec3<f32>();
    row[d] = value;
    return row;
}

// Numbers that count, and 0 for those that do not.
fn of_dimension(value: f32) -> vec3<f32> {
    return vec3<f32>(value, select(0.0, value, D > 1u), select(0.0, value, D > 2u));
}

// The part of a factor, or of its gradient, that counts.
fn counted(factor: mat3x3<f32>) -> mat3x3<f32> {
    if settings.shape == FULL {
        return factor;
    }
    return mat3x3<f32>(
        vec3<f32>(factor[0].x, 0.0, 0.0),
        vec3<f32>(factor[1].xy, 0.0),
        factor[2],
    );
}

// R⁻¹ and R⁻¹ A, from a QR decomposition of [A, √ε I]ᵀ: forming Σ would cost half of the digits.
fn whitening(factor: mat3x3<f32>) -> Whitening {
    let part = counted(factor);
    var decomposition: Decomposition;
    for (var j = 0u; j < D; j++) {
        decomposition = with_row(decomposition, part[j], unit(j, 1.0));
    }
    if settings.shape == UPPER_EVERYWHERE {
        decomposition = with_row(decomposition, of_dimension(settings.floor), vec3<f32>());
    } else {
        for (var d = 0u; d < D; d++) {
            decomposition = with_row(decomposition, unit(d, settings.floor), vec3<f32>());
        }
    }
    let upper = decomposition.upper;
    var largest = 0.0;
    var finite_so_far = true;
    for (var d = 0u; d < D; d++) {
        let row = abs(upper[d]);
        largest = max(largest, max(row.x, max(row.y, row.z)));
        finite_so_far = finite_so_far && finite3(row);
    }
    let diagonal = vec3<f32>(upper[0].x, select(1.0, upper[1].y, D > 1u), select(1.0, upper[2].z, D > 2u));
    let lost = LOST_TO_ROUNDING * largest;
    let positive = diagonal.x > lost && (D < 2u || diagonal.y > lost) && (D < 3u || diagonal.z > lost);
    let matrix = triangle_inverse(Triangle(diagonal, vec3<f32>(upper[0].y, upper[0].z, upper[1].z)));
    let usable = finite_so_far && positive && triangle_finite(matrix);
    return Whitening(matrix, transpose(decomposition.shares), usable);
}
