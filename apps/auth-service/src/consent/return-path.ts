/** Pages of the portal a sign-in may end at. */
const portalPath = /^\/(?:(?:c|connections|metrics|welcome|settings|account)(?:\/[\w.~-]+)*\/?)?(?:\?[\w.~%=&-]*)?$/;

/** A path of the portal, or `/` for anything else: other hosts, schemes, backslashes, dot segments and encoded tricks included. */
export function returnPath(input: string | undefined): string {
  if (input === undefined || input.length > 500 || !portalPath.test(input)) return '/';
  return input.split('?', 1)[0]?.split('/').some((segment) => segment === '.' || segment === '..') ? '/' : input;
}
