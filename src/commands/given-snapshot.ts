import { UsageError } from '../errors.ts'
import { readSnapshot } from '../kernel/snapshot.ts'
import { readGiven } from '../run/given-file.ts'
import type { GivenSnapshot } from '../run/plan.ts'
import { takeSnapshot } from '../snapshot/take.ts'
import { shellWord } from '../text/printable.ts'
import type { Io } from './io.ts'
import { ownMachine } from './snapshot.ts'

/** All symbols of a kernel are most of it: some 4 MiB. Without them it has some 10 KiB. */
const MOST_OF_SNAPSHOT = 16 * 2 ** 20

/**
 * `--snapshot FILE`, or `self` for this host at this moment. Throws UsageError for a file that is not a snapshot, and
 * InputError.
 */
export async function givenSnapshot(name: string, { stdin, env, version }: Io): Promise<GivenSnapshot> {
  if (name === 'self') {
    return { snapshot: takeSnapshot(ownMachine(env), { takenBy: `tracenorm ${version}`, tools: true }), isSelf: true }
  }
  const read = readSnapshot((await readGiven('--snapshot', name, MOST_OF_SNAPSHOT, stdin)).toString('utf8'))
  if ('refused' in read)
    throw new UsageError(
      `--snapshot ${shellWord(name)}: ${read.refused}`,
      '"tracenorm snapshot -o FILE" writes one, on the capturing host',
    )
  return { snapshot: read.snapshot, isSelf: false }
}
