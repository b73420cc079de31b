import { GaussianPlayground } from './element.ts';

customElements.define('gaussian-playground', GaussianPlayground);
