import { projectTests } from '../../vitest.shared.ts';

export default projectTests({ servers: true, timeoutMs: 60_000 });
