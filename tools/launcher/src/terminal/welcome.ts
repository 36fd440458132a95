export interface Welcome {
  readonly url: string;
  readonly seconds: string;
  readonly callback: string;
  readonly logs: string;
  /** Present when the simulator stands in for Salesforce. */
  readonly simulatorOrigin: string | undefined;
}

/** What a person needs to know once everything runs. */
export function welcome({ url, seconds, callback, logs, simulatorOrigin }: Welcome): string {
  const what = simulatorOrigin === undefined
    ? `Open it and connect your Salesforce org. The callback of your app at Salesforce must be ${callback}`
    : `Open it, choose "Connect the demo org", sign in as the person the page offers and allow access: the data of the
  simulated org (${simulatorOrigin}) is copied and its charts appear. To connect a real org, set SALESFORCE_CLIENT_ID.`;
  return `
Tributary is ready after ${seconds} s:

  ${url}

  ${what}

  Stop with Ctrl-C. Logs: ${logs}
`;
}
