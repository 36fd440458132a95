import { z } from 'zod';

/** An API version as operators write it: `66.0`, `v66.0` or `66`. @returns it as addresses have it: `66.0` */
export const ApiVersion = z.string().regex(/^v?\d{2,3}(\.0)?$/, 'must be a version such as 66.0').transform((version) => version.replace(/^v?(\d+)(\.0)?$/, '$1.0'));
