import { json, type Reply } from '../http/reply.ts';
import type { World } from './world.ts';

/** OpenID Connect discovery of a host; says nothing of PKCE, as Salesforce's does not. */
export function discovery({ settings }: World, origin: string): Reply {
  return json(200, {
    issuer: origin, authorization_endpoint: `${origin}/services/oauth2/authorize`, token_endpoint: `${origin}/services/oauth2/token`, revocation_endpoint: `${origin}/services/oauth2/revoke`,
    userinfo_endpoint: `${origin}/services/oauth2/userinfo`, introspection_endpoint: `${origin}/services/oauth2/introspect`, registration_endpoint: `${origin}/services/oauth2/register`,
    jwks_uri: `${origin}/id/keys`, scopes_supported: settings.scopes, response_types_supported: ['code', 'token', 'token id_token'], subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'], display_values_supported: ['page', 'popup', 'touch'], token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
    claims_supported: ['active', 'address', 'email', 'email_verified', 'family_name', 'given_name', 'is_app_installed', 'language', 'locale', 'name', 'nickname', 'organization_id', 'phone_number', 'phone_number_verified',
      'photos', 'picture', 'preferred_username', 'profile', 'sub', 'updated_at', 'urls', 'user_id', 'user_type', 'zoneinfo'],
  });
}
