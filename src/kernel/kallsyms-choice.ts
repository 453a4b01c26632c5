// Which symbols of /proc/kallsyms a snapshot keeps.
import { GAP } from './kallsyms.ts'

/** `network`: functions that handle packets. `all`: every function. */
export type KallsymsChoice = 'all' | 'network'

/** The beginnings of names of functions that drop packets, or call those that do. */
const WORDS = `skb kfree consume sock sk inet inet6 inetdev addrconf ip ip4 ip6 ipv4 ipv6 ipmr ip6mr tcp udp udp4 udp6
  udplite icmp igmp mld ndisc arp neigh fib fib6 rt rt6 rtnl rtnetlink net netif netdev dev eth napi gro qdisc sch tc
  tcf nf nft nfnetlink ctnetlink xt ipt ip6t ebt br bond team vlan macvlan ipvlan tun tap veth vxlan geneve gre gre6
  ip6gre ipip sit tunnel lwtunnel xfrm pfkey esp esp6 ah6 packet unix netlink raw raw6 ping sctp mptcp l2tp ppp pppoe
  can llc wg virtio virtqueue virtnet vsock vhost xdp bpf dst flow ieee80211 ovs mpls seg6 tipc softirq process enqueue
  do free_old_xmit cgroup text stext etext`

const NAME = new RegExp(`^_*(?:${WORDS.split(/\s+/).join('|')})(?:v[46])?(?:[_.]|$)`)

/**
 * The lines of functions in a text of kallsyms (latin1), in ascending order. Where a function is left out, a gap says
 * so: an address must not get the name of the function before it.
 */
export function chosenKallsyms(text: string, choice: KallsymsChoice): string {
  const lines = text.split('\n').filter((line) => /^[0-9a-f]{16} [tTwW] \S/.test(line) && !line.startsWith(NOWHERE))
  // Addresses of 16 digits sort as texts do.
  lines.sort()
  let chosen = ''
  let isGap = true
  for (let at = 0; at < lines.length; ) {
    const address = lines[at]?.slice(0, 16) ?? ''
    let end = at
    let kept = ''
    for (; end < lines.length && lines[end]?.startsWith(address) === true; end++) {
      const line = lines[end] ?? ''
      if (choice === 'all' || NAME.test(line.slice(19).split('\t', 1)[0] ?? '')) kept += `${line}\n`
    }
    if (kept === '' && !isGap) chosen += `${address} ${GAP} gap\n`
    chosen += kept
    isGap = kept === ''
    at = end
  }
  return chosen
}

/** What /proc/kallsyms shows to users who may not see addresses. */
const NOWHERE = '0000000000000000'
