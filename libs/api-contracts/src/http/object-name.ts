import { z } from 'zod';

/** API name of an object, or of a field. */
export const ObjectName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,79}$/);
