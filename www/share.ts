import { make, setText, uniqueId } from './dom.ts';
import { Menu } from './menu.ts';

/** What the links are made of; `reproducible` asks for one that runs the same everywhere. */
export interface ShareActions {
  /** The address of the present state, and what to know about it. */
  address(reproducible: boolean): Promise<{ page: string; embed: string; note: string }>;
}

/** Copies text, by the old way where the new one is not allowed. */
async function copy(field: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand('copy');
  }
}

/** A link to the whole playground, for a figure that is only a part of it. */
export function openElsewhere(share: ShareActions): HTMLElement {
  const link = make('a', { class: 'link elsewhere', target: '_blank', rel: 'noopener' });
  link.append('Open in the playground');
  const fill = async (): Promise<void> => {
    link.href = (await share.address(false)).page;
  };
  // The address is that of the moment of the press; until then it is that of the last look at it.
  for (const event of ['pointerenter', 'focus', 'pointerdown'] as const) {
    link.addEventListener(event, () => void fill().catch(() => {}));
  }
  void fill().catch(() => {});
  return link;
}

/** A button that copies the link, and shows what it copied. */
export function shareMenu(actions: ShareActions): Menu {
  const said = make('p', { class: 'menu-said', role: 'status' });
  const note = make('p', { class: 'menu-note' });
  const field = (name: string): { row: HTMLElement; input: HTMLInputElement } => {
    const input = make('input', { type: 'text', readonly: true, 'aria-label': name });
    const button = make('button', { type: 'button', class: 'plain' }, 'Copy');
    button.setAttribute('aria-label', `Copy ${name.toLowerCase()}`);
    const row = make('div', { class: 'copy-row' }, input, button);
    button.addEventListener('click', () => {
      void copy(input).then((done) =>
        setText(said, done ? `${name} copied.` : 'Copying is not allowed here: press Ctrl+C.'),
      );
    });
    return { row, input };
  };
  const link = field('Link');
  const embed = field('Code for a blog post');
  const id = uniqueId('reproducible');
  const reproducible = make('input', { id, type: 'checkbox', role: 'switch', class: 'switch' });
  const menu = new Menu(
    'Share',
    'link',
    'header-button share-button',
    said,
    link.row,
    make(
      'p',
      { class: 'menu-switch' },
      make('label', { for: id }, 'Reproducible: always on the CPU, the same bits everywhere'),
      reproducible,
    ),
    note,
    make('p', { class: 'menu-label' }, 'In a blog post'),
    embed.row,
  );
  menu.box.setAttribute('aria-label', 'Share');
  const fill = async (): Promise<void> => {
    const state = await actions.address(reproducible.checked);
    link.input.value = state.page;
    embed.input.value = `<iframe src="${state.embed.replaceAll('&', '&amp;')}" width="680" height="464" style="border:0" title="Gaussian Playground"></iframe>`;
    setText(note, state.note);
    note.hidden = state.note === '';
  };
  const copyLink = async (): Promise<void> => {
    await fill();
    const done = await copy(link.input);
    setText(said, done ? 'Link copied.' : 'Copy the link:');
  };
  reproducible.addEventListener('change', () => void copyLink().catch(() => {}));
  menu.button.addEventListener('click', () => void copyLink().catch(() => {}));
  return menu;
}
