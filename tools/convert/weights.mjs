// SPDX-License-Identifier: Apache-2.0
// Decodes the weight shards of a TFJS model into float32 or int32 arrays.

/** IEEE 754 binary16 bits to a number. */
export function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const affine = (read) => (bytes, at, { scale, min }) => read(bytes, at) * scale + min;
const float32 = (bytes, at) => bytes.readFloatLE(at);
const int32 = (bytes, at) => bytes.readInt32LE(at);
const uint16 = (bytes, at) => bytes.readUInt16LE(at);
const uint8 = (bytes, at) => bytes[at];

/** How a stored element is read, by "dtype" or "dtype/quantization dtype". */
const READERS = {
  float32: { size: 4, read: float32, into: Float32Array },
  'float32/float16': { size: 2, read: (b, at) => halfToNumber(uint16(b, at)), into: Float32Array },
  'float32/uint8': { size: 1, read: affine(uint8), into: Float32Array },
  'float32/uint16': { size: 2, read: affine(uint16), into: Float32Array },
  int32: { size: 4, read: int32, into: Int32Array },
  bool: { size: 1, read: uint8, into: Int32Array },
};

export const elementCount = (shape) => shape.reduce((product, n) => product * n, 1);

function readerOf(entry) {
  const kind = entry.quantization ? `${entry.dtype}/${entry.quantization.dtype}` : entry.dtype;
  const reader = READERS[kind];
  if (!reader) throw new Error(`weight ${entry.name}: element type ${kind} is not known`);
  return reader;
}

/**
 * Decodes all weights of a manifest.
 * @param {{weights: object[]}[]} manifest the model's weightsManifest
 * @param {Buffer} bytes its shards joined in manifest order
 * @returns {Map<string, {shape: number[], data: Float32Array|Int32Array}>} by weight name
 */
export function decodeWeights(manifest, bytes) {
  const weights = new Map();
  let at = 0;
  for (const entry of manifest.flatMap((group) => group.weights)) {
    const { size, read, into } = readerOf(entry);
    const count = elementCount(entry.shape);
    const end = at + count * size;
    if (end > bytes.length) {
      throw new Error(`weight ${entry.name}: the shards end at byte ${bytes.length}, it needs ${end}`);
    }
    const data = new into(count);
    for (let i = 0; i < count; i++) data[i] = read(bytes, at + i * size, entry.quantization);
    weights.set(entry.name, { shape: entry.shape, data });
    at = end;
  }
  if (at !== bytes.length) {
    throw new Error(`the shards hold ${bytes.length} bytes, the manifest names ${at}`);
  }
  return weights;
}
