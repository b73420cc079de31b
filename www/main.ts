import { GaussianPlayground } from './element.ts';
import { followAddress } from './links/page.ts';

const element = document.querySelector<GaussianPlayground>('gaussian-playground');
if (element) followAddress(element);
customElements.define('gaussian-playground', GaussianPlayground);
