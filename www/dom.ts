type Child = Node | string | undefined;
type Attributes = Record<string, string | number | boolean | undefined>;

/**
 * Makes an element. `true` sets an empty attribute; `false` and `undefined` leave it away. Strings
 * become text nodes, so nothing from a file or a link is ever read as HTML.
 */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== undefined) element.append(child);
  return element;
}

/** Sets text only when it changed: a live region then speaks only of changes. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

let count = 0;

/** An id unique in this document, for labels and descriptions. */
export function uniqueId(stem: string): string {
  count += 1;
  return `${stem}-${count}`;
}
