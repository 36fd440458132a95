/** Bytes in COPY's binary format, in the order of writing; grows as needed. Two buffers take turns: new ones for each block would keep the garbage collector busy. */
export class CopyBuffer {
  bytes: Buffer;
  at = 0;
  #other: Buffer;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.#other = Buffer.allocUnsafeSlow(capacity);
  }

  /** Bytes of both together. */
  get capacity(): number {
    return this.bytes.length + this.#other.length;
  }

  /** Makes room for so many bytes more. */
  room(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + count));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }

  int16(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value >>> 8;
    bytes[at + 1] = value;
    this.at = at + 2;
  }

  int32(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    this.at = at + 4;
  }

  /** Writes a number where room was left for it. */
  int32At(place: number, value: number): void {
    const { at } = this;
    this.at = place;
    this.int32(value);
    this.at = at;
  }

  /** What was written since the last time, valid until it is asked for again. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.at);
    [this.bytes, this.#other] = [this.#other, this.bytes];
    this.at = 0;
    return taken;
  }
}

/** Length that stands for null. */
export const binaryNull = -1;

/** What a binary COPY begins with: signature, no flags, no extension. */
export const binaryHeader = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);

/** What a binary COPY ends with. */
export const binaryTrailer = Buffer.from([0xff, 0xff]);
