import { GaussianPlayground } from './element.ts';

// The element alone, for other people's pages: it takes all from its attributes, none from the address.
if (!customElements.get('gaussian-playground')) {
  customElements.define('gaussian-playground', GaussianPlayground);
}
