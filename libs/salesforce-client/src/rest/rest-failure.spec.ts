import { describe, expect, it } from 'vitest';
import { classifyRestAnswer, type RestReaction } from './rest-failure.ts';

const html = 'text/html;charset=UTF-8';
const json = 'application/json;charset=UTF-8';

/** [status, errorCode, message, reaction]: the rows of the REST catalogue, then those of Bulk. */
const rows: readonly (readonly [status: number, code: string, message: string, reaction: RestReaction])[] = [
  [401, 'INVALID_SESSION_ID', 'Session expired or invalid', 'renew-token'],
  [401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API', 'session-refused'],
  [401, 'INVALID_SESSION_ID', 'Connected app is not attached to Agent', 'session-refused'],
  [401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE', 'our-fault'],
  [403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.', 'api-disabled'],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', 'daily-limit'],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.', 'busy-org'],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.', 'busy-org'],
  [403, 'FUNCTIONALITY_NOT_ENABLED', 'This feature is not currently enabled for this user.', 'forbidden-object'],
  [403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on cross-reference id', 'forbidden-object'],
  [403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on cross-reference id', 'forbidden-object'],
  [403, 'FORBIDDEN', 'You do not have access', 'forbidden-object'],
  [403, 'OPERATION_NOT_ALLOWED', 'not allowed', 'forbidden-object'],
  [403, 'SOMETHING_NEW', '', 'forbidden-object'],
  [403, 'INVALID_OPERATION_WITH_EXPIRED_PASSWORD', 'The users password has expired, you must call SetPassword before attempting any other API operations', 'session-refused'],
  [400, 'MALFORMED_QUERY', 'unexpected token: FORM', 'our-fault'],
  [400, 'MALFORMED_QUERY', 'SOQL statements can not be longer than 100000 characters', 'our-fault'],
  [400, 'INVALID_FIELD', "\nSELECT Foo__c FROM Account\n       ^\nERROR at Row:1:Column:8\nNo such column 'Foo__c' on entity 'Account'.", 'schema-drift'],
  [400, 'INVALID_TYPE', "\nName FROM Accout\n          ^\nERROR at Row:1:Column:43\nsObject type 'Accout' is not supported.", 'schema-drift'],
  [400, 'QUERY_TIMEOUT', 'Your query request was running for too long.', 'split-window'],
  [400, 'QUERY_TOO_COMPLICATED', '', 'split-window'],
  [400, 'INVALID_QUERY_LOCATOR', 'invalid query locator', 'cursor-lost'],
  [400, 'OPERATION_TOO_LARGE', "exceeded 100000 distinct who/what's", 'split-window'],
  [400, 'EXCEEDED_ID_LIMIT', '', 'split-window'],
  [400, 'INVALID_REPLICATION_DATE', '', 'cursor-lost'],
  [400, 'NUMBER_OUTSIDE_VALID_RANGE', '', 'our-fault'],
  [400, 'UNSUPPORTED_API_VERSION', '', 'version-retired'],
  [400, 'NOT_FOUND', '', 'version-retired'],
  [404, 'NOT_FOUND', 'The requested resource does not exist', 'cursor-lost'],
  [405, 'METHOD_NOT_ALLOWED', "HTTP Method 'PUT' not allowed. Allowed are GET", 'our-fault'],
  [410, '', '', 'version-retired'],
  [413, '', '', 'use-other-api'],
  [414, '', '', 'use-other-api'],
  [431, '', '', 'use-other-api'],
  [415, '', '', 'our-fault'],
  [406, '', '', 'transient'],
  [420, '', '', 'transient'],
  [429, '', '', 'transient'],
  [500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-123456789)', 'transient'],
  [502, '', '', 'transient'],
  [504, '', '', 'transient'],
  [503, 'SERVER_UNAVAILABLE', '', 'maintenance'],
  [503, '', '', 'maintenance'],
  [400, 'INVALIDJOBSTATE', 'Aborting already Completed Job not allowed', 'our-fault'],
  [400, 'API_ERROR', 'Error encountered when deleting the job because the job is not terminated', 'not-ready'],
  [409, '', '', 'cursor-lost'],
  [412, 'JOB_NOT_COMPLETE', 'can only download query results of successfully completed bulk job with status: JOB_COMPLETE. Current status: IN_PROGRESS', 'not-ready'],
  [204, '', '', 'not-ready'],
  [400, 'LIMIT_EXCEEDED', 'Max bulk v2 query jobs (10000) per 24 hrs has been reached', 'use-other-api'],
  [400, 'LIMIT_EXCEEDED', 'Max bulk v2 query result size stored (1000000000) kb per 24 hrs has been exceeded', 'use-other-api'],
  [400, 'EXCEEDEDQUOTA', '', 'use-other-api'],
  [400, 'FUNCTIONALITY_NOT_ENABLED', 'Selecting compound data not supported in Bulk Query', 'use-other-api'],
  [400, 'INVALIDENTITY', "Entity 'CaseStatus' is not supported by the Bulk API.", 'use-other-api'],
  [400, '', 'entity type CaseStatus does not support query', 'use-other-api'],
  [400, '', 'Aggregate Relationships not supported in Bulk Query', 'use-other-api'],
  [400, 'API_ERROR', 'Implementation restriction: ContentDocumentLink requires a filter by a single Id', 'use-other-api'],
  [400, 'FeatureNotEnabled', 'Async API not enabled', 'use-other-api'],
  [403, 'FeatureNotEnabled', 'query operation requires the org permission BulkApiQuery', 'use-other-api'],
  [403, 'FEATURENOTENABLED', '', 'use-other-api'],
  [400, 'TXN_SECURITY_METERING_ERROR', "We can't complete the action because enabled transaction security policies took too long to complete.", 'use-other-api'],
  [403, 'TXN_SECURITY_METERING_ERROR', '', 'use-other-api'],
];

it.each(rows)('%i %s %j asks for %4$s', (status, code, message, reaction) => {
  const body = code === '' && message === '' ? '' : JSON.stringify([{ message, errorCode: code }]);
  const failure = classifyRestAnswer(status, json, body);
  expect(failure.reaction).toBe(reaction);
  expect(failure.code).toBe(code === '' ? `HTTP_${status}` : code);
  expect(failure.details).toMatchObject({ status, reaction });
});

describe('an answer that is no JSON', () => {
  it.each([
    [401, 'text/xml', '<errors><code>LOGIN_OAUTH_INVALID_TOKEN(db=1703)</code><message>Failed: Invalid Token</message></errors>', 'renew-token'],
    [401, html, '<html>Failed: Invalid Token</html>', 'renew-token'],
    [404, html, '<html><title>Salesforce - URL No Longer Exists</title></html>', 'org-moved'],
    [301, html, '', 'org-moved'],
    [302, html, '', 'org-moved'],
    [400, html, '<html>Access Declined</html>', 'transient'],
    [420, html, 'We are setting things up. This process can take a few minutes...', 'transient'],
    [500, html, '<html>oops</html>', 'transient'],
    [502, html, '', 'transient'],
    [503, html, '<html>We are down for maintenance</html>', 'maintenance'],
    [413, html, 'Request Entity Too Large: head', 'use-other-api'],
    [410, '', '410:GONE', 'version-retired'],
    [418, 'text/plain', 'teapot', 'our-fault'],
  ] as const)('%i %s is judged by status and known sentences', (status, type, text, reaction) => {
    const failure = classifyRestAnswer(status, type, text);
    expect(failure.reaction).toBe(reaction);
    expect(failure.message).not.toContain('<');
  });

  it.each(['', '{', 'null', '[]', '[null]', '["x"]', '[{"errorCode":null}]', '<html>'])('survives the broken JSON body %j', (text) => {
    expect(classifyRestAnswer(500, json, text)).toMatchObject({ reaction: 'transient', status: 500 });
  });
});

it('reads an error that comes as an object instead of a list', () => {
  expect(classifyRestAnswer(403, json, '{"errorCode":"API_DISABLED_FOR_ORG","message":"x"}').reaction).toBe('api-disabled');
});

it('bounds what it keeps of a message and a code', () => {
  const failure = classifyRestAnswer(400, json, JSON.stringify([{ errorCode: 'E'.repeat(10_000), message: 'm'.repeat(10_000) }]));
  expect([failure.code.length, failure.message.length]).toEqual([80, 500]);
});

it('keeps how long Salesforce asks to wait', () => {
  expect(classifyRestAnswer(503, html, '', 7_000).retryAfterMs).toBe(7_000);
});
