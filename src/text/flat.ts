/**
 * The same latin1 text in one piece of its own. A text that was joined is a tree, walked again at each use; a slice keeps all of what it was cut
 * from.
 */
export function flat(latin1Text: string): string {
  return Buffer.from(latin1Text, 'latin1').toString('latin1')
}
