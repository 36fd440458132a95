import { gunzipSync, gzipSync } from 'node:zlib';
import { Defect, InvalidInput, failureFromWire, failureToWire, type Failure, type WireFailure } from '@tributary/failures';

type Wire = { readonly reply: unknown } | { readonly failure: WireFailure };

const gzipMagic = 0x1f;
const zipAboveBytes = 16 * 1024;
const maxPlainBytes = 64 * 1024 * 1024;

/**
 * A reply as bytes; large ones are compressed.
 * @throws InvalidInput `REPLY_TOO_LARGE` when it exceeds what the server carries
 */
export function encodeReply(reply: unknown, maxBytes: number): Uint8Array {
  const plain = Buffer.from(JSON.stringify({ reply } satisfies Wire));
  const bytes = plain.length > zipAboveBytes ? gzipSync(plain, { level: 1 }) : plain;
  if (bytes.length > maxBytes) throw new InvalidInput('REPLY_TOO_LARGE', 'The answer is too large.', { action: 'Ask for fewer rows or columns.' });
  return bytes;
}

/** A failure as bytes. */
export function encodeFailure(failure: Failure): Uint8Array {
  return Buffer.from(JSON.stringify({ failure: failureToWire(failure) } satisfies Wire));
}

/** The reply of a peer. @throws the peer's Failure, or Defect `REPLY_UNREADABLE` */
export function decodeReply(bytes: Uint8Array): unknown {
  const wire = parse(bytes);
  if ('failure' in wire) throw failureFromWire(wire.failure);
  return wire.reply;
}

function parse(bytes: Uint8Array): Wire {
  try {
    const plain = bytes[0] === gzipMagic ? gunzipSync(bytes, { maxOutputLength: maxPlainBytes }) : Buffer.from(bytes);
    const wire: unknown = JSON.parse(plain.toString('utf8'));
    if (typeof wire === 'object' && wire !== null && ('reply' in wire || 'failure' in wire)) return wire as Wire;
  } catch (cause) {
    throw new Defect('REPLY_UNREADABLE', 'A service answered something unreadable.', { cause });
  }
  throw new Defect('REPLY_UNREADABLE', 'A service answered something unreadable.');
}
