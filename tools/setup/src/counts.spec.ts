import { describe, expect, it } from 'vitest';
import { countsOf, failuresOf, lastLine, sum } from './counts.mjs';

const green = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, success: true, testResults: [{ status: 'passed', assertionResults: [{}] }] };

describe('counting tests', () => {
  it('counts passed, failed, and skipped with todo', () => {
    expect(countsOf(green)).toEqual({ passed: 3, failed: 0, skipped: 2 });
    expect(countsOf({ ...green, numFailedTests: 2, success: false })).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  it('counts a file that could not be loaded as one failed test', () => {
    expect(countsOf({ ...green, success: false, testResults: [...green.testResults, { status: 'failed', assertionResults: [] }] }).failed).toBe(1);
  });

  it('never shows a failed run as green', () => {
    expect(countsOf({ ...green, success: false }).failed).toBe(1);
  });

  it('names each failed test, and a file that failed as a whole', () => {
    const testResults = [
      { name: '/clone/apps/gateway/src/a.spec.ts', status: 'failed', assertionResults: [{ status: 'passed', fullName: 'fine' }, { status: 'failed', fullName: 'group breaks', failureMessages: ['Error: late\n    at x'] }] },
      { name: '/clone/libs/failures/src/b.spec.ts', status: 'failed', message: 'SyntaxError: odd', assertionResults: [] },
    ];
    expect(failuresOf({ testResults })).toEqual(['apps/gateway/src/a.spec.ts › group breaks: Error: late', 'libs/failures/src/b.spec.ts › the file as a whole: SyntaxError: odd']);
    expect(failuresOf(green)).toEqual([]);
  });

  it('sums projects into the last line', () => {
    expect(lastLine(sum([{ passed: 3, failed: 0, skipped: 2 }, { passed: 4, failed: 1, skipped: 0 }]))).toBe('7 passed, 1 failed, 2 skipped');
    expect(lastLine(sum([]))).toBe('0 passed, 0 failed, 0 skipped');
  });
});
