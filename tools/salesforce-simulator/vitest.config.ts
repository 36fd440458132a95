import { projectTests } from '../../vitest.shared.ts';

// The files share nothing but a signing key: workers may be used again.
export default projectTests({ more: { test: { isolate: false } } });
