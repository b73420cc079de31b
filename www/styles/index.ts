import chart from 'uplot/dist/uPlot.min.css?inline';
import base from './base.css?inline';
import canvas from './canvas.css?inline';
import chooseK from './choose-k.css?inline';
import comparison from './comparison.css?inline';
import controls from './controls.css?inline';
import dialogs from './dialogs.css?inline';
import frame from './frame.css?inline';
import labels from './labels.css?inline';
import list from './list.css?inline';
import menu from './menu.css?inline';
import minimal from './minimal.css?inline';
import moments from './moments.css?inline';
import overlap from './overlap.css?inline';
import panels from './panels.css?inline';
import race from './race.css?inline';
import restarts from './restarts.css?inline';
import sideBySide from './side-by-side.css?inline';
import tokens from './tokens.css?inline';
import transport from './transport.css?inline';
import weightBars from './weight-bars.css?inline';

/** The element's style sheets; later ones win. */
export function styleSheets(): CSSStyleSheet[] {
  const all = [tokens, chart, base, frame, canvas, transport, controls, panels, menu, dialogs];
  const parts = [moments, restarts, chooseK, weightBars, list, labels, overlap];
  return [...all, ...parts, sideBySide, comparison, race, minimal].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
}
