/**
 * The small pictures on the tabs: what each experiment draws, in a few strokes on a grid of 40 × 26.
 * Colours are the components' own, so they follow the theme.
 */

interface Mark {
  shape: 'path' | 'ellipse' | 'circle';
  /** `d` of a path; "x y rx ry angle" of an ellipse; "x y r" of a circle. */
  at: string;
  colour: string;
  /** Filled in this opacity instead of stroked. */
  fill?: number;
  width?: number;
  dash?: string;
}

const component = (index: number): string => `var(--component-${index})`;

const ellipse = (at: string, index: number, width = 1.5): Mark => ({
  shape: 'ellipse',
  at,
  colour: component(index),
  width,
});

const glow = (at: string, index: number, fill: number): Mark => ({
  shape: 'ellipse',
  at,
  colour: component(index),
  fill,
});

const curve = (at: string, colour: string, width = 1.5, dash?: string): Mark =>
  dash === undefined
    ? { shape: 'path', at, colour, width }
    : { shape: 'path', at, colour, width, dash };

const dots = (places: string[], index: number): Mark[] =>
  places.map((at) => ({ shape: 'circle', at: `${at} 1.1`, colour: component(index), fill: 0.85 }));

const pictures: Record<string, Mark[]> = {
  'sum-of-gaussians': [
    glow('11 9 10 6 -20', 1, 0.3),
    glow('11 9 6 3.5 -20', 1, 0.75),
    glow('29 10 7 6 30', 2, 0.3),
    glow('29 10 4 3 30', 2, 0.75),
    glow('21 19 9 5 10', 3, 0.3),
    glow('21 19 5 2.6 10', 3, 0.75),
  ],
  'two-cities': [
    curve('M2 22C7 21 9 9 13 9S18 15 21 15S26 5 29 5S35 20 38 22', component(1), 1.25),
    ...dots(['4 21', '9 14', '13 9', '19 14.6', '24 11', '29 5', '35 17.5'], 1),
  ],
  compositions: [
    curve('M2 23C12 23 14 4 20 4S28 23 38 23', component(1), 1.75),
    curve('M2 23C10 23 12 12 17 12S23 23 34 23', component(3), 1.25, '2 2'),
    curve('M6 23C17 23 18 12 23 12S30 23 38 23', component(2), 1.25, '2 2'),
  ],
  comparison: [
    curve('M3 4C9 11 18 13 37 14', component(2), 1.25),
    curve('M3 6C10 16 20 17 37 18', component(1), 1.25),
    curve('M3 5C10 18 22 20 37 21', component(5), 1.25),
    curve('M3 5C12 20 24 22 37 23', component(4), 1.25),
  ],
  bump: [
    curve('M2 23H12C15 23 15 4 20 4S25 23 28 23H38', component(1), 2),
    curve('M2 23C12 23 13 7 20 7S28 23 38 23', component(2), 1.25, '2 2'),
  ],
  'bump-sweep': [
    curve('M3 24L37 2', 'var(--track)', 1),
    ...dots(['6 22', '11 19', '16 15.5', '21 12.5', '26 9', '31 6'], 1),
    ...dots(['36 5'], 5),
  ],
  'em-mixture': [
    ellipse('11 17 9 6 -15', 2),
    ellipse('29 9 8 6 20', 1),
    ...dots(['8 18', '13 15', '10 20', '16 17'], 2),
    ...dots(['27 7', '31 10', '29 12', '33 7'], 1),
  ],
  'sparse-mixture': [
    ellipse('12 10 4 9 25', 2, 1.5),
    ellipse('24 7 3.5 6 -5', 1, 1.75),
    ellipse('30 16 3 7 40', 4, 1.5),
    ellipse('20 21 8 3 -4', 3, 1.5),
  ],
  'bayesian-mixture': [
    ellipse('13 15 10 6 -18', 1, 1.5),
    ellipse('14 14.4 9.4 5.4 -14', 1, 0.6),
    ellipse('12.4 15.6 10.6 6.6 -22', 1, 0.6),
    ellipse('28 11 8.4 6 18', 2, 1.5),
    ellipse('28.6 10.4 7.8 5.4 22', 2, 0.6),
    ellipse('27.4 11.6 9 6.6 14', 2, 0.6),
  ],
  race: [
    curve('M3 23C6 10 12 6 37 5', component(2), 1.5),
    curve('M3 23C9 17 14 8 37 8', component(3), 1.5),
    curve('M3 23C14 22 22 13 37 12', component(1), 1.5),
    ...dots(['37 5'], 2),
    ...dots(['37 8'], 3),
    ...dots(['37 12'], 1),
  ],
};

const namespace = 'http://www.w3.org/2000/svg';

function drawn({ shape, at, colour, fill, width = 1.5, dash }: Mark): SVGElement {
  const element = document.createElementNS(namespace, shape);
  const numbers = shape === 'path' ? [] : at.split(' ');
  const set = (name: string, value: string | number): void =>
    element.setAttribute(name, String(value));
  if (shape === 'path') {
    set('d', at);
  } else {
    set('cx', numbers[0] ?? 0);
    set('cy', numbers[1] ?? 0);
    if (shape === 'circle') {
      set('r', numbers[2] ?? 1);
    } else {
      set('rx', numbers[2] ?? 1);
      set('ry', numbers[3] ?? 1);
      set('transform', `rotate(${numbers[4] ?? 0} ${numbers[0]} ${numbers[1]})`);
    }
  }
  // Custom properties count in styles, not in attributes.
  element.style.fill = fill === undefined ? 'none' : colour;
  if (fill === undefined) {
    element.style.stroke = colour;
    set('stroke-width', width);
    if (dash !== undefined) set('stroke-dasharray', dash);
  } else {
    set('fill-opacity', fill);
  }
  return element;
}

/** The picture of an experiment; decorative, since its label stands below it. */
export function thumbnail(experiment: string): SVGSVGElement {
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 40 26');
  svg.setAttribute('width', '40');
  svg.setAttribute('height', '26');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(...(pictures[experiment] ?? []).map(drawn));
  return svg;
}
