const browsers: readonly (readonly [RegExp, string])[] = [[/\bEdg\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\bFirefox\//, 'Firefox'], [/\bChrome\//, 'Chrome'], [/\bVersion\/.*Safari\//, 'Safari']];
const systems: readonly (readonly [RegExp, string])[] = [[/\b(iPhone|iPad)\b/, 'iOS'], [/\bAndroid\b/, 'Android'], [/\bWindows\b/, 'Windows'], [/\bMac OS X\b/, 'macOS'], [/\bLinux\b/, 'Linux']];

/** `Firefox on Linux`, from what a browser says of itself; enough for people to know their own again. */
export function browserName(userAgent: string | undefined): string {
  const of = (known: readonly (readonly [RegExp, string])[]): string | undefined => known.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  const [browser, system] = [of(browsers), of(systems)];
  return browser === undefined ? 'Unknown browser' : system === undefined ? browser : `${browser} on ${system}`;
}
