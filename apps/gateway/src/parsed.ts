import { InvalidInput } from '@tributary/failures';
import type { z } from 'zod';

/** What entered, checked. @throws InvalidInput `REQUEST_INVALID` naming every wrong member */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new InvalidInput('REQUEST_INVALID', `The request is not valid: ${problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')}.`, { details: { problems } });
}
