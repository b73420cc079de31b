/** Formulas as elements of MathML: they are made once, and only the text of live numbers changes. */

const namespace = 'http://www.w3.org/1998/Math/MathML';

type Child = Element | string;

function element(tag: string, children: readonly Child[]): MathMLElement {
  const made = document.createElementNS(namespace, tag);
  made.append(...children);
  return made;
}

/** A formula on a line of its own. */
export function math(...children: Child[]): MathMLElement {
  const made = element('math', [row(...children)]);
  made.setAttribute('display', 'block');
  return made;
}

export const row = (...children: Child[]): MathMLElement => element('mrow', children);
/** A name, in italics where it is one letter. */
export const id = (name: string): MathMLElement => element('mi', [name]);
export const num = (value = ''): MathMLElement => element('mn', [value]);
export const op = (sign: string): MathMLElement => element('mo', [sign]);
export const words = (text: string): MathMLElement => element('mtext', [text]);
export const sup = (base: Child, power: Child): MathMLElement => element('msup', [base, power]);
export const sub = (base: Child, index: Child): MathMLElement => element('msub', [base, index]);
export const subSup = (base: Child, index: Child, power: Child): MathMLElement =>
  element('msubsup', [base, index, power]);
export const frac = (above: Child, below: Child): MathMLElement => element('mfrac', [above, below]);
export const root = (inside: Child): MathMLElement => element('msqrt', [inside]);
/** A sign with its range below and above it. */
export const range = (sign: Child, from: Child, to: Child): MathMLElement =>
  element('munderover', [sign, from, to]);
export const hat = (base: Child): MathMLElement => {
  const over = op('^');
  over.setAttribute('stretchy', 'false');
  const made = element('mover', [base, over]);
  made.setAttribute('accent', 'true');
  return made;
};

export function table(...rows: Child[][]): MathMLElement {
  return element(
    'mtable',
    rows.map((cells) =>
      element(
        'mtr',
        cells.map((cell) => element('mtd', [cell])),
      ),
    ),
  );
}

/** Something in brackets as high as it is; an empty bracket is left out. */
export function within(left: string, inside: Child, right: string): MathMLElement {
  const brackets = [left, right].map((sign) => (sign === '' ? '' : op(sign)));
  const [before = '', after = ''] = brackets;
  return row(...[before, inside, after].filter((part) => part !== ''));
}
