/** The marks and colours that tell the lines of a chart apart. */

/** Marks of the conditions, so that colours are not alone in telling them apart. */
export const marks = ['circle', 'square', 'diamond', 'triangle'] as const;

export type MarkKind = (typeof marks)[number];

export function markPath(kind: MarkKind, x: number, y: number, r: number): string {
  switch (kind) {
    case 'circle':
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    case 'square':
      return `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`;
    case 'diamond':
      return `M${x} ${y - 1.3 * r}L${x + 1.3 * r} ${y}L${x} ${y + 1.3 * r}L${x - 1.3 * r} ${y}Z`;
    case 'triangle':
      return `M${x} ${y - 1.25 * r}L${x + 1.2 * r} ${y + r}H${x - 1.2 * r}Z`;
  }
}

/** The colour of a condition, as a custom property. */
export function conditionColour(condition: number): string {
  return `var(--component-${(condition % 7) + 1})`;
}
