/** The sales process of the simulated org. */
export interface Stage {
  readonly name: string;
  readonly probability: number;
  readonly category: 'Omitted' | 'Pipeline' | 'BestCase' | 'MostLikely' | 'Forecast' | 'Closed';
  readonly categoryName: string;
  readonly isClosed: boolean;
  readonly isWon: boolean;
}

const open = (name: string, probability: number, category: Stage['category'], categoryName: string): Stage => ({ name, probability, category, categoryName, isClosed: false, isWon: false });

export const stages: readonly Stage[] = [
  open('Prospecting', 10, 'Pipeline', 'Pipeline'),
  open('Qualification', 20, 'Pipeline', 'Pipeline'),
  open('Needs Analysis', 35, 'Pipeline', 'Pipeline'),
  open('Value Proposition', 50, 'BestCase', 'Best Case'),
  open('Proposal/Price Quote', 65, 'BestCase', 'Best Case'),
  open('Negotiation/Review', 80, 'Forecast', 'Commit'),
  open('Verbal Agreement', 90, 'MostLikely', 'Most Likely'),
  { name: 'Closed Won', probability: 100, category: 'Closed', categoryName: 'Closed', isClosed: true, isWon: true },
  { name: 'Closed Lost', probability: 0, category: 'Omitted', categoryName: 'Omitted', isClosed: true, isWon: false },
];

/** Stages a deal goes through while it is open, first to last. */
export const openStages: readonly Stage[] = stages.filter(({ isClosed }) => !isClosed);

const byName = new Map(stages.map((stage) => [stage.name, stage]));

export function stageNamed(name: string): Stage | undefined {
  return byName.get(name);
}
