import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InvalidInput } from '@tributary/failures';

export interface BodyLimits {
  /** Bytes an unpacked answer may have. */
  readonly maxBytes: number;
  /** How many times larger than the packed bytes an answer may unpack, once it is larger than `ratioFromBytes`. */
  readonly maxRatio: number;
  readonly ratioFromBytes: number;
}

/** A result page of wide rows stays far below; mostly empty columns pack up to about 1:100, a bomb 1:1000. */
export const streamLimits: BodyLimits = { maxBytes: 8 * 1024 ** 3, maxRatio: 400, ratioFromBytes: 16 * 1024 ** 2 };

/**
 * The body as Salesforce means it: unpacked, and ended with an error as soon as it breaks a limit.
 * @throws InvalidInput `ANSWER_ENCODING_UNKNOWN`, and through the stream `ANSWER_TOO_LARGE`
 */
export function answerBody(raw: Readable, encoding: string | undefined, limits: BodyLimits): Readable {
  const counted = { packed: 0, plain: 0 };
  if (encoding === undefined || encoding === 'identity') return joined(raw, [new Counter(counted, limits, false)]);
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    raw.on('error', () => undefined).destroy();
    throw new InvalidInput('ANSWER_ENCODING_UNKNOWN', 'Salesforce answered in an encoding nobody asked for.');
  }
  raw.on('data', (chunk: Buffer) => (counted.packed += chunk.length));
  return joined(raw, [createGunzip(), new Counter(counted, limits, true)]);
}

/** Pipes forwards and carries ends and errors both ways, so that no socket outlives its reader. */
function joined(raw: Readable, steps: readonly [Transform, ...Transform[]]): Readable {
  let last: Readable = raw;
  for (const step of steps) {
    const before = last;
    before.on('error', (error) => step.destroy(error));
    step.on('close', () => before.destroy());
    before.pipe(step);
    last = step;
  }
  // The stream may break before its reader is there, who still gets the error; without a listener it would end the process.
  return last.on('error', () => undefined);
}

class Counter extends Transform {
  readonly #counted: { packed: number; plain: number };
  readonly #limits: BodyLimits;
  readonly #packed: boolean;

  constructor(counted: { packed: number; plain: number }, limits: BodyLimits, packed: boolean) {
    super();
    this.#counted = counted;
    this.#limits = limits;
    this.#packed = packed;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const { maxBytes, maxRatio, ratioFromBytes } = this.#limits;
    this.#counted.plain += chunk.length;
    const { packed, plain } = this.#counted;
    const bomb = this.#packed && plain > ratioFromBytes && plain > packed * maxRatio;
    if (plain > maxBytes || bomb) done(new InvalidInput('ANSWER_TOO_LARGE', 'Salesforce answered with more than expected.'));
    else done(null, chunk);
  }
}
