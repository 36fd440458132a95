import { join } from 'node:path';
import { BaseSequencer } from 'vitest/node';
import { projectTests } from '../../vitest.shared.ts';

/** One product serves most files, one after the other: first what measures times, last what kills processes. */
const order = ['journey', 'contract', 'refusals', 'secrets', 'faults', 'other-salesforce'];

class InOrder extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]): ReturnType<BaseSequencer['sort']> {
    const rank = (file: string): number => order.findIndex((name) => file.includes(name));
    return files.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId));
  }
}

export default projectTests({
  timeoutMs: 120_000,
  more: {
    test: {
      globalSetup: [join(import.meta.dirname, 'src', 'global-setup.ts')],
      hookTimeout: 240_000,
      fileParallelism: false,
      sequence: { sequencer: InOrder },
    },
  },
});
