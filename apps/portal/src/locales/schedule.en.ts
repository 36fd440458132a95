export const scheduleEn = {
  lead: 'How often each object is read, and which comes first when calls are few.', budgetLead: 'Salesforce gives an org a number of API calls in 24 hours, for all its tools together. Tributary takes a share and leaves the rest alone.',
  others: 'Only {name}, who consented to this connection, can change this.',
  whole: 'The connection', wholeText: 'Holds for every object that says nothing else. Setup such as stages or roles changes seldom and is read less often.', interval: 'Read every', usual: 'As usual here ({interval})',
  perObject: 'Objects', perObjectText: 'In the order in which they are read. A paused object keeps its rows and is not brought up to date.', search: 'Search objects', noObjects: 'No objects have been chosen yet.', nothingFound: 'No object matches.', more: 'Show {n} more',
  object: 'Object', inherited: '{interval}, as usual', intervalOf: 'How often {label} is read', order: 'Order', orderOf: 'Order of {label}', priority: { first: 'First', normal: 'Normal', last: 'Last' }, pausedHead: 'Paused', lastRead: 'Last read', neverRead: 'not yet',
  forecast: 'Forecast', callsPerDay: 'no API calls a day | about 1 API call a day | about {n} API calls a day', runsPerDay: '{runs} syncs a day with {calls} calls each',
  verdict: {
    unknown: 'Salesforce has not told yet how many calls the org has. The first sync asks.', fits: 'That fits: {left} of the {room} calls within your limit stay free.',
    tight: 'That just fits: only {left} of {room} calls stay free. On a day with many changes the sync has to wait.', refused: 'That is too much: only {room} calls a day are left within your limit. Choose longer intervals, pause objects, or raise the limit.',
  },
  forecastBasis: 'Estimated for a day of usual changes, beside what others used in the last 24 hours.', save: 'Save', forget: 'Undo changes', unchanged: 'Nothing changed.', notYet: 'Not saved yet', see: 'Forecast', saved: 'Saved. It holds from the next sync.',
  usage: 'API calls in the last 24 hours', usageText: '{used} of {limit} used', usageNone: 'Not known yet', usageNoneText: 'Salesforce tells it with the answers of the first sync.',
  part: { own: 'Tributary', others: 'Others', room: 'Left for Tributary', reserve: 'Kept free' }, partText: { own: 'calls we made, each in the list', others: 'all other tools and people', room: 'until we reach your limit', reserve: 'we do not touch these' },
  limits: 'How much Tributary may take', limitsText: 'When a limit is reached, the sync waits and says until when. It never counts as done.',
  total: 'Stop when this much of the day is used', totalText: 'Whoever used them: at {ceiling} calls Tributary stops; {rest} stay for others.', totalUnknown: 'Whoever used them. The rest stays for others.',
  run: 'At most in one sync', runText: '{calls} calls; what is left over comes with the next sync.', runUnknown: 'What is left over comes with the next sync.',
  budgetHow: 'The counts are Salesforce’s own, as every answer tells them.', seeCalls: 'See every call',
  events: {
    title: 'Change events', text: 'Where the org has Change Data Capture, Salesforce says what changed, and those objects are read within seconds instead of at the next interval. The schedule above goes on either way.', use: 'Read changes as soon as Salesforce tells of them',
    state: { off: 'Off', connecting: 'Connecting', following: 'In use', 'fallen-back': 'Not in use for now' },
    needs: 'An admin chooses the objects at Salesforce under Setup, Change Data Capture; your user needs View All for them.', noneYet: 'Nothing has changed at Salesforce since.', heard: 'no changes told of | 1 change told of, {time} | {n} changes told of, the last one {time}',
    cause: {
      interrupted: 'The line to Salesforce was interrupted; it comes back by itself.', 'allocation-used-up': 'The org has used up its change events of the day.', 'not-offered': 'The org has no Change Data Capture, or your user may not use it.',
      paused: 'The connection is paused.', 'consent-required': 'The connection waits until it is connected again.',
    },
    again: 'It is tried again at {time}.', turnedOn: 'Switched on.', turnedOff: 'Switched off. The schedule reads alone.',
  },
  hold: {
    title: 'Reading waits', reserved: 'The org has used so many of its API calls that the rest is kept for other tools.', run: 'The last sync made as many API calls as one sync may make. The next one goes on from there.', daily: 'The org has used all its API calls of 24 hours; Salesforce answers nobody for now.',
    until: 'It goes on by itself {left}, at {time}.', soon: 'It goes on by itself any moment.', open: 'See the API budget',
  },
};
