import { z } from 'zod';

/** By which field changes of an object are found, and what was tried before. */
export const CursorChoice = z.object({
  /** Fields that were considered, in order; another list asks for another choice. */
  candidates: z.array(z.string()),
  /** Null when every run must read the whole object. */
  field: z.string().nullable(),
  /** Fields that Salesforce describes as fit and then refuses. */
  refused: z.array(z.object({ field: z.string(), because: z.string() })),
});
export type CursorChoice = z.infer<typeof CursorChoice>;

/** How changes of an object are found, one sentence. */
export function cursorText({ field, refused }: CursorChoice): string {
  const how = field === null ? 'It is read whole each time, because it has no field by which changes could be found.' : `Changes are found by ${field}.`;
  return refused.length === 0 ? how : `${how} Salesforce refuses ${refused.map((one) => one.field).join(' and ')}: ${refused[0]?.because ?? ''}`;
}
