import { decode, type Theme } from './links/link.ts';
import styles from './styles/embed.css?inline';

// The page inside a post's frame: its address says what the element shows and on what colour. Runs
// before the element is defined, so that it finds its attributes when it starts.

/** Whether text on this colour has to be light. */
function themeOn(page: string): Theme {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) =>
    Number.parseInt(page.slice(at, at + 2), 16),
  );
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? 'dark' : 'light';
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets.push(sheet);

const element = document.querySelector('gaussian-playground');
const hash = location.hash.slice(1);
const { experiment, page, theme = page && themeOn(page) } = decode(hash).state;
element?.setAttribute('link', hash);
if (experiment) element?.setAttribute('experiment', experiment);
for (const styled of [document.documentElement, element]) {
  if (!(styled instanceof HTMLElement)) continue;
  if (page) {
    styled.style.setProperty('--page', `#${page}`);
    styled.style.backgroundColor = `#${page}`;
  }
  if (theme) styled.style.colorScheme = theme;
}
// Not what the visitor chose in the playground: the post around the frame knows nothing of that.
element?.setAttribute('theme', theme ?? 'auto');

// A post that gives its frame another link means another fit.
addEventListener('hashchange', () => location.reload());
