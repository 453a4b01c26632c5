import { UsageError } from '../errors.ts'
import { readSnapshot } from '../kernel/snapshot.ts'
import { readGiven } from '../run/given-file.ts'
import type { GivenSnapshot } from '../run/known-host.ts'
import { takeSnapshot } from '../snapshot/take.ts'
import { shellWord } from '../text/printable.ts'
import type { Io } from './io.ts'
import { ownMachine } from './snapshot.ts'

/** `--snapshot FILE`, or `self`: this host, at this moment. Throws UsageError for a file that is no snapshot, and InputError. */
export async function givenSnapshot(name: string, { stdin, env, version }: Io): Promise<GivenSnapshot> {
  if (name === 'self') {
    return { snapshot: takeSnapshot(ownMachine(env), { takenBy: `tracenorm ${version}`, tools: true }), isSelf: true }
  }
  const read = readSnapshot((await readGiven('--snapshot', name, stdin)).toString('utf8'))
  if ('refused' in read)
    throw new UsageError(
      `--snapshot ${shellWord(name)}: ${read.refused}`,
      '"tracenorm snapshot -o FILE" writes one, on the capturing host',
    )
  return { snapshot: read.snapshot, isSelf: false }
}
