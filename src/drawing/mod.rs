//! The canvas: scales, colours, heat map, points, ellipses, curves and axes.
//!
//! Fields of pixels (density, points) are computed here and put onto the canvas whole; lines and text are drawn by the canvas.

mod area;
mod axes;
mod bump_scene;
mod canvas;
mod cloud;
mod color;
mod density_map;
mod discs;
mod ellipse;
mod figures;
mod frame;
mod hairlines;
mod hold;
mod labels;
mod line;
mod mixture_scene;
mod plane;
mod point_colors;
mod posterior_scene;
mod raster;
mod scale;
mod scene;
mod surface_scene;
mod sweep_scene;
pub mod thumbnail;
mod trail;
mod viewport;

pub use canvas::Canvas;
pub use color::{Palette, Theme};
pub use figures::layout::Figure;
pub use hold::{Grab, GrabKind};
pub use scene::Scene;
