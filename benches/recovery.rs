use std::time::Instant;
#[path = "../tests/common/recovery.rs"]
mod recovery;
use gaussian_playground::fitting::{ResidualPeaks, ResidualPeaksOptions};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let folder = std::env::var("REFERENCE_DIR").unwrap_or("tests/reference".into());
    let noise: f64 = a.get(1).map_or(0.0, |t| t.parse().unwrap());
    let sample: u32 = a.get(2).map_or(0, |t| t.parse().unwrap());
    let only: Option<u32> = a.get(3).map(|t| t.parse().unwrap());
    let problems = recovery::read(&std::fs::read_to_string(format!("{folder}/sog_problems.json")).unwrap()).unwrap();
    let (mut total, mut strict, mut exact) = (0, 0, 0);
    let mut times = vec![];
    for p in &problems {
        if only.is_some_and(|o| o != p.seed) { continue; }
        let s = p.sample(sample, noise);
        let t = Instant::now();
        let mut fit = ResidualPeaks::<2>::new(&s.inputs, &s.targets, ResidualPeaksOptions::default());
        let mut steps = 0;
        while !fit.is_finished() {
            fit.step();
            steps += 1;
            if only.is_some() { println!("{}", fit.debug()); }
        }
        let e = t.elapsed().as_secs_f64() * 1e3;
        times.push(e);
        let pars = fit.parameters(&recovery::FORM);
        let c = p.count(&pars);
        let r = c.recovered.iter().filter(|r| **r).count();
        total += r; strict += c.strict; exact += usize::from(c.components == 4);
        let mark = if r == 4 && c.components == 4 && c.strict == 4 { "" } else { " <<<" };
        println!("{} {:?} strict {} K {} {:.1} ms {} steps rms {:.2e}{}", p.seed, c.recovered.iter().map(|r| u8::from(*r)).collect::<Vec<_>>(), c.strict, c.components, e, steps, fit.rms(), mark);
        if only.is_some() {
            for g in &p.truth { println!("true  a {:.4} mu {:.4} {:.4} C {:?}", g.amplitude, g.mean.x, g.mean.y, g.covariance.as_slice()); }
            for k in 0..pars.components() { println!("found a {:.4} mu {:.4} {:.4} C {:?}", pars.amplitudes[k], pars.means[k].x, pars.means[k].y, recovery::FORM.covariance(&pars.factors[k]).as_slice()); }
        }
    }
    times.sort_by(f64::total_cmp);
    println!("recovered {total} strict {strict} exact {exact} of {}; median {:.1} ms, max {:.1}", times.len(), times[times.len() / 2], times[times.len() - 1]);
}
