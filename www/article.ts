import { make } from './dom.ts';
import type { Report } from './engine/protocol.ts';
import {
  type Article,
  addressOf,
  type Experiment,
  type Jump,
  type Words,
} from './experiments/index.ts';
import type { Formula } from './formulas.ts';

/** Opens what the text of a link after its `#` says. */
export type Follow = (hash: string) => void;

/**
 * A link to another state of the page. It is a link, so that it can be opened in a new tab or sent
 * to somebody; pressed, it opens in place.
 */
export function jumpLink(jump: Jump, follow: Follow): HTMLAnchorElement {
  const hash = addressOf(jump);
  const link = make('a', { class: 'link', href: hash }, jump.words);
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    follow(hash);
  });
  return link;
}

export function tryLinks({ tries }: Experiment, follow: Follow): HTMLElement {
  const items = tries.map((jump) => make('li', {}, jumpLink(jump, follow)));
  return make('ul', { class: 'tries' }, ...items);
}

export function paragraph(words: Words, follow: Follow): HTMLElement {
  const pieces = typeof words === 'string' ? [words] : words;
  const content = pieces.map((piece) =>
    typeof piece === 'string' ? piece : jumpLink(piece, follow),
  );
  return make('p', {}, ...content);
}

/** "Two questions": what the questions of an article stand under. */
function questionsHeading(count: number): string {
  const words = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six'];
  return `${words[count] ?? count} ${count === 1 ? 'question' : 'questions'}`;
}

/** What stands beside the canvas for a curious reader: the model, what to look at, what goes wrong. */
export class ArticleText {
  readonly element: HTMLElement;
  readonly #formula: Formula | undefined;

  constructor({ formula, sections, questions = [], source }: Article, follow: Follow) {
    this.#formula = formula?.();
    const model = this.#formula && part('The model', this.#formula.element);
    const asked = questions.map(({ question, answer }) =>
      make(
        'details',
        { class: 'question' },
        make('summary', {}, question),
        ...answer.map((words) => paragraph(words, follow)),
      ),
    );
    this.element = make(
      'article',
      { class: 'section text' },
      model,
      ...(asked.length > 0 ? [part(questionsHeading(asked.length), ...asked)] : []),
      ...sections.map(({ heading, paragraphs }) =>
        part(heading, ...paragraphs.map((words) => paragraph(words, follow))),
      ),
      make('p', { class: 'source' }, source),
    );
  }

  show(report: Report): void {
    this.#formula?.show(report);
  }
}

function part(heading: string, ...content: HTMLElement[]): HTMLElement {
  return make('section', { class: 'section' }, make('h2', {}, heading), ...content);
}
