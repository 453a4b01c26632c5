import type { Facts } from '../contract.ts'
import { contradictionOf, interfaceNames } from '../kernel/snapshot.ts'
import type { HostFacts } from '../stages/stamp.ts'
import type { GivenSnapshot } from './plan.ts'

/** What a snapshot says of the host of an input. It holds as long as no header there names another host. */
export interface KnownHost {
  readonly facts: HostFacts
  readonly isSelf: boolean
  /** A sentence: what is assumed where an interface got its name by its index alone. Undefined: the name is sure. */
  readonly assumption: string | undefined
  /** A sentence: why the facts of a header are not of this host. Undefined: they may be. */
  contradiction(facts: Facts): string | undefined
}

const ONE_NAMESPACE =
  'interface indexes without a network namespace were taken for those of the namespace of the snapshot: not all processes of its host could be looked at'

export function knownHost({ snapshot, isSelf }: GivenSnapshot): KnownHost {
  const { name, kernel } = snapshot.host
  return {
    facts: { name, kernel, interfaceName: interfaceNames(snapshot) },
    isSelf,
    assumption: snapshot.network_namespace?.is_alone === true ? undefined : ONE_NAMESPACE,
    contradiction: (facts) => contradictionOf(snapshot, facts),
  }
}
