import type { Texts } from './sections.ts';

export const en = {
  app: {
    name: 'Tributary', skip: 'Skip to content', menu: 'Menu', mainNavigation: 'Main', closeMenu: 'Close menu', theme: 'Appearance', themeLight: 'Light', themeDark: 'Dark', themeSystem: 'Like the system',
    language: 'Language', signOut: 'Sign out', signedInAs: 'Signed in as {name}', account: 'Account and settings', offline: 'You are offline. What you see is the last state we read.', away: 'Live updates are interrupted. The page asks every 5 seconds instead.',
    palette: 'Go to …', paletteHint: 'Search pages and actions', paletteEmpty: 'Nothing matches.', shortcuts: 'Keyboard shortcuts', close: 'Close', connection: 'Connection', chooseConnection: 'Choose a connection', addConnection: 'Connect another org', allConnections: 'All connections',
    groupPages: 'Pages', groupActions: 'Actions', openPalette: 'Open the palette', goPipeline: 'Go to the pipeline', goConnection: 'Go to the connection', goMetrics: 'Go to the metrics', goSettings: 'Go to the workspace', toggleTheme: 'Switch light and dark', showShortcuts: 'Show this list', demo: 'Demo',
  },
  nav: { pipeline: 'Pipeline', connection: 'Connection', data: 'Data', deletions: 'Deletions', schedule: 'Schedule', budget: 'API budget', calls: 'Calls to Salesforce', connections: 'Connections', metrics: 'Metrics', sync: 'First sync', records: 'Records', settings: 'Workspace', doctor: 'Check', jwt: 'Access without a person', help: 'Did Salesforce show an error?', join: 'Invitation' },
  notFound: { title: 'There is no such page', text: 'The address may be mistyped, or the page has moved.', home: 'Go to the start' },
  problem: {
    title: 'This did not work', retry: 'Try again', reference: 'Reference {id}', details: 'Details', code: 'Code',
    codes: {
      OFFLINE: { what: 'Your device has no network.', action: 'It goes on by itself as soon as you are online.' },
      SERVER_UNREACHABLE: { what: 'Tributary does not answer at the moment.', action: 'We keep trying. If it lasts, tell whoever runs this installation.' },
      ANSWER_INVALID: { what: 'The answer has a shape this page does not know.', action: 'Reload the page; a newer version may have been installed.' },
      UNEXPECTED: { what: 'Something unexpected happened on this page.', action: 'Reload the page.' },
      DATASET_NOT_READY: { what: 'There are no figures yet: the first objects are still being copied.', action: 'They appear here by themselves.' },
    },
    fallback: { what: 'The server refused the request.', action: 'Try again, or give the reference to whoever runs this installation.' },
  },
  coverage: { complete: 'Complete', loading: 'Loading', partial: 'Partial', stale: 'Out of date', unknown: 'Unknown',
    completeText: 'Every record at the source is in the copy; the counts agree.', loadingText: 'The copy is being filled. The figure grows until it is complete.', partialText: 'Something is missing; the reason is below.', staleText: 'The copy is older than it should be.', unknownText: 'Completeness could not be proven.',
    rows: '{stored} of {source} records', rowsOnly: '{stored} records', asOf: 'as of {time}', noAsOf: 'not read yet', objects: 'Objects used' },
  figure: { definition: 'How is {label} defined?', formula: 'Formula', timeField: 'Period by', version: 'Definition {n}', period: 'Period', zone: 'Time zone', engine: 'Answered by {engine} in {ms} ms', soql: 'The same in SOQL', drill: 'Show the records behind {label}', asOf: 'As of {time}', asOfNow: 'As of just now', numerator: '{n} of {d}', why: { denominator_zero: 'nothing closed in the period', no_rows: 'no deals', unknown: 'no value' }, table: 'Show as table', chart: 'Show as chart', previous: '{period}: {value}', notes: 'Notes', updating: 'Updating' },
  pipeline: {
    title: 'Pipeline', filters: 'Filters', owner: 'Owner', allOwners: 'Everyone', stage: 'Stage', allStages: 'All stages', period: 'Period', calendar: 'Calendar', fiscal: 'Fiscal', gregorian: 'Calendar', reset: 'Clear filters', openSection: 'Open now', openHint: 'All open deals, whatever their close date', resultSection: 'Results', resultHint: 'Closed or created in the period',
    periods: { 'this-month': 'This month', 'last-month': 'Last month', 'this-quarter': 'This quarter', 'last-quarter': 'Last quarter', 'this-year': 'This year', 'last-year': 'Last year' },
    periodsFiscal: { 'this-month': 'This fiscal month', 'last-month': 'Last fiscal month', 'this-quarter': 'This fiscal quarter', 'last-quarter': 'Last fiscal quarter', 'this-year': 'This fiscal year', 'last-year': 'Last fiscal year' },
    tiles: { open: 'Open pipeline', weighted: 'Weighted pipeline', overdue: 'Overdue', bookings: 'Bookings', winRate: 'Win rate', byCount: 'by count', byAmount: 'by amount', dealSize: 'Average deal', cycle: 'Sales cycle', created: 'Pipeline created' },
    deals: 'no deals | one deal | {n} deals', days: 'days, median', dealMean: 'mean of won deals', weightedOf: '{percent} of open pipeline', overdueOf: '{percent} of open pipeline', none: 'none', overdueNone: 'No open deal is past its close date', 
    byStage: 'Open pipeline by stage', byOwner: 'Open pipeline by owner', trend: 'Bookings and pipeline created', byMonth: 'By month', byQuarter: 'By quarter', winByOwner: 'Win rate by owner', amount: 'Amount', weighted: 'Weighted', count: 'Deals', other: 'Other ({n})', running: 'still running',
    dealTable: 'Open deals', deal: 'Deal', closeDate: 'Close date', largest: 'Largest first', all: 'See all {n} deals', empty: 'No open deals match these filters.', emptyAction: 'Clear the filters to see every deal.', notReady: 'The first figures are on their way', notReadyText: 'They appear here as soon as the first deals are copied, usually within seconds.', watch: 'Watch the first sync', chartKeys: 'Use the arrow keys to move through the chart, Enter to see the records.', won: 'won', lost: 'lost', ratio: 'Rate', asOfAll: 'Data as of {time}',
    updated: 'The figures were updated.', partialBanner: 'These figures are not complete yet.', staleBanner: 'These figures stand still.', sample: 'n = {n}', closed: 'Closed',
  },
  records: {
    title: 'Records', titleOf: '{object} records', total: 'no records | one record | {n} records', sum: 'Sum', equals: 'equals the figure you came from', differs: 'The figure you came from was {value}. Data has changed since; reload the board to compare.', openIn: 'Open in Salesforce', openRecord: 'Open {name} in Salesforce', sortBy: 'Sort by {column}', ascending: 'ascending', descending: 'descending', loadingMore: 'Loading more records', empty: 'No record matches.', emptyAction: 'The filter may be too narrow, or the records have changed since.', back: 'Back to the board', loaded: '{loaded} of {total} loaded', filteredBy: 'Records behind one figure', all: 'All records in the copy', yes: 'Yes', no: 'No', table: 'Records of {object}',
  },
  connections: {
    title: 'Connections', lead: 'Each connection is one person’s approval for one org.', add: 'Connect an org', empty: 'No connection yet', emptyText: 'Connect an org to see your first board in a few seconds.', open: 'Open {name}', lastSync: 'Last sync', never: 'not yet', board: 'Open board', manage: 'Manage', by: 'as {name}', sharedBy: 'shared by {name}', onlyYou: 'only you', everybody: 'everybody', viewer: 'Connecting an org needs the role of an analyst or owner.', emptyViewer: 'Nothing has been shared with you yet. Ask somebody in the workspace to share a connection.',
    kinds: { production: 'Production', sandbox: 'Sandbox', developer: 'Developer', unknown: 'Org' },
  },
  state: {
    pending_consent: 'Waiting for approval', exchanging: 'Connecting', active: 'Connected', refreshing: 'Renewing access', refresh_uncertain: 'Checking access', degraded: 'Retrying', held: 'On hold', needs_admin: 'Admin needed', needs_reconsent: 'Reconnect needed', paused: 'Paused', disconnecting: 'Disconnecting', disconnected: 'Disconnected', purged: 'Erased',
    text: {
      pending_consent: 'The approval at Salesforce has been started but not finished.', exchanging: 'Salesforce has approved; the access is being stored.', active: 'Access works. Data is read on schedule.', refreshing: 'A new access token is being fetched. Nothing to do.', refresh_uncertain: 'An answer of Salesforce was lost on the way. We find out whether access still works.', degraded: 'Salesforce answers unreliably. We keep trying; the data stays.', held: 'Salesforce allows no work at the moment. It goes on by itself.', needs_admin: 'An admin of the org has to change something. The data stays as it was.', needs_reconsent: 'The access has ended. Reconnect to go on; id, selection and history are kept.', paused: 'Nobody reads from Salesforce until you resume.', disconnecting: 'The access is being given back.', disconnected: 'The access was given back. The copy is frozen.', purged: 'The access was given back and every record was erased.',
    },
    since: 'since {time}',
  },
  run: { running: 'Running', complete: 'Complete', partial: 'Partial', failed: 'Failed' },
  sync: {
    title: 'First sync', titleAgain: 'Sync', lead: 'You can close this page; the copy goes on.', overall: 'Overall', rows: '{done} of {total} rows', rowsOpen: '{done} rows', estimate: 'Estimated: {rows} rows, {size}, {calls} API calls, {time}.', estimateRange: '{from} to {to}', estimateNone: 'Salesforce gives no counts, so nobody can tell beforehand what this takes.', estimateUncounted: 'Every object is counted. | Salesforce gives no count of {names}; it comes on top. | Salesforce gives no count of {n} objects ({names}, …); they come on top.', took: 'It took {rows} rows, {size}, {calls} API calls, {time}.', perSecond: '{n} rows/s', left: 'about {from} – {to} left', leftOne: 'about {to} left', objectsDone: '{done} of {total} objects', board: 'Open first board', boardIn: 'First board in about {duration}', boardSoon: 'First board in a moment', boardReady: 'First board ready', calls: 'no API calls | one API call | {n} API calls',
    status: { waiting: 'Waiting', counting: 'Counting', extracting: 'Reading', merging: 'Storing', complete: 'Complete', partial: 'Partial', failed: 'Failed' },
    done: 'The copy is complete', doneText: 'Every object was counted at Salesforce and in the copy; the counts agree.', partial: 'The copy is not complete', partialText: 'Some objects could not be read completely. The reasons are below; everything else can be used.', failed: 'The sync did not get through', failedText: 'What was stored stays. The next run goes on from there.', receipts: 'Receipts', receiptsHint: 'One line per object: what Salesforce has, what was read, what is stored.', waiting: 'The first run is being opened', waitingText: 'Salesforce is asked what this connection may read.', announce: '{object}: {status}', overallAnnounce: '{percent} of the rows are copied', elapsed: 'running for {duration}', live: 'Live',
    receipt: { object: 'Object', source: 'At Salesforce', job: 'By the job', read: 'Read', inserted: 'New', updated: 'Changed', unchanged: 'Unchanged', tombstones: 'Deleted', calls: 'API calls', result: 'Result', agree: 'Agrees', differ: 'Differs', windows: 'no windows | one window | {n} windows', pages: 'no pages | in one page | in {n} pages', twice: 'none twice | one twice | {n} twice', unknown: 'not counted' },
  },
};

/** Shape every language has. */
export type Messages = Texts<typeof en>;
