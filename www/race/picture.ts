import { conditionColour } from '../comparison/strokes.ts';
import type { Colours } from '../theme.ts';

/** What a picture of a race shows. */
export interface RacePicture {
  verdict: string;
  panels: { label: string; image: ImageBitmap }[];
  chart?: SVGSVGElement;
}

const width = 1200;
const panelHeight = 300;
const room = 24;
/** Pixels for one of the page's. */
const scale = 2;
const family = '-apple-system, "Segoe UI", Roboto, "Liberation Sans", system-ui, sans-serif';

/** What an anchor of SVG is on a canvas. */
const alignments: Record<string, CanvasTextAlign> = { end: 'right', middle: 'center' };

/** Draws the strokes and words of a chart; images of SVG are not allowed where the policy is strict. */
function drawChart(context: CanvasRenderingContext2D, svg: SVGSVGElement): void {
  for (const element of svg.querySelectorAll('path, line, text')) {
    const { fill, stroke, strokeWidth, strokeDasharray, fontWeight, opacity } =
      getComputedStyle(element);
    const dashes = (strokeDasharray.match(/[\d.]+/g) ?? []).map(Number);
    const clipped = element.closest('[clip-path]');
    const area = clipped && svg.querySelector('clipPath rect');
    const number = (name: string): number => Number(element.getAttribute(name) ?? 0);
    context.save();
    context.globalAlpha = Number(opacity);
    if (area) {
      const at = (name: string): number => Number(area.getAttribute(name) ?? 0);
      context.beginPath();
      context.rect(at('x'), at('y'), at('width'), at('height'));
      context.clip();
    }
    context.setLineDash(dashes);
    context.lineWidth = Number.parseFloat(strokeWidth) || 1;
    context.lineJoin = 'round';
    if (element instanceof SVGTextElement) {
      context.font = `${fontWeight} 11px ${family}`;
      context.textAlign = alignments[element.getAttribute('text-anchor') ?? ''] ?? 'left';
      context.fillStyle = fill;
      context.fillText(element.textContent ?? '', number('x'), number('y'));
    } else {
      const path = new Path2D(
        element.getAttribute('d') ??
          `M${number('x1')} ${number('y1')}L${number('x2')} ${number('y2')}`,
      );
      if (fill !== 'none' && element instanceof SVGPathElement) {
        context.fillStyle = fill;
        context.fill(path);
      }
      if (stroke !== 'none') {
        context.strokeStyle = stroke;
        context.stroke(path);
      }
    }
    context.restore();
  }
}

/** The winner's line, the panels and the chart in one picture, in the page's colours. */
export async function racePicture(
  { verdict, panels, chart }: RacePicture,
  colours: Colours,
): Promise<Blob> {
  const inner = width - 2 * room;
  const chartWidth = Number(chart?.getAttribute('width') ?? 0);
  const chartHeight = Number(chart?.getAttribute('height') ?? 0);
  const zoom = chartWidth > 0 ? inner / chartWidth : 1;
  const top = room + 32;
  const height = top + 24 + panelHeight + room + chartHeight * zoom + room;
  const canvas = new OffscreenCanvas(width * scale, Math.ceil(height) * scale);
  const context = canvas.getContext('2d') as unknown as CanvasRenderingContext2D | null;
  if (!context) throw new Error('There is no canvas to draw on.');
  context.scale(scale, scale);
  context.fillStyle = colours.get('page');
  context.fillRect(0, 0, width, height);
  context.fillStyle = colours.get('ink');
  context.font = `600 20px ${family}`;
  context.fillText(verdict, room, room + 16, inner);
  const each = (inner - room * (panels.length - 1)) / panels.length;
  panels.forEach(({ label, image }, index) => {
    const left = room + index * (each + room);
    context.fillStyle = colours.get(conditionColour(index).replace(/^var\(--|\)$/g, ''));
    context.beginPath();
    context.arc(left + 5, top + 9, 5, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = colours.get('ink');
    context.font = `600 14px ${family}`;
    context.fillText(label, left + 16, top + 14, each - 16);
    const fit = Math.min(each / image.width, panelHeight / image.height);
    const [w, h] = [image.width * fit, image.height * fit];
    context.drawImage(image, left + (each - w) / 2, top + 24 + (panelHeight - h) / 2, w, h);
  });
  if (chart) {
    context.translate(room, top + 24 + panelHeight + room);
    context.scale(zoom, zoom);
    drawChart(context, chart);
  }
  return canvas.convertToBlob({ type: 'image/png' });
}
