import { InvalidInput } from '@tributary/failures';

export function tooManyGroups(limit: number): InvalidInput {
  return new InvalidInput('query.too_many_groups', `The question has more than ${limit} groups, too many to order by a rate or a median.`, { action: 'Order by an amount or a count, or use fewer dimensions.' });
}
