import { projectTests } from '../../vitest.shared.ts';

export default projectTests({ timeoutMs: 60_000 });
