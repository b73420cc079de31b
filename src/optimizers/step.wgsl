// One step of a first-order optimizer, twin of mod.rs: the same rules, a parameter at a time.

struct Optimizer {
    // 0 SGD, 1 momentum, 2 Adam as Keras has it, 3 Adam as PyTorch has it.
    rule: u32,
    learning_rate: f32,
    momentum: f32,
    beta_1: f32,
    beta_2: f32,
    epsilon: f32,
    // ln β₁ and ln β₂: 1 − βᵗ keeps its digits only by way of them.
    log_beta_1: f32,
    log_beta_2: f32,
}

const MOMENTUM: u32 = 1u;
const ADAM_KERAS: u32 = 2u;
const ADAM_PYTORCH: u32 = 3u;

// A parameter with what the optimizer carries for it.
struct Moved {
    parameter: f32,
    first: f32,
    second: f32,
}

// 1 − e^x for x ≤ 0, to the last digits where x is small.
fn one_minus_exp(x: f32) -> f32 {
    if x < -0.5 {
        return 1.0 - exp(x);
    }
    // The series, as far as single precision sees it on [−½, 0].
    return -x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0 * (1.0 + x / 7.0))))));
}

// What a parameter becomes by its gradient in step `step`, counted from 1.
fn stepped(optimizer: Optimizer, step: u32, before: Moved, gradient: f32) -> Moved {
    var next = before;
    let rate = optimizer.learning_rate;
    if optimizer.rule >= ADAM_KERAS {
        let left_1 = one_minus_exp(f32(step) * optimizer.log_beta_1);
        let left_2 = one_minus_exp(f32(step) * optimizer.log_beta_2);
        next.first = optimizer.beta_1 * before.first + (1.0 - optimizer.beta_1) * gradient;
        next.second = optimizer.beta_2 * before.second + (1.0 - optimizer.beta_2) * gradient * gradient;
        if optimizer.rule == ADAM_KERAS {
            next.parameter -= rate * sqrt(left_2) / left_1 * next.first / (sqrt(next.second) + optimizer.epsilon);
        } else {
            next.parameter -= rate / left_1 * next.first / (sqrt(next.second) / sqrt(left_2) + optimizer.epsilon);
        }
    } else if optimizer.rule == MOMENTUM {
        next.first = optimizer.momentum * before.first - rate * gradient;
        next.parameter += next.first;
    } else {
        next.parameter -= rate * gradient;
    }
    return next;
}
