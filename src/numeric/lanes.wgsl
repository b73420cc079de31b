// log₂ with the error of lanes.rs, of which this is the twin: what a device has of its own may be off by 5e-7.

// Its whole part, exactly, and the rest, between −½ and ½.
fn log2_parts(x: f32) -> vec2<f32> {
    // The mantissa is brought into [√½, √2).
    let bits = bitcast<i32>(x);
    let exponent = (bits - 0x3f3504f3) >> 23u;
    let mantissa = bitcast<f32>(bits - (exponent << 23u));
    // log m = 2 atanh((m − 1)/(m + 1)), by its series.
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let squared = s * s;
    let sum = 1.0 + squared * (1.0 / 3.0 + squared * (0.2 + squared * (1.0 / 7.0 + squared / 9.0)));
    return vec2<f32>(f32(exponent), s * sum * 2.8853900817779268);
}

fn log2_positive(x: f32) -> f32 {
    let parts = log2_parts(x);
    return parts.x + parts.y;
}
