import { join } from 'node:path';
import { BaseSequencer } from 'vitest/node';
import { projectTests } from '../../vitest.shared.ts';

/** Files after the journey. The longest, which kills processes of a product of its own, runs beside the others; the last one has its own product too. */
const order = ['faults', 'access-pages', 'accessibility', 'access', 'secrets', 'refusals', 'page-policy', 'hostile-input', 'contract', 'start', 'other-salesforce'];

class InOrder extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]): ReturnType<BaseSequencer['sort']> {
    const rank = (file: string): number => order.findIndex((name) => file.endsWith(`/${name}.spec.ts`));
    return files.toSorted((a, b) => a.project.config.sequence.groupOrder - b.project.config.sequence.groupOrder || rank(a.moduleId) - rank(b.moduleId));
  }
}

const limits = { testTimeout: 120_000, hookTimeout: 240_000 };

export default projectTests({
  more: {
    test: {
      globalSetup: [join(import.meta.dirname, 'src', 'global-setup.ts')],
      include: [],
      sequence: { sequencer: InOrder },
      projects: [
        // What measures times has the machine to itself.
        { test: { ...limits, name: 'journey', include: ['src/journey.spec.ts'], sequence: { groupOrder: 0 } } },
        { test: { ...limits, name: 'beside', include: ['src/*.spec.ts'], exclude: ['src/journey.spec.ts'], sequence: { groupOrder: 1 }, maxWorkers: 2 } },
      ],
    },
  },
});
