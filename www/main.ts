import { GaussianPlayground } from './element.ts';

// The page's address says which experiment; the element takes it from its attribute.
const experiment = new URLSearchParams(location.search).get('experiment');
if (experiment !== null) {
  document.querySelector('gaussian-playground')?.setAttribute('experiment', experiment);
}
customElements.define('gaussian-playground', GaussianPlayground);
