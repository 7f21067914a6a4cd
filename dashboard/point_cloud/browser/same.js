// Whether two lists hold the same values in the same order: how a part finds out that none of its
// inputs has changed. Objects are compared by identity.

export function same(before, now) {
  return before?.length === now.length && now.every((value, at) => Object.is(value, before[at]))
}
