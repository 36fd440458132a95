/** Bytes that were read and not used yet, in one buffer that serves again and again. */
export class ReadBuffer {
  #bytes: Buffer;
  #start = 0;
  #end = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Bytes that it has room for by now. */
  get capacity(): number {
    return this.#bytes.length;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** What is there, valid until more is added. */
  get content(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Adds bytes; the buffer grows when what is there and they have no room in it. */
  add(chunk: Buffer): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    chunk.copy(this.#bytes, this.#end);
    this.#end += chunk.length;
  }

  /** Forgets so many bytes from the start. */
  drop(count: number): void {
    this.#start += count;
  }

  #makeRoom(count: number): void {
    const { content, length } = this;
    const target = length + count > this.#bytes.length ? Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, length + count)) : this.#bytes;
    content.copy(target);
    this.#bytes = target;
    this.#start = 0;
    this.#end = length;
  }
}
