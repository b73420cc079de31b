/** A module of one function that splats a number over the lanes of a vector: valid only with SIMD. */
const simd = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic number, version 1
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // type: () -> v128
  ...[0x03, 0x02, 0x01, 0x00], // one function of that type
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b], // i32.const 0, i8x16.splat
]);

/** What this browser lacks, as a sentence that says what to do; nothing when it has all. */
export function missingFeature(): string | undefined {
  if (
    !('OffscreenCanvas' in window) ||
    !('transferControlToOffscreen' in HTMLCanvasElement.prototype)
  ) {
    return 'This browser cannot draw from a Worker. Use Chrome or Edge from 123, Firefox from 120 or Safari from 17.5.';
  }
  if (typeof WebAssembly !== 'object' || !WebAssembly.validate(simd)) {
    return 'This browser cannot run WebAssembly with SIMD, or has it turned off. Turn it on, or use a current browser.';
  }
  return undefined;
}
