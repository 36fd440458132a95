export const metricsEn = {
  title: 'Metrics', lead: 'Every figure in Tributary comes from one of these definitions. An id never changes its meaning: a changed definition gets a new version.', search: 'Find a metric', none: 'No metric matches.', formula: 'Formula', time: 'Period by', needs: 'Needs', dimensions: 'Group by', trap: 'Mistake made elsewhere', version: 'Version {n}', units: { money: 'Money', count: 'Count', ratio: 'Ratio', days: 'Days' },
};
