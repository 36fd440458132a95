/** The present instant; replaced in tests. */
export type Clock = () => Date;

/** Injection token of the `Clock`. */
export const CLOCK = Symbol('CLOCK');
