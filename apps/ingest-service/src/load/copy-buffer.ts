/** Bytes in COPY's binary format, in the order of writing; grows as needed. */
export class CopyBuffer {
  bytes: Buffer;
  at = 0;

  constructor(private readonly capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
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

  /** What was written before `end`; the rest stays, in a buffer of its own, because what was taken is on its way to the database. */
  take(end: number): Buffer {
    const taken = this.bytes.subarray(0, end);
    const rest = this.bytes.subarray(end, this.at);
    this.bytes = Buffer.allocUnsafeSlow(Math.max(this.capacity, rest.length));
    rest.copy(this.bytes);
    this.at = rest.length;
    return taken;
  }
}

/** Length that stands for null. */
export const binaryNull = -1;

/** What a binary COPY begins with: signature, no flags, no extension. */
export const binaryHeader = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);

/** What a binary COPY ends with. */
export const binaryTrailer = Buffer.from([0xff, 0xff]);
