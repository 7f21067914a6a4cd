// Whether two lists hold the same values in the same order: how a part finds out that nothing it is
// made from has changed. Objects are the same where they are one object.

export function same(before, now) {
  return before?.length === now.length && now.every((value, at) => Object.is(value, before[at]))
}
