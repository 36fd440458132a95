import type { CallPurpose } from '@tributary/api-contracts';
import type { TokenGrant } from '@tributary/salesforce-client';

/** What a call of OAuth is made for. @param grant with what a token is asked for, where it is one that is asked for */
export function purposeOf(path: string, grant: TokenGrant | undefined): CallPurpose {
  if (grant !== undefined) return `token-${grant}`;
  if (path === '/services/oauth2/revoke') return 'token-revoke';
  if (path === '/services/oauth2/userinfo') return 'userinfo';
  if (path === '/id/keys') return 'login-keys';
  if (path.startsWith('/id/')) return 'identity';
  return path === '/.well-known/openid-configuration' ? 'login-host' : 'other';
}
