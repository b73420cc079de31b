import { Address } from '../../../www/links/address.ts';
import type { Decoded } from '../../../www/links/link.ts';

/** What the test takes hold of. */
export interface AddressAlone {
  address: Address;
  heard: Decoded[];
}

const heard: Decoded[] = [];
const address = new Address({}, (decoded) => heard.push(decoded), new AbortController().signal);
Object.assign(globalThis, { alone: { address, heard } satisfies AddressAlone });
