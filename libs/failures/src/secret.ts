const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A value that prints as `[secret]` in logs, JSON, templates and inspection; `reveal()` is the only way in. */
export class Secret<T> {
  readonly #value: T;

  private constructor(value: T) {
    this.#value = value;
  }

  static of<T>(value: T): Secret<T> {
    return new Secret(value);
  }

  /** The value itself. Search for `.reveal(` to audit every use. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect](): string {
    return '[secret]';
  }
}
