/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/** @type {Counts} */
export const none = { passed: 0, failed: 0, skipped: 0 };

/**
 * Tests in one result file of Vitest; a test file that could not even be loaded counts as one failed test.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, success?: boolean, testResults?: readonly { status: string, assertionResults: readonly unknown[] }[] }} result
 * @returns {Counts}
 */
export function countsOf(result) {
  const unloadable = (result.testResults ?? []).filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length;
  const failed = result.numFailedTests + unloadable;
  return {
    passed: result.numPassedTests,
    // A run that failed in its setup or teardown must not look green.
    failed: result.success === false && failed === 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/**
 * @param {readonly Counts[]} all
 * @returns {Counts}
 */
export function sum(all) {
  return all.reduce((total, { passed, failed, skipped }) => ({ passed: total.passed + passed, failed: total.failed + failed, skipped: total.skipped + skipped }), none);
}

/** @param {Counts} counts */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * A line for each failed test of one result file: test file, name of the test, first line of what went wrong; and one for a test file that could not be loaded.
 * @param {{ testResults?: readonly { name?: string, status: string, message?: string, assertionResults: readonly { status?: string, fullName?: string, failureMessages?: readonly string[] }[] }[] }} result
 * @returns {string[]}
 */
export function failuresOf(result) {
  return (result.testResults ?? []).flatMap(({ name = '', status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed').map((test) => failureLine(name, test.fullName, test.failureMessages?.[0]));
    return failed.length === 0 && status === 'failed' ? [failureLine(name, 'the file as a whole', message)] : failed;
  });
}

/** @param {string} file @param {string | undefined} test @param {string | undefined} message */
function failureLine(file, test, message) {
  const place = file.split(/[/\\](?=(?:apps|libs|tools)[/\\])/).at(-1);
  return `${place} › ${test ?? ''}: ${(message ?? 'no message').split('\n', 1)[0].slice(0, 300)}`;
}
