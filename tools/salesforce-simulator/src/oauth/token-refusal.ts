import type { Settings } from '../control/settings.ts';
import { OAuthError } from './oauth-error.ts';

/** Refusals of the token endpoint that follow from nothing the simulator knows, by the switch that asks for them: error and description. */
const words = {
  'login-rate': ['rate_limit_exceeded', 'login rate exceeded'],
  'app-version': ['wrong_version', 'credentials do not match the current app version'],
  'password-changed': ['invalid_grant', 'authentication failure'],
  'not-admin-approved': ['invalid_app_access', 'user is not admin approved to access this app'],
  'must-be-installed': ['invalid_client', 'app must be installed into org'],
  'approval-error': ['OAUTH_APPROVAL_ERROR_GENERIC', 'An unexpected error has occurred during authentication. Please try again.'],
  'app-blocked': ['OAUTH_APP_BLOCKED', 'this app is blocked by admin'],
  'client-credentials': ['invalid_client_credentials', 'invalid client credentials'],
  'client-id': ['invalid_client_id', 'client identifier invalid'],
  'flow-disabled': ['unsupported_grant_type', 'grant type not supported'],
  'expired-code': ['invalid_grant', 'expired authorization code'],
} as const satisfies Record<string, readonly [error: string, description: string]>;

/** @throws OAuthError as the switch says */
export function requireNoRefusal({ tokenRefusal }: Settings): void {
  if (tokenRefusal === null) return;
  const [error, description] = words[tokenRefusal];
  throw new OAuthError(error, description);
}
