import type { ChangeDetail, GaussianPlayground } from '../element.ts';
import { experiments } from '../experiments/index.ts';
import { Address } from './address.ts';

/**
 * Keeps a page's address and its element together: what is changed is written there, and what the
 * visitor goes back to, or types, is opened. Call before the element is defined, so that it starts
 * with what the address says.
 */
export function followAddress(element: GaussianPlayground): void {
  const known = { experiments: experiments.map(({ name }) => name) };
  const { signal } = new AbortController();
  const address = new Address(
    known,
    ({ state, notices }) => element.openLink(state, notices),
    signal,
  );
  if (location.hash.length > 1) element.setAttribute('link', location.hash);
  element.addEventListener('playground-change', (event) => {
    const { step, state } = (event as CustomEvent<ChangeDetail>).detail;
    if (state) {
      address.write(state, step ? 'new' : 'same');
      return;
    }
    void element
      .linkState()
      .then((share) => {
        if (share) address.write(share.state, step ? 'new' : 'same');
      })
      // A Worker that died has told so itself; the address stays as it was.
      .catch(() => {});
  });
}
