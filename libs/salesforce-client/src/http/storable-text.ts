import { z } from 'zod';

/** A text that people of the org wrote, without what no store of texts keeps: NUL and halves of characters. */
export const StorableText = z.string().transform((text) => text.toWellFormed().replaceAll('\0', ''));
