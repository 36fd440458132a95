import { z } from 'zod';

/** A text that is kept as it was written: neither NUL nor half of a character, which no table takes. */
export const Storable = z.string().refine((text) => text.isWellFormed() && !text.includes('\0'), 'must not hold NUL or half of a character');
