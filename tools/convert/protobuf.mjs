// SPDX-License-Identifier: Apache-2.0
// The few parts of the protobuf wire format that an ONNX file needs.
// A message is a Buffer; a field is a Buffer of tag and payload; concat() joins fields to a message.

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

/** Encodes an integer (number or bigint, negative as 64-bit two's complement) as a varint. */
export function varint(value) {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest ? low | 0x80 : low);
  } while (rest);
  return Buffer.from(bytes);
}

export const concat = (fields) => Buffer.concat(fields);

export const intField = (number, value) =>
  concat([varint((number << 3) | VARINT), varint(value)]);

/** A length-delimited field: nested message, raw bytes or UTF-8 text. */
export function bytesField(number, value) {
  const payload = Buffer.isBuffer(value) ? value : Buffer.from(value, 'utf8');
  return concat([varint((number << 3) | BYTES), varint(payload.length), payload]);
}

export function floatField(number, value) {
  const payload = Buffer.alloc(4);
  payload.writeFloatLE(value);
  return concat([varint((number << 3) | FIXED32), payload]);
}
