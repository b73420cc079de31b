/** Icons on a 16 × 16 grid, drawn with the text's colour. */
const paths = {
  restart: { stroke: 'M3.6 5.2A5.4 5.4 0 1 1 2.6 8M3.4 2.2v3.2h3.2' },
  play: {
    fill: 'M4.5 2.6v10.8a.5.5 0 0 0 .77.42l8.2-5.4a.5.5 0 0 0 0-.84l-8.2-5.4a.5.5 0 0 0-.77.42z',
  },
  pause: {
    fill: 'M4 2.5h2.6a.4.4 0 0 1 .4.4v10.2a.4.4 0 0 1-.4.4H4a.4.4 0 0 1-.4-.4V2.9a.4.4 0 0 1 .4-.4zm5.4 0H12a.4.4 0 0 1 .4.4v10.2a.4.4 0 0 1-.4.4H9.4a.4.4 0 0 1-.4-.4V2.9a.4.4 0 0 1 .4-.4z',
  },
  step: {
    fill: 'M3 3.2v9.6a.5.5 0 0 0 .78.41L10.5 8.41a.5.5 0 0 0 0-.82L3.78 2.79A.5.5 0 0 0 3 3.2zM11.5 2.8h1.7v10.4h-1.7z',
  },
  back: {
    fill: 'M13 3.2v9.6a.5.5 0 0 1-.78.41L5.5 8.41a.5.5 0 0 1 0-.82l6.72-4.8a.5.5 0 0 1 .78.41zM2.8 2.8h1.7v10.4H2.8z',
  },
  dice: {
    stroke:
      'M3.5 2h9A1.5 1.5 0 0 1 14 3.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 12.5v-9A1.5 1.5 0 0 1 3.5 2z',
    fill: 'M5 4a1 1 0 1 1 0 2 1 1 0 0 1 0-2zm6 0a1 1 0 1 1 0 2 1 1 0 0 1 0-2zM8 7a1 1 0 1 1 0 2 1 1 0 0 1 0-2zm-3 3a1 1 0 1 1 0 2 1 1 0 0 1 0-2zm6 0a1 1 0 1 1 0 2 1 1 0 0 1 0-2z',
  },
  undo: { stroke: 'M5.8 3.2L3 6l2.8 2.8M3 6h6.2a3.4 3.4 0 0 1 0 6.8H6.5' },
  redo: { stroke: 'M10.2 3.2L13 6l-2.8 2.8M13 6H6.8a3.4 3.4 0 0 0 0 6.8h2.7' },
  plus: { stroke: 'M8 3v10M3 8h10' },
  minus: { stroke: 'M3 8h10' },
  fit: { stroke: 'M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3' },
  link: {
    stroke:
      'M6.8 9.2a2.9 2.9 0 0 0 4.1 0l2-2a2.9 2.9 0 0 0-4.1-4.1l-.9.9M9.2 6.8a2.9 2.9 0 0 0-4.1 0l-2 2a2.9 2.9 0 0 0 4.1 4.1l.9-.9',
  },
  save: { stroke: 'M8 2.5v7.5M4.8 7L8 10.2 11.2 7M2.8 13.2h10.4' },
  auto: {
    stroke: 'M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2z',
    fill: 'M8 2.2a5.8 5.8 0 0 1 0 11.6z',
  },
  sun: {
    stroke:
      'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1',
  },
  moon: { stroke: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z' },
  chevron: { stroke: 'M4 6.2l4 4 4-4' },
  close: { stroke: 'M4 4l8 8M12 4l-8 8' },
} as const satisfies Record<string, { stroke?: string; fill?: string }>;

export type IconName = keyof typeof paths;

const namespace = 'http://www.w3.org/2000/svg';

/** A decorative icon; whatever it sits in carries the name. */
export function icon(name: IconName, size = 16): SVGSVGElement {
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('width', String(size));
  svg.setAttribute('height', String(size));
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('icon');
  const drawing: { stroke?: string; fill?: string } = paths[name];
  for (const kind of ['stroke', 'fill'] as const) {
    const data = drawing[kind];
    if (data === undefined) continue;
    const path = document.createElementNS(namespace, 'path');
    path.setAttribute('d', data);
    path.setAttribute('fill', kind === 'fill' ? 'currentColor' : 'none');
    if (kind === 'stroke') {
      path.setAttribute('stroke', 'currentColor');
      path.setAttribute('stroke-width', '1.5');
      path.setAttribute('stroke-linecap', 'round');
      path.setAttribute('stroke-linejoin', 'round');
    }
    svg.append(path);
  }
  return svg;
}
